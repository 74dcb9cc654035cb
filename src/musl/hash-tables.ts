import type {Exports, Request} from './exports.js'
import type {SymbolEntries} from './symbol-entries.js'
import type {SymbolName} from './symbol-name.js'

/** Finds the entry of a name, as one kind of hash table leads to it; 0 where it leads to none. */
export interface HashTable {
  find(name: SymbolName, symbols: SymbolEntries): number
}

/** What an object offers through its hash table. Symbols that are not in it do not exist for the loader. */
export function hashedExports(table: HashTable, symbols: SymbolEntries): Exports {
  return {
    offers(name: SymbolName, request: Request) {
      const index = table.find(name, symbols)
      return index !== 0 && symbols.isAccepted(index, request === 'definition')
    },
  }
}

function isMatch(symbols: SymbolEntries, index: number, name: SymbolName): boolean {
  return index < symbols.count && !symbols.isHidden(index) && name.standsAt(symbols.strings, symbols.nameOffset(index))
}

/** DT_GNU_HASH: a Bloom filter, buckets, and for each bucket the symbols that follow its first one. */
export class GnuHash implements HashTable {
  readonly #view: DataView
  readonly #little: boolean
  readonly #wordBits: 32 | 64
  readonly #buckets: number
  readonly #firstSymbol: number
  readonly #bloomWords: number
  readonly #bloomShift: number
  readonly #bucketsAt: number

  /** @param bytes the table and what follows it: reads outside find nothing */
  constructor(bytes: Uint8Array, bits: 32 | 64, little: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#little = little
    this.#wordBits = bits
    this.#buckets = this.#word(0)
    this.#firstSymbol = this.#word(4)
    this.#bloomWords = this.#word(8)
    this.#bloomShift = this.#word(12)
    this.#bucketsAt = 16 + this.#bloomWords * (bits / 8)
  }

  find(name: SymbolName, symbols: SymbolEntries): number {
    const hash = name.gnuHash
    if (this.#buckets === 0 || this.#bloomWords === 0 || !this.#mayHold(hash)) return 0
    const first = this.#word(this.#bucketsAt + (hash % this.#buckets) * 4)
    if (first < this.#firstSymbol || first === 0) return 0
    const chainsAt = this.#bucketsAt + this.#buckets * 4
    for (let index = first; index < symbols.count; index++) {
      const at = chainsAt + (index - this.#firstSymbol) * 4
      const entry = this.#word(at)
      if ((entry | 1) === (hash | 1) && isMatch(symbols, index, name)) return index
      if (entry & 1 || at >= this.#view.byteLength) return 0
    }
    return 0
  }

  #mayHold(hash: number): boolean {
    const bits = this.#wordBits
    // As musl does, with a mask: the number of words is a power of 2.
    const wordAt = 16 + (Math.floor(hash / bits) & (this.#bloomWords - 1)) * (bits / 8)
    return this.#bit(wordAt, hash % bits) && this.#bit(wordAt, (hash >>> (this.#bloomShift & 31)) % bits)
  }

  /** A bit of the machine word at `at`. */
  #bit(at: number, bit: number): boolean {
    const half = this.#wordBits === 64 && bit >= 32 === this.#little ? 4 : 0
    return ((this.#word(at + half) >>> (bit & 31)) & 1) === 1
  }

  #word(at: number): number {
    return at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, this.#little) : 0
  }
}

/** DT_HASH, System V ABI chapter 5: buckets, and chains that run through the symbols. */
export class SysvHash implements HashTable {
  readonly #view: DataView
  readonly #little: boolean
  readonly #wordBytes: 4 | 8
  readonly #buckets: number

  /** @param wordBytes 8 on s390x, whose psABI has it so */
  constructor(bytes: Uint8Array, wordBytes: 4 | 8, little: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#little = little
    this.#wordBytes = wordBytes
    this.#buckets = this.#word(0)
  }

  find(name: SymbolName, symbols: SymbolEntries): number {
    if (this.#buckets === 0) return 0
    let index = this.#word(2 + (name.sysvHash % this.#buckets))
    // A chain of a damaged file may be a ring.
    for (let left = symbols.count; index !== 0 && left > 0; left--) {
      if (isMatch(symbols, index, name)) return index
      index = this.#word(2 + this.#buckets + index)
    }
    return 0
  }

  #word(index: number): number {
    const at = index * this.#wordBytes
    if (at + this.#wordBytes > this.#view.byteLength) return 0
    return this.#view.getUint32(this.#wordBytes === 8 && !this.#little ? at + 4 : at, this.#little)
  }
}
