import type {UpdateEvent} from '../advisory/update/sync.js'
import {count} from '../model/text.js'
import {rewritesLines} from './terminal.js'

/** Work shorter than this shows nothing. */
const quietMs = 400
const redrawMs = 100
const barWidth = 24

/** A bar on standard error that grows while feeds are fetched; nothing in a pipe. */
export class UpdateProgress {
  readonly #stream: NodeJS.WriteStream
  readonly #enabled: boolean
  readonly #started = Date.now()
  #drawn = 0

  constructor(stream: NodeJS.WriteStream, enabled: boolean) {
    this.#stream = stream
    this.#enabled = enabled && rewritesLines(stream)
  }

  readonly on = ({feed, done, total}: UpdateEvent): void => {
    const now = Date.now()
    if (!this.#enabled || now - this.#started < quietMs || now - this.#drawn < redrawMs) return
    this.#drawn = now
    const filled = Math.round((barWidth * done) / Math.max(1, total))
    const bar = '#'.repeat(filled).padEnd(barWidth, '.')
    const text = `[${bar}] ${done} of ${count(total, 'document')}, ${feed}`
    this.#stream.write(`\r\u001b[2K${text.slice(0, Math.max(10, (this.#stream.columns || 80) - 1))}`)
  }

  /** Takes the line away again. */
  clear(): void {
    if (this.#drawn > 0) this.#stream.write('\r\u001b[2K')
    this.#drawn = 0
  }
}
