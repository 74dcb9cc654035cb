import type {CountOrigin, Dynamic, Section} from '../model/elf.js'
import type {AddressMap, Place} from './addresses.js'
import {dynamicTable, Tag} from './dynamic.js'
import {Machine} from './machine.js'
import type {Reader} from './reader.js'
import {SectionType} from './sections.js'

export interface SymbolCount {
  readonly count: number
  readonly origin: CountOrigin
  /** From DT_GNU_HASH; null without it. */
  readonly firstHashed: number | null
}

const alpha = 0x9026

/** Words of a chain that are read at once; most chains have two or three. */
const pieceWords = 1024

/**
 * How many dynamic symbols there are. No entry of the dynamic section says it: a hash table does, when it is not empty;
 * else a section that stands at the same address; else what lies behind the table.
 * @param sections asked for where no hash table says it
 * @param most entries that fit between the table and the end of its segment
 */
export function countSymbols(
  reader: Reader,
  dynamic: Dynamic,
  addresses: AddressMap,
  sections: () => readonly Section[],
  most: number,
): SymbolCount {
  const {values} = dynamic
  const gnu = gnuHash(reader, dynamic, addresses)
  const firstHashed = gnu?.first ?? null
  const chained = chainCount(reader, dynamic, addresses)
  const stated: readonly [count: () => number | undefined, origin: CountOrigin][] = [
    [() => gnu?.count, 'DT_GNU_HASH'],
    [() => chained, 'DT_HASH'],
    [() => values.get(Tag.mipsSymbolCount), 'DT_MIPS_SYMTABNO'],
    [() => sectionCount(sections(), values.get(Tag.symbols)), 'section'],
    [() => layoutCount(reader, dynamic, addresses), 'layout'],
  ]
  for (const [countOf, origin] of stated) {
    const count = countOf()
    if (count === undefined || count === 0) continue
    if (count > most) reader.warn('ELF_BAD_TABLE', `${origin} says ${count} symbols, but there is room for ${most}`)
    return {count: Math.min(count, most), origin, firstHashed}
  }
  return {count: most, origin: 'layout', firstHashed}
}

/** `count` is undefined where the table is empty: it then says nothing about the symbols that are not in it. */
function gnuHash(
  reader: Reader,
  {values}: Dynamic,
  addresses: AddressMap,
): {readonly first: number; readonly count: number | undefined} | null {
  const place = dynamicTable(reader, values, addresses, Tag.gnuHash, 'DT_GNU_HASH')
  if (place === null) return null
  const what = 'DT_GNU_HASH'
  const head = reader.attempt(() => {
    const cursor = reader.bytes.cursor(place.offset, 16, what)
    return {buckets: cursor.u32(), first: cursor.u32(), bloomWords: cursor.u32()}
  })
  if ('unreadable' in head) return null
  const {buckets, first, bloomWords} = head
  const bucketsAt = 16 + bloomWords * reader.wordBytes
  const chainAt = bucketsAt + buckets * 4
  if (chainAt > place.sizeBytes) {
    reader.warn('ELF_BAD_TABLE', `${what} at ${place.offset} has ${buckets} buckets, more than there is room for`)
    return {first, count: undefined}
  }
  const count = reader.attempt(() => {
    const cursor = reader.bytes.cursor(place.offset + bucketsAt, buckets * 4, what)
    let last = 0
    for (let index = 0; index < buckets; index++) last = Math.max(last, cursor.u32())
    return last < first ? undefined : chainEnd(reader, place, chainAt, last, first)
  })
  return {first, count: typeof count === 'number' ? count : undefined}
}

/** The chain of the last bucket ends at the last symbol, with the low bit set. */
function chainEnd(reader: Reader, place: Place, chainAt: number, last: number, first: number): number | undefined {
  const words = Math.floor((place.sizeBytes - chainAt) / 4)
  for (let word = last - first; word < words; word += pieceWords) {
    const count = Math.min(pieceWords, words - word)
    const cursor = reader.bytes.cursor(place.offset + chainAt + word * 4, count * 4, 'DT_GNU_HASH')
    for (let index = 0; index < count; index++) if (cursor.u32() & 1) return first + word + index + 1
  }
  reader.warn('ELF_BAD_TABLE', `the last chain of DT_GNU_HASH at ${place.offset} has no end`)
  return undefined
}

/** nchain of DT_HASH is the number of symbols. */
function chainCount(reader: Reader, {values}: Dynamic, addresses: AddressMap): number | undefined {
  const place = dynamicTable(reader, values, addresses, Tag.hash, 'DT_HASH')
  if (place === null) return undefined
  const {header} = reader
  // The psABI of these two makes a word of DT_HASH 64 bits wide.
  const wide = header.class === 64 && (header.machineCode === Machine.s390 || header.machineCode === alpha)
  const count = reader.attempt(() => {
    const cursor = reader.bytes.cursor(place.offset, wide ? 16 : 8, 'DT_HASH')
    cursor.skip(wide ? 8 : 4)
    return wide ? cursor.u64() : cursor.u32()
  })
  return typeof count === 'number' ? count : undefined
}

function sectionCount(sections: readonly Section[], address: number | undefined): number | undefined {
  const section = sections.find(({type, address: at}) => type === SectionType.dynamicSymbols && at === address)
  return section && section.entryBytes > 0 ? Math.floor(section.sizeBytes / section.entryBytes) : undefined
}

/** The linkers put the tables one after another: the table ends, at the latest, where the next one begins. */
function layoutCount(reader: Reader, {values}: Dynamic, addresses: AddressMap): number | undefined {
  const start = values.get(Tag.symbols)
  if (start === undefined) return undefined
  const next = [
    Tag.strings,
    Tag.versym,
    Tag.verneed,
    Tag.verdef,
    Tag.hash,
    Tag.gnuHash,
    Tag.rela,
    Tag.rel,
    Tag.jmpRel,
    Tag.relr,
  ]
    .flatMap(tag => values.get(tag) ?? [])
    .filter(address => address > start && addresses.find(address) !== null)
  return next.length === 0 ? undefined : Math.floor((Math.min(...next) - start) / symbolBytes[reader.bits])
}

/** st_size of a symbol table entry. */
export const symbolBytes = {32: 16, 64: 24} as const
