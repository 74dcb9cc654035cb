import type {Cursor} from '../bytes/cursor.js'
import type {Dynamic, Relocations, RelocationUse} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import type {AddressMap} from './addresses.js'
import {dynamicTable, Tag} from './dynamic.js'
import {elfLimits} from './limits.js'
import {Machine} from './machine.js'
import type {Reader} from './reader.js'
import {symbolBytes} from './symbol-count.js'

/** Read at once: a multiple of every entry's size. */
const pieceEntries = 8192

/** What the loader does for each global entry of the mips offset table, which has no relocations of its own. */
const mipsJumpSlot = 127

/**
 * Sums up all that relocates the file.
 * @throws {ElfError} where a table is not in the file
 */
export function readRelocations(reader: Reader, dynamic: Dynamic, addresses: AddressMap): Relocations {
  const {values} = dynamic
  const sum = new Sum(reader)
  const rela = values.get(Tag.pltRel) === Tag.rela
  for (const [table, tag, sizeTag, addend] of [
    ['DT_JMPREL', Tag.jmpRel, Tag.pltRelSize, rela],
    ['DT_REL', Tag.rel, Tag.relSize, false],
    ['DT_RELA', Tag.rela, Tag.relaSize, true],
  ] as const) {
    const sizeBytes = values.get(sizeTag) ?? 0
    if (sizeBytes === 0) continue
    const place = dynamicTable(reader, values, addresses, tag, table)
    if (place === null) continue
    const entryBytes = reader.wordBytes * (addend ? 3 : 2)
    const readable = Math.min(sizeBytes, place.sizeBytes)
    if (readable < sizeBytes)
      reader.warn('ELF_TRUNCATED', `${table} at ${place.offset} ends before its ${sizeBytes} bytes`)
    forEachPiece(reader, place.offset, Math.floor(readable / entryBytes), entryBytes, table, cursor => {
      cursor.skip(reader.wordBytes)
      const [symbol, type] = readInfo(reader, cursor)
      if (addend) cursor.skip(reader.wordBytes)
      sum.add(table, symbol, type)
    })
  }
  for (const symbol of mipsGotSymbols(reader, dynamic, addresses)) sum.add('DT_MIPS_GOTSYM', symbol, mipsJumpSlot)
  return {types: sum.types, uses: sum.uses, relative: readRelr(reader, dynamic, addresses)}
}

/** Counts entries by type, and keeps each pair of symbol and type once. */
class Sum {
  readonly types = new Map<number, number>()
  readonly uses: RelocationUse[] = []
  readonly #symbols = new Map<number, Set<number>>()
  readonly #where: string

  constructor(reader: Reader) {
    this.#where = reader.bytes.where
  }

  add(table: RelocationUse['table'], symbol: number, type: number): void {
    this.types.set(type, (this.types.get(type) ?? 0) + 1)
    if (symbol === 0) return
    const symbols = this.#symbols.get(type) ?? new Set()
    if (symbols.has(symbol)) return
    if (symbols.size === 0) this.#symbols.set(type, symbols)
    symbols.add(symbol)
    this.uses.push({symbol, type, table})
    if (this.uses.length > elfLimits.symbols || this.#symbols.size > elfLimits.relocationTypes) {
      throw new ElfError('ELF_LIMIT', `${this.#where}: ${table} names too many symbols and types`)
    }
  }
}

/** r_info: the symbol's index and the relocation's type. */
function readInfo({header, bits}: Reader, cursor: Cursor): readonly [symbol: number, type: number] {
  if (bits === 32) {
    const info = cursor.u32()
    return [info >>> 8, info & 0xff]
  }
  if (header.machineCode === Machine.mips) {
    // Three types and a second symbol, one byte each, behind a symbol of 32 bits: in this order in both byte orders.
    const symbol = cursor.u32()
    cursor.skip(1)
    const [third, second, first] = [cursor.u8(), cursor.u8(), cursor.u8()]
    return [symbol, first | (second << 8) | (third << 16)]
  }
  const [first, second] = [cursor.u32(), cursor.u32()]
  return header.endian === 'little' ? [second, first] : [first, second]
}

/** Symbols from DT_MIPS_GOTSYM on have an entry each in the global offset table. */
function* mipsGotSymbols(reader: Reader, {values}: Dynamic, addresses: AddressMap): Generator<number> {
  const [first, end] = [values.get(Tag.mipsGotSymbol), values.get(Tag.mipsSymbolCount)]
  if (reader.header.machineCode !== Machine.mips || first === undefined || end === undefined) return
  const place = dynamicTable(reader, values, addresses, Tag.symbols, 'DT_SYMTAB')
  const room = Math.floor((place?.sizeBytes ?? 0) / symbolBytes[reader.bits])
  for (let symbol = first; symbol < Math.min(end, room); symbol++) yield symbol
}

/**
 * Words that DT_RELR relocates: an even entry is an address, an odd one a bitmap of the words that follow.
 * @see the generic ABI's proposal "Relative relocations", which glibc 2.36 and musl 1.2.4 implement
 */
function readRelr(reader: Reader, {values}: Dynamic, addresses: AddressMap): number {
  const sizeBytes = values.get(Tag.relrSize) ?? 0
  if (sizeBytes === 0) return 0
  const place = dynamicTable(reader, values, addresses, Tag.relr, 'DT_RELR')
  if (place === null) return 0
  let words = 0
  const count = Math.floor(Math.min(sizeBytes, place.sizeBytes) / reader.wordBytes)
  forEachPiece(reader, place.offset, count, reader.wordBytes, 'DT_RELR', cursor => {
    const [first, second] = [cursor.u32(), reader.bits === 64 ? cursor.u32() : 0]
    const [low, high] = reader.bits === 64 && !reader.bytes.little ? [second, first] : [first, second]
    words += low & 1 ? bitCount(low) - 1 + bitCount(high) : 1
  })
  return words
}

function bitCount(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Calls `read` with a cursor for each of `count` entries, some thousand of them in memory at a time. */
function forEachPiece(
  reader: Reader,
  offset: number,
  count: number,
  entryBytes: number,
  what: string,
  read: (cursor: Cursor) => void,
): void {
  for (let done = 0; done < count; done += pieceEntries) {
    const entries = Math.min(pieceEntries, count - done)
    const cursor = reader.bytes.cursor(offset + done * entryBytes, entries * entryBytes, what)
    for (let entry = 0; entry < entries; entry++) read(cursor)
  }
}
