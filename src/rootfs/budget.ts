/**
 * Bounds what all layers together keep of bodies that are still streaming. A body counts with all that will be kept of it
 * as soon as it begins. Over the limit layers wait, all but the one whose body began first: it goes on, ends its body and
 * lets go, so nobody waits for ever, and no more is kept than the limit or the one body that is larger.
 */
export class Budget {
  readonly #limitBytes: number
  /** By layer, in the order in which they began. */
  readonly #held = new Map<number, number>()
  #total = 0
  #waiting: (() => void)[] = []

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** Layer `layer` will keep `bytes` more, or, with a negative number, fewer. */
  keep(layer: number, bytes: number): void {
    this.#total += bytes
    const held = (this.#held.get(layer) ?? 0) + bytes
    if (held > 0) this.#held.set(layer, held)
    else this.#held.delete(layer)
    if (bytes < 0) this.#wake()
  }

  /** Resolves when `layer` may read on. */
  async turn(layer: number): Promise<void> {
    while (this.#total > this.#limitBytes && this.#first() !== layer) {
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  /** The layer has ended, well or not: what it kept is free. */
  leave(layer: number): void {
    this.keep(layer, -(this.#held.get(layer) ?? 0))
    this.#wake()
  }

  #first(): number | undefined {
    for (const layer of this.#held.keys()) return layer
    return undefined
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }
}
