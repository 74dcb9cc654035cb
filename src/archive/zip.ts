import {inflateRawSync} from 'node:zlib'
import {memorySource, sliceSource} from '../bytes/source.js'
import type {ByteSource} from '../model/bytes.js'
import {ArchiveError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {decodeName} from './names.js'

/** A file in a zip archive, as the central directory has it. */
export interface ZipEntry {
  readonly name: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly storedBytes: number
  readonly sizeBytes: number
  /** Of its local header. */
  readonly offset: number
}

const endRecord = {signature: 0x06054b50, bytes: 22}
const largeEndRecord = {signature: 0x06064b50, bytes: 56}
const largeLocator = {signature: 0x07064b50, bytes: 20}
const directoryHeader = {signature: 0x02014b50, bytes: 46}
const localHeader = {signature: 0x04034b50, bytes: 30}
/** A comment may follow the end record. */
const longestComment = 0xffff
/** Values that stand in a record of the large form instead. */
const inLargeForm = 0xffffffff

/**
 * Lists a zip archive by its central directory: nothing else is read.
 * @param where names the archive in errors
 * @throws {ArchiveError} where it has none, or one that does not fit into the file or the limits
 * @see APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3
 */
export function listZip(source: ByteSource, where: string): readonly ZipEntry[] {
  const directory = findDirectory(source, where)
  if (directory.sizeBytes > limits.zipDirectoryBytes) {
    throw new ArchiveError('ARCHIVE_LIMIT', `${where}: its directory has ${directory.sizeBytes} bytes`)
  }
  const bytes = take(source, directory.offset, directory.sizeBytes, where)
  const entries: ZipEntry[] = []
  for (let at = 0; at + directoryHeader.bytes <= bytes.length; ) {
    const view = viewOf(bytes, at)
    if (view.getUint32(0, true) !== directoryHeader.signature) break
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map(field => view.getUint16(field, true))
    const nameEnd = at + directoryHeader.bytes + (nameBytes ?? 0)
    const extraEnd = nameEnd + (extraBytes ?? 0)
    const sizes = entrySizes(view, bytes.subarray(nameEnd, extraEnd))
    entries.push({
      name: decodeName(bytes.subarray(at + directoryHeader.bytes, nameEnd)),
      method: view.getUint16(10, true),
      ...sizes,
      offset: sizes.offset + directory.shift,
    })
    at = extraEnd + (commentBytes ?? 0)
  }
  return entries
}

/**
 * The bytes of one entry.
 * @param limitBytes most that it may have, inflated
 * @throws {ArchiveError} for more than that, another compression, or bytes that are damaged
 */
export function readZipEntry(source: ByteSource, entry: ZipEntry, limitBytes: number, where: string): ByteSource {
  if (entry.sizeBytes > limitBytes || entry.storedBytes > limitBytes) {
    throw new ArchiveError('ARCHIVE_LIMIT', `${where} has ${entry.sizeBytes} bytes, more than ${limitBytes}`)
  }
  const header = viewOf(take(source, entry.offset, localHeader.bytes, where))
  if (header.getUint32(0, true) !== localHeader.signature) throw damaged(where, 'has no header')
  const start = entry.offset + localHeader.bytes + header.getUint16(26, true) + header.getUint16(28, true)
  if (entry.method === 0) return sliceSource(source, start, entry.storedBytes)
  if (entry.method !== 8) throw damaged(where, `is compressed with method ${entry.method}`)
  const stored = take(source, start, entry.storedBytes, where)
  try {
    return memorySource(inflateRawSync(stored, {maxOutputLength: Math.max(1, entry.sizeBytes)}))
  } catch (cause) {
    throw damaged(where, 'does not inflate to the size that the directory states', cause)
  }
}

/** Where the central directory is; `shift` is how far everything lies behind its stated offset. */
function findDirectory(source: ByteSource, where: string): {sizeBytes: number; offset: number; shift: number} {
  const tailBytes = Math.min(source.sizeBytes, endRecord.bytes + longestComment)
  const tailStart = source.sizeBytes - tailBytes
  const tail = take(source, tailStart, tailBytes, where)
  for (let at = tailBytes - endRecord.bytes; at >= 0; at--) {
    if (tail[at] !== 0x50 || viewOf(tail, at).getUint32(0, true) !== endRecord.signature) continue
    const view = viewOf(tail, at)
    const [sizeBytes, offset] = [view.getUint32(12, true), view.getUint32(16, true)]
    if (sizeBytes === inLargeForm || offset === inLargeForm) return largeDirectory(source, tailStart + at, where)
    // Something may stand before the archive, as the launcher of an executable jar does.
    const shift = tailStart + at - sizeBytes - offset
    if (shift < 0) throw damaged(where, 'has a directory that lies outside of it')
    return {sizeBytes, offset: offset + shift, shift}
  }
  throw damaged(where, 'has no directory')
}

function largeDirectory(source: ByteSource, endOffset: number, where: string) {
  const locator = viewOf(take(source, endOffset - largeLocator.bytes, largeLocator.bytes, where))
  if (locator.getUint32(0, true) !== largeLocator.signature) throw damaged(where, 'has no locator of its directory')
  const record = take(source, exact(locator, 8, where), largeEndRecord.bytes, where)
  const view = viewOf(record)
  if (view.getUint32(0, true) !== largeEndRecord.signature) throw damaged(where, 'has no record of its directory')
  return {sizeBytes: exact(view, 40, where), offset: exact(view, 48, where), shift: 0}
}

/** Sizes and offset; each that does not fit stands in the extra field 1, in this order. */
function entrySizes(view: DataView, extra: Uint8Array): {sizeBytes: number; storedBytes: number; offset: number} {
  const values = {
    sizeBytes: view.getUint32(24, true),
    storedBytes: view.getUint32(20, true),
    offset: view.getUint32(42, true),
  }
  const large = extraField(extra, 1)
  let at = 0
  for (const key of ['sizeBytes', 'storedBytes', 'offset'] as const) {
    if (values[key] !== inLargeForm || at + 8 > large.length) continue
    values[key] = Number(viewOf(large, at).getBigUint64(0, true))
    at += 8
  }
  return values
}

function extraField(extra: Uint8Array, wanted: number): Uint8Array {
  for (let at = 0; at + 4 <= extra.length; ) {
    const view = viewOf(extra, at)
    const end = at + 4 + view.getUint16(2, true)
    if (view.getUint16(0, true) === wanted) return extra.subarray(at + 4, end)
    at = end
  }
  return new Uint8Array(0)
}

function take(source: ByteSource, offset: number, length: number, where: string): Uint8Array {
  // Written so that NaN fails, and no sum can overflow.
  if (!(offset >= 0 && length >= 0 && length <= source.sizeBytes - offset)) {
    throw new ArchiveError(
      'ARCHIVE_TRUNCATED',
      `${where}: ${length} bytes at ${offset} of ${source.sizeBytes} are not there`,
    )
  }
  const bytes = source.read(offset, length)
  if (bytes.length < length) throw new ArchiveError('ARCHIVE_TRUNCATED', `${where} ends after ${offset + bytes.length}`)
  return bytes
}

/** A 64-bit number that must be exact to be an offset. */
function exact(view: DataView, at: number, where: string): number {
  const value = view.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(where, `states the number ${value}`)
  return Number(value)
}

function viewOf(bytes: Uint8Array, at = 0): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at)
}

function damaged(where: string, what: string, cause?: unknown): ArchiveError {
  return new ArchiveError('ARCHIVE_BAD_HEADER', `${where} ${what}`, {cause})
}
