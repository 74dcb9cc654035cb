import type {Brand} from './brand.js'
import {ImageError} from './errors.js'

/** `algorithm:hex` of bytes as sent, OCI image specification, descriptor.md "Digests". */
export type Digest = Brand<string, 'Digest'>

/** Digest of a layer's uncompressed tar, from `rootfs.diff_ids` of the image configuration. */
export type DiffID = Digest & Brand<string, 'DiffID'>

const hexLength: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha512', 128],
])

/**
 * @param where named in the error: `layer 3 of app.tar`
 * @throws {ImageError} IMAGE_BAD_DIGEST for anything but `sha256:` or `sha512:` and lower-case hex of that length
 */
export function parseDigest(text: unknown, where: string): Digest {
  if (typeof text === 'string') {
    const colon = text.indexOf(':')
    const hex = text.slice(colon + 1)
    if (colon > 0 && hex.length === hexLength.get(text.slice(0, colon)) && /^[0-9a-f]+$/.test(hex))
      return text as Digest
  }
  throw new ImageError('IMAGE_BAD_DIGEST', `${where}: ${JSON.stringify(text)?.slice(0, 100)} is not a digest`, {
    hint: 'A digest is sha256: and 64 lower-case hexadecimal digits.',
  })
}

/** As {@link parseDigest}, for a layer's uncompressed bytes. */
export function parseDiffID(text: unknown, where: string): DiffID {
  return parseDigest(text, where) as DiffID
}

/** The two halves of a digest. */
export function splitDigest(digest: Digest): {readonly algorithm: string; readonly hex: string} {
  const colon = digest.indexOf(':')
  return {algorithm: digest.slice(0, colon), hex: digest.slice(colon + 1)}
}
