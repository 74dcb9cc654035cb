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
  const {symbolOf, typeOf} = infoOf(reader)
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
    forEachEntry(reader, place.offset, Math.floor(readable / entryBytes), entryBytes, table, (view, at) => {
      const info = at + reader.wordBytes
      sum.add(table, symbolOf(view, info), typeOf(view, info))
    })
  }
  for (const symbol of mipsGotSymbols(reader, dynamic, addresses)) sum.add('DT_MIPS_GOTSYM', symbol, mipsJumpSlot)
  return {types: sum.types(), uses: sum.uses, relative: readRelr(reader, dynamic, addresses)}
}

/** Counts entries by type, and keeps each pair of symbol and type once. */
class Sum {
  readonly uses: RelocationUse[] = []
  readonly #types = new Map<number, number>()
  /** Linkers sort by type: those of one are counted together. */
  #type = 0
  #run = 0
  readonly #symbols = new Map<number, Set<number>>()
  readonly #where: string

  constructor(reader: Reader) {
    this.#where = reader.bytes.where
  }

  add(table: RelocationUse['table'], symbol: number, type: number): void {
    if (type !== this.#type) this.#endRun(type)
    this.#run++
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

  types(): ReadonlyMap<number, number> {
    this.#endRun(0)
    return this.#types
  }

  #endRun(next: number): void {
    if (this.#run > 0) this.#types.set(this.#type, (this.#types.get(this.#type) ?? 0) + this.#run)
    this.#type = next
    this.#run = 0
  }
}

type ReadNumber = (view: DataView, at: number) => number

/** How the symbol's index and the relocation's type are read from r_info. */
function infoOf({header, bits, bytes: {little}}: Reader): {readonly symbolOf: ReadNumber; readonly typeOf: ReadNumber} {
  if (bits === 32) {
    return {
      symbolOf: (view, at) => view.getUint32(at, little) >>> 8,
      typeOf: (view, at) => view.getUint32(at, little) & 0xff,
    }
  }
  if (header.machineCode === Machine.mips) {
    // Three types and a second symbol, one byte each, behind a symbol of 32 bits: in this order in both byte orders.
    return {
      symbolOf: (view, at) => view.getUint32(at, little),
      typeOf: (view, at) => view.getUint8(at + 7) | (view.getUint8(at + 6) << 8) | (view.getUint8(at + 5) << 16),
    }
  }
  const [symbolAt, typeAt] = little ? [4, 0] : [0, 4]
  return {
    symbolOf: (view, at) => view.getUint32(at + symbolAt, little),
    typeOf: (view, at) => view.getUint32(at + typeAt, little),
  }
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
  const {bits, bytes} = reader
  const lowAt = bits === 64 && !bytes.little ? 4 : 0
  forEachEntry(reader, place.offset, count, reader.wordBytes, 'DT_RELR', (view, at) => {
    const low = view.getUint32(at + lowAt, bytes.little)
    const high = bits === 64 ? view.getUint32(at + 4 - lowAt, bytes.little) : 0
    words += low & 1 ? bitCount(low) - 1 + bitCount(high) : 1
  })
  return words
}

function bitCount(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Calls `read` with the place of each of `count` entries, some thousand of them in memory at a time. */
function forEachEntry(
  reader: Reader,
  offset: number,
  count: number,
  entryBytes: number,
  what: string,
  read: (view: DataView, at: number) => void,
): void {
  for (let done = 0; done < count; done += pieceEntries) {
    const entries = Math.min(pieceEntries, count - done)
    const bytes = reader.bytes.take(offset + done * entryBytes, entries * entryBytes, what)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at < view.byteLength; at += entryBytes) read(view, at)
  }
}
