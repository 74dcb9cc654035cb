import type {Excerpt} from '../../model/errors.js'
import {ConfigError} from '../error.js'
import type {Problem} from './node.js'

/** Lines and columns of a text, from 1; a column counts UTF-16 units. */
export class TextPlaces {
  readonly file: string
  readonly text: string
  readonly #starts: readonly number[]

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
    const starts = [0]
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    this.#starts = starts
  }

  line(offset: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  /** `.piton.yaml:12`. */
  at(offset: number): string {
    return `${this.file}:${this.line(offset)}`
  }

  /** `.piton.yaml:12:5`. */
  exactly(offset: number): string {
    const line = this.line(offset)
    return `${this.file}:${line}:${offset - (this.#starts[line - 1] ?? 0) + 1}`
  }

  excerpt({start, length}: Pick<Problem, 'start' | 'length'>): Excerpt {
    const number = this.line(start)
    const from = this.#starts[number - 1] ?? 0
    const line = this.text.slice(from, (this.#starts[number] ?? this.text.length + 1) - 1).replace(/\r$/, '')
    const column = Math.min(start - from, line.length)
    return {line, column, length: Math.max(1, Math.min(length, line.length - column))}
  }

  /** @param others how many more problems there are */
  error({message, hint, ...where}: Problem, others = 0): ConfigError {
    const more = others === 0 ? '' : `${others} more: piton config check lists them.`
    return new ConfigError('CONFIG_INVALID', `${this.exactly(where.start)}: ${message}`, {
      hint: [hint ?? '', more].filter(part => part !== '').join(' ') || undefined,
      excerpt: this.excerpt(where),
    })
  }
}
