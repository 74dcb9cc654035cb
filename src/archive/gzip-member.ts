import {constants, crc32, inflateRawSync} from 'node:zlib'
import type {ByteSource} from '../model/bytes.js'
import {ArchiveError} from '../model/errors.js'

/** One member of a gzip file, inflated, and where the next one begins. */
export interface GzipMember {
  readonly bytes: Uint8Array
  readonly end: number
}

/** Header fields that people may fill: file name, comment, extra. Real ones have a file name at most. */
const headerBytes = 64 * 1024

const flags = {crc: 2, extra: 4, name: 8, comment: 16} as const

/**
 * Inflates the one member that begins at `offset`. Elsewhere members are one stream; here their borders mean something.
 * @param limitBytes of the member, inflated
 * @throws {ArchiveError} ARCHIVE_BAD_COMPRESSION, or ARCHIVE_LIMIT where it inflates to more
 * @see RFC 1952
 */
export function inflateMember(file: ByteSource, offset: number, limitBytes: number, where: string): GzipMember {
  const start = bodyStart(file.read(offset, headerBytes))
  if (start === null) throw bad(where, 'no gzip header')
  const packed = file.read(offset + start, limitBytes + headerBytes)
  const {bytes, usedBytes} = inflate(packed, limitBytes, where)
  const end = offset + start + usedBytes + 8
  const trailer = Buffer.from(file.read(end - 8, 8))
  if (trailer.length < 8) throw bad(where, 'its end is missing')
  if (trailer.readUInt32LE(0) !== crc32(bytes) || trailer.readUInt32LE(4) !== bytes.length) {
    throw bad(where, 'its checksum is wrong')
  }
  return {bytes, end}
}

/** What a gzip file that begins with these bytes begins with, as far as they tell; nothing where it is no gzip file. */
export function inflateHead(head: Uint8Array): Uint8Array {
  const start = bodyStart(head)
  if (start === null) return new Uint8Array(0)
  try {
    return inflateRawSync(head.subarray(start), {finishFlush: constants.Z_SYNC_FLUSH})
  } catch {
    // Who reads it in full says what is wrong with it.
    return new Uint8Array(0)
  }
}

function inflate(packed: Uint8Array, limitBytes: number, where: string) {
  try {
    // `info` is documented, but not in the types.
    const {buffer, engine} = inflateRawSync(packed, {maxOutputLength: limitBytes, info: true}) as unknown as {
      readonly buffer: Uint8Array
      readonly engine: {readonly bytesWritten: number}
    }
    return {bytes: buffer, usedBytes: engine.bytesWritten}
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ArchiveError('ARCHIVE_LIMIT', `${where} inflates to more than ${limitBytes} bytes: refused`, {cause})
    }
    throw bad(where, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** Where the deflated bytes begin; null where the header is none, or does not end. */
function bodyStart(head: Uint8Array): number | null {
  if (head.length < 10 || head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) return null
  const has = (flag: number) => ((head[3] ?? 0) & flag) !== 0
  let at = 10
  if (has(flags.extra)) at += 2 + (head[at] ?? 0) + 256 * (head[at + 1] ?? 0)
  for (const flag of [flags.name, flags.comment]) {
    if (!has(flag)) continue
    const end = head.indexOf(0, at)
    if (end < 0) return null
    at = end + 1
  }
  if (has(flags.crc)) at += 2
  return at <= head.length ? at : null
}

function bad(where: string, why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('ARCHIVE_BAD_COMPRESSION', `${where}: the gzip stream is damaged (${why})`, {
    hint: 'Download it again.',
    cause,
  })
}
