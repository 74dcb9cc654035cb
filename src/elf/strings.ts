import {Buffer} from 'node:buffer'
import type {Place} from './addresses.js'
import type {FileBytes} from './file-bytes.js'
import {elfLimits} from './limits.js'

/** Long enough for nearly every name, short enough to be in a window that was read already. */
const guessBytes = 256

/** A string table of the file: one string is read without reading all of it. */
export class StringTable {
  readonly #bytes: FileBytes
  readonly #place: Place
  readonly #what: string

  /** @param what named in errors: `the dynamic string table` */
  constructor(bytes: FileBytes, place: Place, what: string) {
    this.#bytes = bytes
    this.#place = place
    this.#what = what
  }

  get sizeBytes(): number {
    return this.#place.sizeBytes
  }

  /**
   * The string at `index`; null where that is outside the table, or the string has no end in it.
   * @throws {ElfError} where the table is not in the file
   */
  at(index: number): string | null {
    for (let length = guessBytes; ; length *= 16) {
      const most = Math.min(length, elfLimits.nameBytes, this.sizeBytes - index)
      if (!(most > 0)) return null
      const bytes = this.#bytes.take(this.#place.offset + index, most, this.#what)
      const end = bytes.indexOf(0)
      if (end !== -1) return decode(bytes, 0, end)
      if (most < length || most === elfLimits.nameBytes) return null
    }
  }

  /** @throws {ElfError} where the table is not in the file, or larger than a table may be */
  all(): Uint8Array {
    return this.#bytes.take(this.#place.offset, this.sizeBytes, this.#what)
  }
}

/** The text of `bytes` from `start` to `end`, as UTF-8. */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
}
