import {Buffer} from 'node:buffer'
import type {Cursor} from '../bytes/cursor.js'
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
  const first = readEntry(bytes.cursor(header.shoff, size, 'section header 0'), bits)
  const count = header.shnum === 0 ? first.sizeBytes : header.shnum
  if (count === 0) return []
  if (count > elfLimits.sections) {
    throw new ElfError('ELF_LIMIT', `${bytes.where}: ${count} sections, more than ${elfLimits.sections}`)
  }
  const cursor = bytes.cursor(header.shoff, count * size, 'the section header table')
  const entries = Array.from({length: count}, () => readEntry(cursor, bits))

  const namesIndex = header.shstrndx === extendedIndex ? first.link : header.shstrndx
  const names = readNames(reader, entries[namesIndex])
  // Written out: files have thousands of sections between them, and spreading an object takes ten times as long.
  return entries.map(({nameOffset, type, flags, address, offset, sizeBytes, link, info, entryBytes}, index) => {
    const name = nameAt(names, nameOffset)
    return {index, name, type, flags, address, offset, sizeBytes, link, info, entryBytes}
  })
}

type Entry = Omit<Section, 'index' | 'name'> & {readonly nameOffset: number}

function readEntry(cursor: Cursor, bits: 32 | 64): Entry {
  const nameOffset = cursor.u32()
  const type = cursor.u32()
  const flags = cursor.address(bits)
  const address = cursor.address(bits)
  const offset = cursor.address(bits)
  const sizeBytes = cursor.address(bits)
  const link = cursor.u32()
  const info = cursor.u32()
  cursor.skip(bits / 8) // sh_addralign
  const entryBytes = cursor.address(bits)
  return {nameOffset, type, flags, address, offset, sizeBytes, link, info, entryBytes}
}

/** The section name table; without one, and with a warning, the sections themselves can still be used. */
function readNames(reader: Reader, section: Entry | undefined): Buffer {
  const none = Buffer.alloc(0)
  if (section === undefined || section.type !== SectionType.strings) {
    if (reader.header.shstrndx !== 0) reader.warn('ELF_BAD_TABLE', 'e_shstrndx names no string table')
    return none
  }
  const names = reader.attempt(() => reader.bytes.take(section.offset, section.sizeBytes, 'the section name table'))
  return isUnreadable(names) ? none : Buffer.from(names.buffer, names.byteOffset, names.length)
}

function nameAt(names: Buffer, offset: number): string {
  const most = Math.min(offset + elfLimits.sectionNameBytes, names.length)
  let end = offset
  while (end < most && names[end] !== 0) end++
  return names.toString('utf8', offset, end)
}

/** Does this section number mean a section, rather than "undefined", "absolute" or "look elsewhere"? */
export function isOrdinary(index: number): boolean {
  return index > 0 && index < reserved
}
