import {limits} from '../model/limits.js'

/** What all layers of one image together may still keep in memory. */
export class Allowance {
  #entries = 0
  #nameBytes = 0
  #foundBytes = 0

  /** Counts one entry with its names. @returns what is used up, for an error; null where there is room */
  entry(nameBytes: number): string | null {
    this.#entries++
    this.#nameBytes += nameBytes
    if (this.#entries > limits.entries) return `more than ${limits.entries} entries`
    const most = limits.entries * limits.nameBytesPerEntry
    return this.#nameBytes > most ? `entries whose names and links are longer than ${most} bytes together` : null
  }

  /** @returns whether so much more of what collectors made of files may be kept; only then it counts */
  found(bytes: number): boolean {
    if (this.#foundBytes + bytes > limits.foundBytes) return false
    this.#foundBytes += bytes
    return true
  }
}
