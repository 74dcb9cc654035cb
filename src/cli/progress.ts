import type {ScanEvent} from '../model/event.js'
import {count, visible} from '../model/text.js'
import {whenInterrupted} from './interrupt.js'
import {rewritesLines} from './terminal.js'

/** Work shorter than this shows nothing. */
const quietMs = 500
const redrawMs = 100

/** One line on standard error that is rewritten while a scan is under way; nothing in a pipe. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #enabled: boolean
  readonly #started = Date.now()
  readonly #layers = new Map<number, {readonly doneBytes: number; readonly entries: number}>()
  #target = ''
  #drawn = 0
  #release: (() => void) | null = null

  constructor(stream: NodeJS.WriteStream, enabled: boolean) {
    this.#stream = stream
    this.#enabled = enabled && rewritesLines(stream)
  }

  readonly on = (event: ScanEvent): void => {
    if (!this.#enabled) return
    if (event.type === 'open') this.#target = event.target === '-' ? 'standard input' : event.target
    if (event.type === 'layer') this.#layers.set(event.index, event)
    const now = Date.now()
    if (now - this.#started < quietMs || now - this.#drawn < redrawMs) return
    this.#drawn = now
    this.#release ??= whenInterrupted(() => this.clear())
    this.#draw(event)
  }

  /** Takes the line away again. */
  clear(): void {
    this.#release?.()
    this.#release = null
    if (this.#drawn > 0) this.#stream.write('\r\u001b[2K')
    this.#drawn = 0
  }

  #draw(event: ScanEvent): void {
    const text = `${visible(this.#target)}: ${this.#text(event)}`
    this.#stream.write(`\r\u001b[2K${text.slice(0, Math.max(10, (this.#stream.columns || 80) - 1))}`)
  }

  #text(event: ScanEvent): string {
    if (event.type === 'receive') return `receiving, ${megabytes(event.doneBytes)}`
    return event.type === 'read' ? inflating(event) : this.#layersText(event)
  }

  #layersText(event: ScanEvent): string {
    const sums = [...this.#layers.values()].reduce(
      (sum, layer) => ({bytes: sum.bytes + layer.doneBytes, entries: sum.entries + layer.entries}),
      {bytes: 0, entries: 0},
    )
    const layers = event.type === 'layer' && event.of > 1 ? `layer ${this.#layers.size} of ${event.of}, ` : ''
    return `${layers}${megabytes(sums.bytes)}, ${count(sums.entries, 'file')}`
  }
}

function inflating({doneBytes, totalBytes}: {readonly doneBytes: number; readonly totalBytes: number}): string {
  return `inflating, ${megabytes(doneBytes)} of ${megabytes(totalBytes)}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}
