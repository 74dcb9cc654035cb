import type {Cursor} from '../bytes/cursor.js'
import type {AddressRange, Section, Segment} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import type {AddressMap} from './addresses.js'
import {elfLimits} from './limits.js'
import type {Reader} from './reader.js'
import {SectionType} from './sections.js'
import {SegmentType} from './segments.js'

/** DW_EH_PE_*, Linux Standard Base Core 10.5: how a number is written, what it is added to. */
const Encoding = {absolute: 0, relativeToPlace: 0x10, relativeToTable: 0x30, omitted: 0xff} as const
/** Bits of an encoding: the format, and the format but for its sign. */
const formatMask = 0x0f
const unsignedMask = 0x07

/**
 * The code that FDEs describe: by the table of PT_GNU_EH_FRAME, as the unwinder does, else by the list in `.eh_frame`.
 * @returns sorted, without overlaps; null where there is neither
 * @throws {ElfError} where they contradict themselves, or are written in a way that no compiler and linker write
 * @see Linux Standard Base Core, chapters 10.5 and 10.6
 */
export function readUnwound(
  reader: Reader,
  segments: readonly Segment[],
  sections: readonly Section[],
  addresses: AddressMap,
): readonly AddressRange[] | null {
  const segment = segments.find(({type, fileBytes}) => type === SegmentType.gnuEhFrame && fileBytes > 0)
  const section = sections.find(({name, type, sizeBytes}) => {
    return name === '.eh_frame' && type !== SectionType.nobits && sizeBytes > 0
  })
  if (segment !== undefined) {
    const {frames, table} = readHeader(reader, segment)
    const place = addresses.find(frames)
    if (place === null) throw bad(reader, 'PT_GNU_EH_FRAME', 'names no address of the file')
    const most = section?.address === frames ? Math.min(section.sizeBytes, place.sizeBytes) : place.sizeBytes
    const list = new FrameList(reader, {address: frames, offset: place.offset, sizeBytes: most})
    return merge(table === null ? list.walk() : list.at(table))
  }
  return section === undefined ? null : merge(new FrameList(reader, section).walk())
}

/** `.eh_frame_hdr`: where `.eh_frame` is, and the addresses of its FDEs; null where it has no table. */
function readHeader(reader: Reader, {offset, address, fileBytes}: Segment): {frames: number; table: number[] | null} {
  const where = 'PT_GNU_EH_FRAME'
  const cursor = reader.bytes.cursor(offset, fileBytes, where)
  const version = cursor.u8()
  if (version !== 1) throw bad(reader, where, `has version ${version}`)
  const [ofFrames, ofCount, ofTable] = [cursor.u8(), cursor.u8(), cursor.u8()]
  const read = (encoding: number) => readEncoded(reader, cursor, encoding, address, address)
  const frames = read(ofFrames)
  if (ofCount === Encoding.omitted || ofTable === Encoding.omitted) return {frames, table: null}
  const count = read(ofCount)
  if (!(count <= elfLimits.unwindEntries)) throw tooMany(reader, count)
  const table: number[] = []
  while (table.length < count) {
    read(ofTable)
    table.push(read(ofTable))
  }
  return {frames, table}
}

/** The records of `.eh_frame`: CIEs, and FDEs that each describe one function in the way their CIE says. */
class FrameList {
  readonly #reader: Reader
  readonly #cursor: Cursor
  readonly #sizeBytes: number
  readonly #address: number
  /** How the addresses of FDEs are written, by the offset of their CIE. */
  readonly #encodings = new Map<number, number>()

  constructor(reader: Reader, {address, offset, sizeBytes}: Pick<Section, 'address' | 'offset' | 'sizeBytes'>) {
    this.#reader = reader
    this.#address = address
    this.#sizeBytes = Math.min(sizeBytes, elfLimits.unwindBytes)
    this.#cursor = reader.bytes.cursor(offset, this.#sizeBytes, '.eh_frame')
  }

  /** The functions of the FDEs at these addresses. */
  *at(table: readonly number[]): Generator<AddressRange> {
    for (const address of table) {
      const {id, at} = this.#enter(address - this.#address)
      if (id === 0) throw this.#bad('a table names a CIE as FDE')
      yield this.#readFunction(at - id)
    }
  }

  /** The functions of all FDEs up to the end, or to a record of no length. */
  *walk(): Generator<AddressRange> {
    let count = 0
    for (let offset = 0; offset < this.#sizeBytes; ) {
      const {id, at, end} = this.#enter(offset)
      if (at === end) return
      if (id !== 0) {
        if (++count > elfLimits.unwindEntries) throw tooMany(this.#reader, count)
        yield this.#readFunction(at - id)
      }
      offset = end
    }
  }

  /** Goes behind length and id of a record. `at` is where the id is, which says how far before it the CIE is. */
  #enter(offset: number): {readonly id: number; readonly at: number; readonly end: number} {
    this.#cursor.seek(offset)
    const length = this.#cursor.u32()
    const at = offset + 4
    if (length === 0) return {id: 0, at, end: at}
    if (!(length >= 4 && length <= this.#sizeBytes - at)) throw this.#bad(`a record at ${offset} has ${length} bytes`)
    return {id: this.#cursor.u32(), at, end: at + length}
  }

  #readFunction(cie: number): AddressRange {
    const at = this.#cursor.at
    const encoding = this.#encodings.get(cie) ?? this.#readEncoding(cie)
    this.#encodings.set(cie, encoding)
    this.#cursor.seek(at)
    const start = this.#read(encoding)
    return {start, end: start + this.#read(encoding & unsignedMask)}
  }

  /** What the CIE says of the addresses in its FDEs: the letter R of its augmentation. */
  #readEncoding(offset: number): number {
    const {id, at, end} = this.#enter(offset)
    if (id !== 0 || at === end) throw this.#bad(`no CIE at ${offset}`)
    const cursor = this.#cursor
    const version = cursor.u8()
    const augmentation = this.#readAugmentation()
    if (augmentation === '') return Encoding.absolute
    if (!augmentation.startsWith('z')) throw this.#bad(`a CIE of augmentation ${augmentation}`)
    if (version === 4) cursor.skip(2) // the sizes of addresses and segments
    this.#skipLeb() // code alignment
    this.#skipLeb() // data alignment
    if (version === 1) cursor.skip(1)
    else this.#skipLeb() // the register of the return address
    this.#skipLeb() // length of what follows
    for (const letter of augmentation.slice(1)) {
      if (letter === 'R') return cursor.u8()
      if (letter === 'L') cursor.skip(1)
      else if (letter === 'P')
        this.#read(cursor.u8() & formatMask) // the personality routine
      else if (!'SBG'.includes(letter)) throw this.#bad(`a CIE of augmentation ${augmentation}`)
    }
    return Encoding.absolute
  }

  #readAugmentation(): string {
    let text = ''
    for (let byte = this.#cursor.u8(); byte !== 0; byte = this.#cursor.u8()) {
      text += String.fromCharCode(byte)
      if (text.length > elfLimits.augmentationBytes) throw this.#bad('a CIE whose augmentation does not end')
    }
    return text
  }

  #skipLeb(): void {
    for (let count = 1; this.#cursor.u8() >= 0x80; count++) {
      if (count === 10) throw this.#bad('a number of more than 64 bits')
    }
  }

  #read(encoding: number): number {
    return readEncoded(this.#reader, this.#cursor, encoding, this.#address, null)
  }

  #bad(what: string): ElfError {
    return bad(this.#reader, '.eh_frame', what)
  }
}

/**
 * The next number of `cursor`, an address or a length.
 * @param address of the first byte of `cursor`
 * @param table what numbers "relative to data" are relative to; null where there are none
 */
function readEncoded(reader: Reader, cursor: Cursor, encoding: number, address: number, table: number | null): number {
  const place = address + cursor.at
  const value = readNumber(reader, cursor, encoding & formatMask)
  switch (encoding & ~formatMask) {
    case Encoding.absolute:
      return value
    case Encoding.relativeToPlace:
      return wrap(reader, place + value)
    case Encoding.relativeToTable:
      if (table !== null) return wrap(reader, table + value)
  }
  throw unknownEncoding(reader, encoding)
}

function readNumber(reader: Reader, cursor: Cursor, format: number): number {
  switch (format) {
    case 0x0:
      return reader.bits === 64 ? cursor.signed64() : cursor.u32()
    case 0x2:
      return cursor.u16()
    case 0x3:
      return cursor.u32()
    case 0x4:
    case 0xc:
      return cursor.signed64()
    case 0xa:
      return (cursor.u16() << 16) >> 16
    case 0xb:
      return cursor.u32() | 0
    default:
      throw unknownEncoding(reader, format)
  }
}

/** Sums of 32-bit addresses have 32 bits. */
function wrap({bits}: Reader, address: number): number {
  return bits === 64 ? address : address >>> 0
}

function merge(functions: Iterable<AddressRange>): readonly AddressRange[] {
  const known: AddressRange[] = []
  let sorted = true
  for (const range of functions) {
    const {start, end} = range
    if (!(start >= 0 && end > start && Number.isSafeInteger(end))) continue
    // The table of a linker is in order.
    if (start < (known.at(-1)?.start ?? 0)) sorted = false
    known.push(range)
  }
  if (!sorted) known.sort((a, b) => a.start - b.start)
  const merged: AddressRange[] = []
  for (const range of known) {
    const last = merged.at(-1)
    if (last === undefined || range.start > last.end) merged.push(range)
    else if (range.end > last.end) merged[merged.length - 1] = {start: last.start, end: range.end}
  }
  return merged
}

function unknownEncoding(reader: Reader, encoding: number): ElfError {
  return bad(reader, 'the unwind information', `has numbers of encoding 0x${encoding.toString(16)}`)
}

function tooMany(reader: Reader, count: number): ElfError {
  const message = `${reader.bytes.where}: ${count} FDEs, more than ${elfLimits.unwindEntries}`
  return new ElfError('ELF_LIMIT', message)
}

function bad(reader: Reader, where: string, what: string): ElfError {
  return new ElfError('ELF_BAD_TABLE', `${reader.bytes.where}: ${where}: ${what}`)
}
