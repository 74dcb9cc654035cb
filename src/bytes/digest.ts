import {createHash} from 'node:crypto'
import {type Digest, splitDigest} from '../model/digest.js'
import {ImageError} from '../model/errors.js'

/**
 * Passes a stream on while hashing it.
 * @param where names the stream in the error: `layer 3 of app.tar`
 * @throws {ImageError} IMAGE_DIGEST_MISMATCH at the end, if these are not the bytes that the digest names
 */
export async function* digestChecked(
  input: AsyncIterable<Uint8Array>,
  expected: Digest,
  where: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash(splitDigest(expected).algorithm)
  for await (const chunk of input) {
    hash.update(chunk)
    yield chunk
  }
  compare(hash.digest('hex'), expected, where)
}

/** As {@link digestChecked}, for bytes that are all there. */
export function checkDigest(bytes: Uint8Array, expected: Digest, where: string): void {
  compare(createHash(splitDigest(expected).algorithm).update(bytes).digest('hex'), expected, where)
}

/** The digest by which most of the world names these bytes. */
export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

function compare(hex: string, expected: Digest, where: string): void {
  const {algorithm, hex: stated} = splitDigest(expected)
  if (hex !== stated) {
    throw new ImageError('IMAGE_DIGEST_MISMATCH', `${where} is ${algorithm}:${hex}, but it should be ${expected}`, {
      hint: 'The image is damaged or was changed. Save or pull it again.',
    })
  }
}
