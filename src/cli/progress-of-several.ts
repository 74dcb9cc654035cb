import type {OnEvent} from '../model/event.js'
import {visible} from '../model/text.js'
import {whenInterrupted} from './interrupt.js'
import {rewritesLines} from './terminal.js'

/** Work shorter than this shows nothing. */
const quietMs = 500
const redrawMs = 100

/** One line on standard error: how many targets are done, and which are under way. */
export class ProgressOfSeveral {
  readonly #stream: NodeJS.WriteStream
  readonly #enabled: boolean
  readonly #total: number
  readonly #started = Date.now()
  readonly #running = new Set<string>()
  #done = 0
  #drawn = 0
  #release: (() => void) | null = null

  constructor(stream: NodeJS.WriteStream, enabled: boolean, total: number) {
    this.#stream = stream
    this.#enabled = enabled && rewritesLines(stream)
    this.#total = total
  }

  begin(target: string): {readonly on: OnEvent; end(): void} {
    this.#running.add(target)
    return {
      on: () => this.#draw(),
      end: () => {
        this.#running.delete(target)
        this.#done++
        this.#draw()
      },
    }
  }

  /** Takes the line away again. */
  clear(): void {
    this.#release?.()
    this.#release = null
    if (this.#drawn > 0) this.#stream.write('\r\u001b[2K')
    this.#drawn = 0
  }

  #draw(): void {
    const now = Date.now()
    if (!this.#enabled || now - this.#started < quietMs || now - this.#drawn < redrawMs) return
    this.#drawn = now
    this.#release ??= whenInterrupted(() => this.clear())
    const text = `${this.#done} of ${this.#total} done: ${visible([...this.#running].join(', '))}`
    this.#stream.write(`\r\u001b[2K${text.slice(0, Math.max(10, (this.#stream.columns || 80) - 1))}`)
  }
}
