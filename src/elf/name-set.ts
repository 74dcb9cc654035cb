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
    if (offset >= bytes.length || this.#firstBytes[bytes[offset] as number] !== 1) return null
    let hash = seed
    let end = offset
    for (const stop = Math.min(offset + this.#longest + 1, bytes.length); end < stop; end++) {
      const byte = bytes[end] as number
      if (byte === 0) break
      hash = mix(hash, byte)
    }
    const candidates = bytes[end] === 0 ? this.#byHash.get(hash) : undefined
    const found = candidates?.find(
      entry =>
        entry.bytes.length === end - offset && entry.bytes.every((byte, index) => byte === bytes[offset + index]),
    )
    return found?.name ?? null
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
