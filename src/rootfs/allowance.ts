import {limits} from '../model/limits.js'
import type {LayerRecord} from './layer-record.js'

/** What all layers of one image together may still keep in memory. */
export class Allowance {
  #entries = 0
  #nameBytes = 0
  #heldBytes = 0
  readonly #records: LayerRecord[] = []
  /** The first layer that lost something: nothing more finds room in it, nor in those above. */
  #cut = Number.POSITIVE_INFINITY

  /** Counts one entry with its names. @returns what is used up, for an error; null where there is room */
  entry(nameBytes: number): string | null {
    this.#entries++
    this.#nameBytes += nameBytes
    if (this.#entries > limits.entries) return `more than ${limits.entries} entries`
    const most = limits.entries * limits.nameBytesPerEntry
    return this.#nameBytes > most ? `entries whose names and links are longer than ${most} bytes together` : null
  }

  /**
   * Counts what was weighed in `record` since the last time. Over the limit, the last things are let go, in the order of
   * layers and entries: layers are read side by side, and what is left out must not depend on which was quicker. So a
   * lower layer takes the room that a higher one has already, and after the first thing that finds none no other does.
   */
  found(layer: number, record: LayerRecord): void {
    this.#records[layer] = record
    for (let next = record.nextWeighed; next !== undefined; next = record.nextWeighed) {
      if (layer >= this.#cut) record.refuse()
      else {
        record.hold()
        this.#heldBytes += next.bytes
        while (this.#heldBytes > limits.foundBytes) this.#letGo()
      }
    }
  }

  #letGo(): void {
    this.#cut = this.#records.findLastIndex(record => record !== undefined && record.heldCount > 0)
    this.#heldBytes -= this.#records[this.#cut]?.letGo() ?? 0
  }
}
