import {limits} from './limits.js'
import {count} from './text.js'
import type {Warning} from './warning.js'

/** Collects warnings about one input; of each code only so many, so that a hostile input cannot flood the report. */
export class WarningList {
  readonly #byCode = new Map<string, {last: number; seen: number}>()
  readonly #kept: Warning[] = []

  add(warning: Warning): void {
    const code = this.#byCode.get(warning.code) ?? {last: -1, seen: 0}
    this.#byCode.set(warning.code, code)
    if (++code.seen <= limits.warningsPerCode) code.last = this.#kept.push(warning) - 1
  }

  /** As {@link add}, for one of very many: it is made only where it is kept. */
  addMade(code: string, make: () => Omit<Warning, 'code'>): void {
    const isKept = (this.#byCode.get(code)?.seen ?? 0) < limits.warningsPerCode
    this.add({message: '', ...(isKept && make()), code})
  }

  /** In the order in which they came; where some were left out, the last that was kept of their code says how many. */
  toArray(): Warning[] {
    const warnings = [...this.#kept]
    for (const {last, seen} of this.#byCode.values()) {
      const warning = warnings[last]
      if (warning === undefined || seen <= limits.warningsPerCode) continue
      const more = count(seen - limits.warningsPerCode, 'more warning like it', 'more warnings like it')
      warnings[last] = {...warning, message: `${warning.message} (and ${more})`}
    }
    return warnings
  }
}
