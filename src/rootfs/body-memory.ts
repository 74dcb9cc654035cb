import {letGo} from '../bytes/let-go.js'

type Bytes = Uint8Array<ArrayBuffer>

/** Memory of this size, and less, is kept for the next body; more is free at once. */
const keptBytes = 32 * 1024 * 1024
const smallestBytes = 256 * 1024

/**
 * Memory for bodies that stream by: of the thousands in an image only some are there at a time, and new memory for each
 * would be cleared by the system first, and stay until the collector comes.
 */
export class BodyMemory {
  /** Smallest first. */
  #free: Bytes[] = []

  /** At least `sizeBytes`, which may be of any former content. */
  take(sizeBytes: number): Bytes {
    const at = this.#free.findIndex(({length}) => length >= sizeBytes)
    const [found] = at < 0 ? [] : this.#free.splice(at, 1)
    if (found !== undefined) return found
    // It will serve for what the largest of the smaller ones did; and beside one that is too large for that, none shall lie idle.
    if (sizeBytes > keptBytes) this.close()
    const smaller = this.#free.pop()
    if (smaller !== undefined) letGo(smaller)
    return allocate(sizeBytes)
  }

  /** Nobody looks at it any more. */
  giveBack(bytes: Bytes): void {
    if (bytes.length === 0) return
    if (bytes.length > keptBytes) letGo(bytes)
    else this.#free = [...this.#free, bytes].sort((a, b) => a.length - b.length)
  }

  /** Frees what is not in use. */
  close(): void {
    for (const bytes of this.#free) letGo(bytes)
    this.#free = []
  }
}

/** Of few sizes, so that one fits many. What is not written to costs nothing. */
function allocate(sizeBytes: number): Bytes {
  if (sizeBytes > keptBytes) return Buffer.allocUnsafeSlow(sizeBytes)
  let rounded = smallestBytes
  while (rounded < sizeBytes) rounded *= 2
  return Buffer.allocUnsafeSlow(rounded)
}
