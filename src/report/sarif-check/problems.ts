import {count, shorten, visible} from '../../model/text.js'
import {limits} from './limits.js'

/** Something in a SARIF file that GitHub rejects it for (error), or does not show as it was meant (warning). */
export interface SarifProblem {
  readonly level: 'error' | 'warning'
  /** Stable, for machines: `SARIF_BAD_SEVERITY`. */
  readonly code: string
  /** `runs[0].results[3].locations`; '' for the file. Safe to print. */
  readonly path: string
  /** What is wrong there, and what GitHub makes of it. Safe to print. */
  readonly message: string
}

/** Collects problems; of each kind only so many, so that 25,000 bad results do not hide the rest. */
export class Problems {
  readonly #kept: SarifProblem[] = []
  readonly #kinds = new Map<string, {last: number; seen: number}>()
  #errors = 0

  error(code: string, path: string, message: string): void {
    this.#errors++
    this.#add({level: 'error', code, path, message})
  }

  warning(code: string, path: string, message: string): void {
    this.#add({level: 'warning', code, path, message})
  }

  /** Listed or not. */
  get errors(): number {
    return this.#errors
  }

  /** Was there one of this kind? */
  has(code: string): boolean {
    return this.#kinds.has(`error ${code}`) || this.#kinds.has(`warning ${code}`)
  }

  /** Errors first, each level in the order of the file. Of a kind with more, the last one that is listed says how many. */
  toArray(): SarifProblem[] {
    const listed = [...this.#kept]
    for (const {last, seen} of this.#kinds.values()) {
      const problem = listed[last]
      if (problem === undefined || seen <= limits.problemsPerKind) continue
      listed[last] = {
        ...problem,
        message: `${problem.message} (and ${count(seen - limits.problemsPerKind, 'more like it', 'more like it')})`,
      }
    }
    return [...listed.filter(({level}) => level === 'error'), ...listed.filter(({level}) => level === 'warning')]
  }

  #add(problem: SarifProblem): void {
    const name = `${problem.level} ${problem.code}`
    const kind = this.#kinds.get(name) ?? {last: -1, seen: 0}
    this.#kinds.set(name, kind)
    if (++kind.seen <= limits.problemsPerKind) kind.last = this.#kept.push(problem) - 1
  }
}

/** A value of the file in a message: shortened, and with nothing in it that a terminal would obey. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return `'${visible(shorten(value, limits.quotedCharacters))}'`
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** The same as a sentence, also of what is not there. */
export function quotedOrNone(value: unknown): string {
  return value === undefined ? 'there is none' : `is ${quoted(value)}`
}
