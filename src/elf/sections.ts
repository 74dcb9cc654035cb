import {Buffer, isAscii} from 'node:buffer'
import {isUnreadable, type Section} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import {elfLimits} from './limits.js'
import type {Reader} from './reader.js'

/** sh_type, as far as piton reads them. */
export const SectionType = {
  symbols: 2,
  strings: 3,
  dynamic: 6,
  note: 7,
  nobits: 8,
  dynamicSymbols: 11,
  symbolIndexes: 18,
} as const

/** sh_flags. */
export const SectionFlag = {write: 1, allocate: 2, execute: 4} as const

/** Section numbers above these stand elsewhere: "extended section numbering", System V ABI chapter 4. */
const reserved = 0xff00
const extendedIndex = 0xffff

const entryBytes = {32: 40, 64: 64} as const

/**
 * Reads the section headers and their names; the table may be absent.
 * @throws {ElfError} where the table is not in the file, or claims more sections than there is room for
 */
export function readSections(reader: Reader): readonly Section[] {
  const {header, bytes, bits} = reader
  if (header.shoff === 0 || (header.shnum === 0 && header.shoff >= bytes.sizeBytes)) return []
  const size = entryBytes[bits]
  if (header.shentsize !== size) {
    throw new ElfError('ELF_BAD_HEADER', `${bytes.where}: e_shentsize is ${header.shentsize} instead of ${size}`)
  }
  const head = viewOf(bytes.take(header.shoff, size, 'section header 0'))
  const first = readEntry(head, 0, reader, noNames)
  const count = header.shnum === 0 ? first.sizeBytes : header.shnum
  if (count === 0) return []
  if (count > elfLimits.sections) {
    throw new ElfError('ELF_LIMIT', `${bytes.where}: ${count} sections, more than ${elfLimits.sections}`)
  }
  const view = viewOf(bytes.take(header.shoff, count * size, 'the section header table'))
  const namesIndex = header.shstrndx === extendedIndex ? first.link : header.shstrndx
  const names = readNames(reader, namesIndex < count ? readEntry(view, namesIndex, reader, noNames) : null)
  return Array.from({length: count}, (_, index) => readEntry(view, index, reader, names))
}

/** A section header of a table that was checked to hold all of it. */
function readEntry(view: DataView, index: number, {bits, bytes: {little}}: Reader, names: SectionNames): Section {
  const at = index * entryBytes[bits]
  const name = names.at(view.getUint32(at, little))
  const type = view.getUint32(at + 4, little)
  if (bits === 32) {
    return {
      index,
      name,
      type,
      flags: view.getUint32(at + 8, little),
      address: view.getUint32(at + 12, little),
      offset: view.getUint32(at + 16, little),
      sizeBytes: view.getUint32(at + 20, little),
      link: view.getUint32(at + 24, little),
      info: view.getUint32(at + 28, little),
      entryBytes: view.getUint32(at + 36, little),
    }
  }
  return {
    index,
    name,
    type,
    flags: wide(view, at + 8, little),
    address: wide(view, at + 16, little),
    offset: wide(view, at + 24, little),
    sizeBytes: wide(view, at + 32, little),
    link: view.getUint32(at + 40, little),
    info: view.getUint32(at + 44, little),
    entryBytes: wide(view, at + 56, little),
  }
}

/** A number of 8 bytes, only rounded above 2^53. */
function wide(view: DataView, at: number, little: boolean): number {
  const first = view.getUint32(at, little)
  const second = view.getUint32(at + 4, little)
  return little ? second * 2 ** 32 + first : first * 2 ** 32 + second
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The section name table; without one, and with a warning, the sections themselves can still be used. */
function readNames(reader: Reader, section: Section | null): SectionNames {
  if (section?.type !== SectionType.strings) {
    if (reader.header.shstrndx !== 0) reader.warn('ELF_BAD_TABLE', 'e_shstrndx names no string table')
    return noNames
  }
  const names = reader.attempt(() => reader.bytes.take(section.offset, section.sizeBytes, 'the section name table'))
  return isUnreadable(names) ? noNames : new SectionNames(names)
}

/** A table as long as this is made text at once, which takes as long as making text of two of its names. */
const textBytes = 16 * 1024

class SectionNames {
  readonly #bytes: Buffer
  /** The whole table, where its bytes are characters. */
  readonly #text: string | null

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#text = bytes.length <= textBytes && isAscii(bytes) ? this.#bytes.toString('latin1') : null
  }

  at(offset: number): string {
    const most = Math.min(offset + elfLimits.sectionNameBytes, this.#bytes.length)
    if (this.#text !== null) {
      const end = this.#text.indexOf('\0', offset)
      return this.#text.slice(offset, end === -1 ? most : Math.min(end, most))
    }
    let end = offset
    while (end < most && this.#bytes[end] !== 0) end++
    return this.#bytes.toString('utf8', offset, end)
  }
}

const noNames = new SectionNames(new Uint8Array(0))

/** Does this section number mean a section, rather than "undefined", "absolute" or "look elsewhere"? */
export function isOrdinary(index: number): boolean {
  return index > 0 && index < reserved
}
