import {ArchiveError} from '../model/errors.js'
import {decodeName, latin1} from './names.js'

export const blockBytes = 512

/** One 512-byte header, as it stands: names are bytes, the type is its character. */
export interface TarHeader {
  /** `0` file, `1` hard link, `2` symlink, … `x` PAX, `L` GNU long name; NUL, in old archives, a file or a folder. */
  readonly flag: string
  readonly name: string
  readonly linkName: string
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** POSIX, GNU or older; decides what bytes 345 to 500 mean. */
  readonly format: 'ustar' | 'gnu' | 'star' | 'v7'
}

/** Is the whole block zero? Two of them end an archive. */
export function isZeroBlock(block: Uint8Array, at: number): boolean {
  for (let i = at; i < at + blockBytes; i++) if (block[i] !== 0) return false
  return true
}

/** Does a tar header begin at `at`: is its checksum right? Sums of signed and of unsigned bytes are both in use. */
export function hasTarChecksum(bytes: Uint8Array, at = 0): boolean {
  if (bytes.length - at < blockBytes) return false
  // The checksum's own eight bytes count as blanks.
  const unsigned = sumOf(bytes, at, at + 148) + 8 * 0x20 + sumOf(bytes, at + 156, at + blockBytes)
  const stated = octal(bytes, at + 148, 8)
  return stated !== null && (stated === unsigned || stated === unsigned - 0x100 * highBytes(bytes, at))
}

function sumOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += bytes[i] as number
  return sum
}

/** Bytes of a header that are negative as signed ones. */
function highBytes(bytes: Uint8Array, at: number): number {
  let count = 0
  for (let i = at; i < at + blockBytes; i++)
    if ((i < at + 148 || i >= at + 156) && (bytes[i] as number) >= 0x80) count++
  return count
}

/**
 * Reads the header at `at`, which has a whole block.
 * @throws {ArchiveError} ARCHIVE_BAD_HEADER for a wrong checksum, or a size that is negative or no number
 * @see POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"
 */
export function parseTarHeader(bytes: Uint8Array, at: number, where: () => string): TarHeader {
  if (!hasTarChecksum(bytes, at)) {
    throw new ArchiveError('ARCHIVE_BAD_HEADER', `${where()}: the tar header has a wrong checksum`, damaged)
  }
  const flag = String.fromCharCode(bytes[at + 156] as number)
  const size = numeric(bytes, at + 124, 12)
  if (size === null || size < 0) {
    throw new ArchiveError('ARCHIVE_BAD_HEADER', `${where()}: the tar header states an impossible size`, damaged)
  }
  const format = formatOf(bytes, at)
  const prefix = format === 'ustar' ? field(bytes, at + 345, 155) : format === 'star' ? field(bytes, at + 345, 131) : ''
  const name = field(bytes, at, 100)
  return {
    flag,
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: field(bytes, at + 157, 100),
    size,
    mode: (numeric(bytes, at + 100, 8) ?? 0) & 0o7777,
    uid: numeric(bytes, at + 108, 8) ?? 0,
    gid: numeric(bytes, at + 116, 8) ?? 0,
    format,
  }
}

export const damaged = {hint: 'The archive is damaged, or not a tar archive. Save or pull it again.'} as const

function formatOf(bytes: Uint8Array, at: number): TarHeader['format'] {
  const magic = latin1(bytes, at + 257, at + 265)
  if (magic === 'ustar  \0') return 'gnu'
  if (!magic.startsWith('ustar\0')) return 'v7'
  return latin1(bytes, at + 508, at + 512) === 'tar\0' ? 'star' : 'ustar'
}

/** A NUL-terminated field as text. */
function field(bytes: Uint8Array, at: number, length: number): string {
  let end = at
  while (end < at + length && bytes[end] !== 0) end++
  return end === at ? '' : decodeName(bytes.subarray(at, end))
}

/** Octal digits or, with the top bit set, a big-endian two's complement number; null for neither or beyond 2^53. */
export function numeric(bytes: Uint8Array, at: number, length: number): number | null {
  const first = bytes[at] as number
  if ((first & 0x80) === 0) return octal(bytes, at, length)
  const negative = (first & 0x40) !== 0
  let value = negative ? (first | 0x80) - 0x100 : first & 0x7f
  for (let i = at + 1; i < at + length; i++) value = value * 256 + (bytes[i] as number)
  return Number.isSafeInteger(value) ? value : null
}

/** Octal digits between blanks or NULs; an empty field is 0; null for anything else. */
function octal(bytes: Uint8Array, at: number, length: number): number | null {
  let i = at
  const end = at + length
  while (i < end && (bytes[i] === 0x20 || bytes[i] === 0)) i++
  let value = 0
  for (; i < end; i++) {
    const byte = bytes[i] as number
    if (byte === 0x20 || byte === 0) break
    if (byte < 0x30 || byte > 0x37) return null
    value = value * 8 + byte - 0x30
  }
  return value
}
