import type {HistoryEntry, Platform} from '../model/image.js'
import {parseCreatedBy} from './created-by.js'
import {type Expanded, expandText} from './expand.js'
import type {Dockerfile, Instruction} from './instruction.js'
import {splitWords} from './words.js'

export type Values = ReadonlyMap<string, string>

/**
 * The variables of a stage while its instructions go by. ENV beats ARG whatever the order; an ARG without a value takes
 * that of the same ARG before the first FROM. The Dockerfile does not say what the base image sets and what
 * `--build-arg` gave: the history does, and so stands in for both.
 * @see Dockerfile reference, "Using ARG variables", "Predefined ARGs", "Scope"
 */
export class Scope {
  readonly #escape: string
  readonly #outer: Values
  readonly #known: Values
  readonly #args = new Map<string, string>()
  readonly #env = new Map<string, string>()

  /**
   * @param outer what an ARG without a value takes
   * @param known what is told from elsewhere, and holds unless an ENV says otherwise
   */
  constructor(dockerfile: Pick<Dockerfile, 'escape'>, outer: Values, known: Values) {
    this.#escape = dockerfile.escape
    this.#outer = outer
    this.#known = known
  }

  expand(text: string): Expanded {
    const lookUp = (name: string) => this.#env.get(name) ?? this.#args.get(name) ?? this.#known.get(name)
    return expandText(text, this.#escape, lookUp)
  }

  /** Takes in what ARG and ENV declare; other instructions declare nothing. */
  declare({keyword, text}: Instruction): void {
    if (keyword !== 'ARG' && keyword !== 'ENV') return
    for (const [name, written] of pairsOf(text, this.#escape)) {
      if (keyword === 'ENV') this.#env.set(name, this.expand(written ?? '').text)
      else this.#declareArg(name, written)
    }
  }

  get args(): Values {
    return this.#args
  }

  #declareArg(name: string, written: string | null): void {
    const value = this.#known.get(name) ?? (written === null ? this.#outer.get(name) : this.expand(written).text)
    if (value !== undefined) this.#args.set(name, value)
  }
}

/** `A=1 B="2 3"`, or the old `A 1 2`. null: a name without a value. */
function pairsOf(text: string, escapeMark: string): [name: string, written: string | null][] {
  const words = splitWords(text, escapeMark)
  const [first] = words
  if (first === undefined) return []
  if (!first.includes('=') && words.length > 1 && !words.some(word => word.includes('='))) {
    return [[first, text.slice(text.indexOf(first) + first.length).trim()]]
  }
  return words.map(word => {
    const equals = word.indexOf('=')
    return equals < 0 ? [word, null] : [word.slice(0, equals), word.slice(equals + 1)]
  })
}

/** Values that the history names: `ENV A=1 B=2`, and `ARG A=1` with what the build was given. The last one counts. */
export function valuesOf(history: readonly HistoryEntry[]): Values {
  const values = new Map<string, string>()
  for (const {createdBy} of history) {
    const {kind, text} = parseCreatedBy(createdBy)
    if (kind !== 'ENV' && kind !== 'ARG') continue
    for (const pair of text.split(/ (?=[A-Za-z_]\w*=)/)) {
      const equals = pair.indexOf('=')
      if (equals > 0) values.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
  }
  return values
}

/** What builders set without being asked, for an ARG of that name. */
export function platformValues(platform: Platform | null): Values {
  if (platform === null) return new Map()
  const {os, architecture, variant = ''} = platform
  return new Map([
    ['TARGETPLATFORM', [os, architecture, variant].filter(part => part !== '').join('/')],
    ['TARGETOS', os],
    ['TARGETARCH', architecture],
    ['TARGETVARIANT', variant],
  ])
}
