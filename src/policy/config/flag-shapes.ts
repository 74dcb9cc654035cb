import {choice, described, oneOrMore, type Shape, text, truth} from './shape.js'

/** A flag of the command line that the configuration may set as well. */
export interface FlagShape {
  readonly name: string
  readonly description: string
  readonly kind: 'truth' | 'text' | 'list'
  /** The words that it takes; null for any. */
  readonly options: readonly string[] | null
  /** Refuses by throwing a PitonError. */
  readonly check?: (text: string) => void
}

export type FlagValue = boolean | string | readonly string[]

/** What a flag may be set to in a file. */
export function flagShape({description, kind, options, check}: FlagShape): Shape<FlagValue> {
  if (kind === 'truth') return described(description, truth)
  const word: Shape<string> = options === null ? text(check) : choice(options)
  return described<FlagValue>(description, kind === 'text' ? word : oneOrMore(word))
}
