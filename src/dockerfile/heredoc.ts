import {expandText} from './expand.js'
import {splitWords} from './words.js'

/** A word that opens a heredoc: `<<EOF`, `<<-"EOF"`, `3<<EOF`. */
export interface HeredocStart {
  readonly name: string
  /** `<<-`: leading tabs do not count. */
  readonly chomp: boolean
}

/** Always the backslash: the lexer of heredocs does not know the escape directive. */
const backslash = '\\'

/** The heredocs that a line opens, in order. A here-string (`<<<`) and a shift (`$((1<<2))`) are none. */
export function heredocsOf(text: string): HeredocStart[] {
  if (!text.includes('<<')) return []
  return splitWords(text, backslash).flatMap(word => heredocOf(word) ?? [])
}

/** What one word opens; null for any other word. */
export function heredocOf(word: string): HeredocStart | null {
  const [, dash, rest] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? []
  if (rest === undefined) return null
  const name = expandText(rest, backslash, () => undefined).text
  return name === '' ? null : {name, chomp: dash === '-'}
}
