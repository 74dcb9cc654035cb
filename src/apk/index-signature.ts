import {verify} from 'node:crypto'
import {inflateRawSync} from 'node:zlib'
import {type BodyWriter, TarWalker} from '../archive/tar.js'
import {ApkError} from '../model/errors.js'
import type {SigningKey, SigningKeys} from './signing-keys.js'

/** What the member names call the hash that is signed. */
const algorithms: Readonly<Record<string, string>> = {RSA: 'sha1', RSA256: 'sha256', RSA512: 'sha512'}

/** The signatures of one index: one of 512 bytes is usual. */
const signaturePartBytes = 64 * 1024
const mostSignatures = 16
/** Checksum and size, at the end of a gzip member. */
const trailerBytes = 8

interface Signature {
  readonly algorithm: string
  readonly keyName: string
  readonly bytes: Uint8Array
}

/**
 * Verifies `APKINDEX.tar.gz`: its first gzip member holds signatures, each named after the key that made it, of the
 * bytes of all that follows.
 * @returns the key that one of them was made with
 * @throws {ApkError} APK_BAD_SIGNATURE where none is by a known key, or one by a known key does not fit
 * @see apk-tools, doc/apk-v2.5.scd "Signature"
 */
export function verifyIndex(bytes: Uint8Array, keys: SigningKeys, where: string): SigningKey {
  const {content, end} = firstMember(bytes, where)
  const found = readSignatures(content, where)
  for (const {algorithm, keyName, bytes: signature} of found) {
    const known = keys.get(keyName)
    if (known === undefined) continue
    if (verify(algorithm, bytes.subarray(end), known.key, signature)) return known
    throw bad(where, `its signature with ${keyName} does not fit its content`)
  }
  const names = found.map(({keyName}) => keyName).join(', ')
  throw bad(where, names === '' ? 'it is not signed' : `it is signed with ${names}, which is no key of Alpine`)
}

/** The first gzip member, inflated, and where the second begins. RFC 1952, 2.3 */
function firstMember(bytes: Uint8Array, where: string): {readonly content: Uint8Array; readonly end: number} {
  const flags = bytes[3] ?? 0
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) throw bad(where, 'it is not gzip')
  let at = 10
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = bytes.indexOf(0, at) + 1 || bytes.length
  if ((flags & 2) !== 0) at += 2
  try {
    // The types of Node do not know that `info` asks for the engine too, which tells how much it has read.
    const options = {info: true, maxOutputLength: signaturePartBytes} as object
    const {buffer, engine} = inflateRawSync(bytes.subarray(at), options) as unknown as Inflated
    return {content: buffer, end: at + engine.bytesWritten + trailerBytes}
  } catch {
    throw bad(where, 'it does not begin with a signature')
  }
}

interface Inflated {
  readonly buffer: Uint8Array
  readonly engine: {readonly bytesWritten: number}
}

function readSignatures(tar: Uint8Array, where: string): Signature[] {
  const found: Signature[] = []
  const walker = new TarWalker(
    {
      member({name, size}) {
        const [, kind = '', keyName = ''] = /^\.SIGN\.(RSA|RSA256|RSA512)\.([\w@.+-]{1,200})$/.exec(name) ?? []
        const algorithm = algorithms[kind]
        if (algorithm === undefined || size > signaturePartBytes || found.length >= mostSignatures) return null
        const bytes = new Uint8Array(size)
        found.push({algorithm, keyName, bytes})
        return into(bytes)
      },
    },
    where,
  )
  walker.push(tar)
  return found
}

function into(bytes: Uint8Array): BodyWriter {
  let filled = 0
  return {
    limit: bytes.length,
    write(chunk) {
      bytes.set(chunk, filled)
      filled += chunk.length
    },
    end() {
      // As many bytes as the header stated have come.
    },
  }
}

function bad(where: string, why: string): ApkError {
  return new ApkError('APK_BAD_SIGNATURE', `${where} cannot be trusted: ${why}`, {
    hint: 'Fetch it again, from another mirror if need be.',
  })
}
