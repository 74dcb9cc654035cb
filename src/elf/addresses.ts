import type {Segment} from '../model/elf.js'
import {SegmentType} from './segments.js'

/** A run of bytes in the file. */
export interface Place {
  readonly offset: number
  readonly sizeBytes: number
}

/** Where addresses of the running program stand in the file, by PT_LOAD: what the loader goes by. */
export class AddressMap {
  readonly #loads: readonly Segment[]
  readonly #fileBytes: number

  constructor(segments: readonly Segment[], fileBytes: number) {
    this.#fileBytes = fileBytes
    // Where two overlap, the later one is mapped over the earlier.
    this.#loads = segments.filter(({type, fileBytes}) => type === SegmentType.load && fileBytes > 0).reverse()
  }

  /** The byte at `address` and how many follow it in its segment and in the file; null where nothing is mapped. */
  find(address: number): Place | null {
    if (!Number.isSafeInteger(address)) return null
    for (const {address: start, fileBytes, offset} of this.#loads) {
      const into = address - start
      if (!(into >= 0 && into < fileBytes)) continue
      const at = offset + into
      const sizeBytes = Math.min(fileBytes - into, this.#fileBytes - at)
      return sizeBytes > 0 ? {offset: at, sizeBytes} : null
    }
    return null
  }
}
