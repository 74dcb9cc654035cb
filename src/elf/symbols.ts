import type {
  Binding,
  CountOrigin,
  Dynamic,
  ElfSymbol,
  FoundNames,
  NameMatcher,
  Section,
  SymbolTable,
  SymbolVersion,
  Visibility,
} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import type {AddressMap} from './addresses.js'
import {dynamicStrings, dynamicTable, Tag} from './dynamic.js'
import {elfLimits} from './limits.js'
import {once, type Reader} from './reader.js'
import {SectionType} from './sections.js'
import {decode, StringTable} from './strings.js'
import {countSymbols, symbolBytes} from './symbol-count.js'
import {readVersions, type Versions} from './versions.js'

/** STT_FUNC and STT_GNU_IFUNC. */
const functionTypes: ReadonlySet<number> = new Set([2, 10])

const bindings: ReadonlyMap<number, Binding> = new Map([
  [0, 'local'],
  [1, 'global'],
  [2, 'weak'],
  [10, 'unique'],
])
const visibilities: readonly Visibility[] = ['default', 'internal', 'hidden', 'protected']

/** SHN_XINDEX: the number is in the table of type SHT_SYMTAB_SHNDX. */
const extendedIndex = 0xffff

/**
 * The dynamic symbols, which DT_SYMTAB names; null where there are none.
 * @throws {ElfError} where the table, or its strings, are not in the file
 */
export function readDynamicSymbols(
  reader: Reader,
  dynamic: Dynamic,
  addresses: AddressMap,
  sections: readonly Section[],
): SymbolTable | null {
  const {values} = dynamic
  if (!values.has(Tag.symbols)) return null
  const place = dynamicTable(reader, values, addresses, Tag.symbols, 'DT_SYMTAB')
  const strings = dynamicStrings(reader, values, addresses)
  if (place === null || strings === null) {
    throw new ElfError('ELF_BAD_TABLE', `${reader.bytes.where}: the dynamic symbols or their names are not in the file`)
  }
  const size = symbolBytes[reader.bits]
  const {count, origin, firstHashed} = countSymbols(
    reader,
    dynamic,
    addresses,
    () => sections,
    Math.floor(place.sizeBytes / size),
  )
  if (count > elfLimits.symbols) {
    const message = `${count} dynamic symbols, more than ${elfLimits.symbols}`
    throw new ElfError('ELF_LIMIT', `${reader.bytes.where}: ${message}`)
  }
  const entries = reader.bytes.take(place.offset, count * size, 'the dynamic symbol table')
  return new Symbols(reader, {entries, strings: strings.all(), origin, firstHashed, offset: place.offset}, read =>
    readVersions(reader, dynamic, addresses, read),
  )
}

/**
 * The symbols of `.symtab`; null where the file was stripped.
 * @throws {ElfError} where the table, or its strings, are not in the file
 */
export function readStaticSymbols(reader: Reader, sections: readonly Section[]): SymbolTable | null {
  const table = sections.find(({type}) => type === SectionType.symbols)
  if (table === undefined) return null
  const strings = sections[table.link]
  if (strings === undefined || strings.type !== SectionType.strings) {
    throw new ElfError('ELF_BAD_TABLE', `${reader.bytes.where}: ${table.name} names no string table`)
  }
  const size = symbolBytes[reader.bits]
  const bytes = table.sizeBytes - (table.sizeBytes % size)
  const entries = reader.bytes.take(table.offset, bytes, 'the symbol table')
  const names = new StringTable(reader.bytes, strings, 'the string table').all()
  const extended = sections.find(({type, link}) => type === SectionType.symbolIndexes && link === table.index)
  const indexes = extended && reader.bytes.take(extended.offset, extended.sizeBytes, 'the table of section numbers')
  return new Symbols(reader, {
    entries,
    strings: names,
    origin: 'section',
    firstHashed: null,
    offset: table.offset,
    ...(indexes && {indexes}),
  })
}

interface Tables {
  readonly entries: Uint8Array
  readonly strings: Uint8Array
  readonly origin: CountOrigin
  readonly firstHashed: number | null
  /** Of the entries, in the file. */
  readonly offset: number
  /** SHT_SYMTAB_SHNDX. */
  readonly indexes?: Uint8Array
}

class Symbols implements SymbolTable {
  readonly count: number
  readonly countOrigin: CountOrigin
  readonly firstHashed: number | null
  readonly unreadNames: number
  readonly #tables: Tables
  readonly #view: DataView
  readonly #little: boolean
  readonly #bits: 32 | 64
  readonly #size: number
  readonly #versions: () => Versions | null

  constructor(reader: Reader, tables: Tables, versions: (count: number) => Versions | null = () => null) {
    const {entries} = tables
    this.#tables = tables
    this.#view = viewOf(entries)
    this.#little = reader.bytes.little
    this.#bits = reader.bits
    this.#size = symbolBytes[reader.bits]
    this.countOrigin = tables.origin
    this.firstHashed = tables.firstHashed
    const {read, unread} = this.#check(Math.floor(entries.length / this.#size))
    this.count = read
    this.unreadNames = unread
    this.#versions = once(() => versions(read))
    if (unread > 0) {
      reader.warn('ELF_BAD_TABLE', `${unread} symbols of the table at ${tables.offset} have names outside its strings`)
    }
  }

  find(names: NameMatcher): FoundNames {
    const found = {undefined: new Set<string>(), defined: new Set<string>()}
    const [{strings}, view, little, size] = [this.#tables, this.#view, this.#little, this.#size]
    for (let index = 1, at = size; index < this.count; index++, at += size) {
      const name = names.match(strings, view.getUint32(at, little))
      if (name !== null) (this.#sectionField(index) === 0 ? found.undefined : found.defined).add(name)
    }
    return found
  }

  list(): readonly ElfSymbol[] {
    return Array.from({length: Math.max(0, this.count - 1)}, (_, index) => this.#symbol(index + 1))
  }

  *functions(): Generator<number> {
    for (let index = 1; index < this.count; index++) {
      const at = index * this.#size
      const type = this.#view.getUint8(at + (this.#bits === 64 ? 4 : 12)) & 0xf
      if (!functionTypes.has(type) || this.#section(index) === 0) continue
      yield this.#number(at + (this.#bits === 64 ? 8 : 4))
    }
  }

  #symbol(index: number): ElfSymbol {
    const at = index * this.#size
    const info = this.#view.getUint8(at + (this.#bits === 64 ? 4 : 12))
    const other = this.#view.getUint8(at + (this.#bits === 64 ? 5 : 13))
    const section = this.#section(index)
    return {
      index,
      name: this.#name(index),
      value: this.#number(at + (this.#bits === 64 ? 8 : 4)),
      sizeBytes: this.#number(at + (this.#bits === 64 ? 16 : 8)),
      binding: bindings.get(info >> 4) ?? 'other',
      type: info & 0xf,
      visibility: visibilities[other & 3] ?? 'default',
      section,
      defined: section !== 0,
      version: this.#version(index, section !== 0),
    }
  }

  #version(index: number, defined: boolean): SymbolVersion | null {
    return this.#versions()?.of(index, defined) ?? null
  }

  #name(index: number): string {
    const {strings} = this.#tables
    const start = this.#nameOffset(index)
    const end = strings.indexOf(0, start)
    return start < strings.length && end !== -1 ? decode(strings, start, end) : ''
  }

  #nameOffset(index: number): number {
    return this.#view.getUint32(index * this.#size, this.#little)
  }

  #sectionField(index: number): number {
    return this.#view.getUint16(index * this.#size + (this.#bits === 64 ? 6 : 14), this.#little)
  }

  #section(index: number): number {
    const section = this.#sectionField(index)
    const {indexes} = this.#tables
    if (section !== extendedIndex || indexes === undefined || index * 4 + 4 > indexes.length) return section
    return viewOf(indexes).getUint32(index * 4, this.#little)
  }

  #number(at: number): number {
    if (this.#bits === 32) return this.#view.getUint32(at, this.#little)
    const first = this.#view.getUint32(at, this.#little)
    const second = this.#view.getUint32(at + 4, this.#little)
    return this.#little ? second * 2 ** 32 + first : first * 2 ** 32 + second
  }

  /** Where only the layout bounds the table, its end is the first entry that cannot be a symbol. */
  #check(count: number): {readonly read: number; readonly unread: number} {
    const [view, little, size, end] = [this.#view, this.#little, this.#size, this.#tables.strings.length]
    let unread = 0
    for (let index = 1, at = size; index < count; index++, at += size) {
      if (view.getUint32(at, little) < end) continue
      if (this.countOrigin === 'layout' && index > 1) return {read: index, unread}
      unread++
    }
    return {read: count, unread}
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
