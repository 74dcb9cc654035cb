import type {NameMatcher} from '../model/elf.js'

/**
 * Some names, to be recognised among thousands without making a string of each: by first byte, then by a hash of the
 * bytes, then by comparing.
 */
export class NameSet implements NameMatcher {
  readonly #byHash = new Map<number, readonly Entry[]>()
  readonly #firstBytes = new Uint8Array(256)
  readonly #longest: number

  constructor(names: Iterable<string>) {
    let longest = 0
    for (const name of new Set(names)) {
      const bytes = new TextEncoder().encode(name)
      const hash = bytes.reduce(mix, seed)
      this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), {name, bytes}])
      this.#firstBytes[bytes[0] ?? 0] = 1
      longest = Math.max(longest, bytes.length)
    }
    this.#longest = longest
  }

  match(bytes: Uint8Array, offset: number): string | null {
    if (this.#firstBytes[bytes[offset] ?? 0] !== 1) return null
    let hash = seed
    let end = offset
    for (const stop = offset + this.#longest; end <= stop; end++) {
      const byte = bytes[end]
      if (byte === undefined) return null
      if (byte === 0) break
      hash = mix(hash, byte)
    }
    const length = end - offset
    for (const entry of this.#byHash.get(hash) ?? []) {
      if (entry.bytes.length === length && entry.bytes.every((byte, i) => byte === bytes[offset + i])) return entry.name
    }
    return null
  }
}

interface Entry {
  readonly name: string
  readonly bytes: Uint8Array
}

/** FNV-1a. */
const seed = 0x811c9dc5 | 0

function mix(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193)
}
