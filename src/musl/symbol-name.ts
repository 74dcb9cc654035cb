import {Buffer} from 'node:buffer'

/**
 * The name of a symbol where it stands in a string table, with the hashes that tables are searched by. Names are bytes to
 * the loader; text is made of one only when somebody asks for it.
 */
export class SymbolName {
  readonly #bytes: Uint8Array
  readonly #start: number
  readonly length: number
  /** The hash of DT_GNU_HASH. */
  readonly gnuHash: number
  #sysvHash: number | undefined
  #text: string | undefined

  /** The name at `start` of a string table, up to its NUL or the end of the table; empty where that is outside of it. */
  constructor(strings: Uint8Array, start: number) {
    this.#bytes = strings
    this.#start = Math.min(start, strings.length)
    let hash = 5381
    let end = this.#start
    for (let byte = strings[end]; byte !== undefined && byte !== 0; byte = strings[++end]) {
      hash = (Math.imul(hash, 33) + byte) | 0
    }
    this.length = end - this.#start
    this.gnuHash = hash >>> 0
  }

  static of(text: string): SymbolName {
    return new SymbolName(Buffer.from(text), 0)
  }

  /** The hash of DT_HASH, System V ABI chapter 5. */
  get sysvHash(): number {
    if (this.#sysvHash === undefined) {
      let hash = 0
      for (let at = this.#start; at < this.#start + this.length; at++) {
        hash = (hash << 4) + (this.#bytes[at] as number)
        const high = hash & 0xf000_0000
        hash = (hash ^ (high >>> 24)) & 0x0fff_ffff
      }
      this.#sysvHash = hash
    }
    return this.#sysvHash
  }

  get text(): string {
    this.#text ??= Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#start, this.length).toString()
    return this.#text
  }

  /** Does this very name stand at `offset` of another string table? */
  standsAt(strings: Uint8Array, offset: number): boolean {
    if (strings[offset + this.length] !== 0) return false
    for (let index = 0; index < this.length; index++) {
      if (strings[offset + index] !== this.#bytes[this.#start + index]) return false
    }
    return true
  }
}
