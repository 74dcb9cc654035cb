import type {VariablePart} from './syntax.js'
import {type Alternatives, bounded} from './values.js'

/** What a shell is started with. */
export interface ShellStart {
  /** Named in reasons: `usr/local/bin/docker-entrypoint.sh`. */
  readonly script: string
  /** `$0`. */
  readonly zero: string
  readonly positional: Alternatives
  readonly variables: ReadonlyMap<string, Alternatives>
  /** The working folder. */
  readonly folder: string
  /** Scripts and functions around it. */
  readonly depth: number
}

/** The variables of one shell: each with everything that it may hold. */
export class ShellState {
  readonly script: string
  readonly zero: string
  readonly depth: number
  readonly variables: Map<string, Alternatives>
  folder: string
  positional: Alternatives

  constructor({script, zero, positional, variables, folder, depth}: ShellStart) {
    this.script = script
    this.zero = zero
    this.depth = depth
    this.variables = new Map(variables)
    this.folder = folder
    this.positional = positional
  }

  /** A shell that changes nothing of this one. */
  fork(): ShellState {
    return new ShellState(this)
  }

  /** @param sure is this what it holds from here on, or only one more value that it may hold? */
  assign(name: string, values: Alternatives, sure: boolean): void {
    this.variables.set(name, sure ? values : bounded([...values, ...(this.variables.get(name) ?? [])]))
  }

  setPositional(values: Alternatives, sure: boolean): void {
    this.positional = sure ? values : bounded([...values, ...this.positional])
  }

  lookUp({name}: VariablePart): Alternatives {
    if (name === '@' || name === '*') return this.positional
    if (name === '0' || name === 'BASH_SOURCE') return [[this.zero]]
    if (name === 'PWD') return [[this.folder]]
    if (/^\d+$/.test(name)) {
      return bounded(
        this.positional.flatMap(words => (Number(name) > words.length ? [] : [[words[Number(name) - 1] ?? null]])),
      )
    }
    return this.variables.get(name) ?? (/^\w/.test(name) ? [] : [[null]])
  }
}
