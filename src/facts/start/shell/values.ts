import {limits} from '../limits.js'
import type {Part, Statement, VariablePart, Word} from './syntax.js'

/** Words that something comes to; null for one that only a running shell can tell. */
export type Words = readonly (string | null)[]

/** Everything that it may come to: a script takes branches that nobody can foresee. */
export type Alternatives = readonly Words[]

/** What the shell knows when it expands a word. */
export interface Knowledge {
  /** What a variable holds; none where it is not set. */
  variable(part: VariablePart): Alternatives
  /** What a substitution prints. */
  printed(statements: readonly Statement[]): Alternatives
}

/** A value whose last word may still grow. */
interface Growing {
  readonly words: Words
  /** null: not known; undefined: there is none yet. */
  readonly last: string | null | undefined
}

/** What words may come to once variables and substitutions are replaced, one after the other. */
export function expandWords(words: readonly Word[], known: Knowledge): Alternatives {
  return words.reduce<Alternatives>(
    (before, word) =>
      bounded(before.flatMap(start => expandWord(word, known).map(end => [...start, ...end].slice(0, limits.words)))),
    [[]],
  )
}

export function expandWord(word: Word, known: Knowledge): Alternatives {
  let growing: readonly Growing[] = [{words: [], last: undefined}]
  for (const part of word) {
    const values = valuesOf(part, known)
    growing = growing.flatMap(grown => values.map(value => append(grown, value))).slice(0, limits.alternatives)
  }
  return bounded(growing.map(({words, last}) => (last === undefined ? words : [...words, last])))
}

/** Each once, and not more than a few. */
export function bounded(alternatives: Alternatives): Alternatives {
  const kept = new Map(alternatives.map(words => [JSON.stringify(words), words]))
  return [...kept.values()].slice(0, limits.alternatives)
}

function valuesOf(part: Part, known: Knowledge): Alternatives {
  switch (part.kind) {
    case 'text':
      return [[part.text]]
    case 'variable':
      return variableOf(part, known).map(words => (part.quoted ? words : splitAll(words)))
    case 'commands':
      return known.printed(part.statements).map(words => (part.quoted ? words : splitAll(words)))
    case 'list':
      return expandWords(part.words, known)
    case 'unknown':
      return [[null]]
  }
}

function variableOf(part: VariablePart, known: Knowledge): Alternatives {
  const values = known.variable(part).map(words => (part.all ? words : words.slice(0, 1)))
  const isMissing = values.length === 0 || values.some(([first]) => first === undefined || first === '')
  const others = isMissing && part.otherwise !== null ? expandWord(part.otherwise, known) : []
  const all = [...values, ...others]
  if (all.length > 0) return all
  return [part.all ? [] : ['']]
}

/** As a shell splits what is not quoted. */
function splitAll(words: Words): Words {
  return words.flatMap(word => (word === null ? [null] : word.split(/[ \t\n]+/).filter(part => part !== '')))
}

function append({words, last}: Growing, [first, ...rest]: Words): Growing {
  if (first === undefined) return {words, last}
  const joined = join(last, first)
  if (rest.length === 0) return {words, last: joined}
  return {words: [...words, joined, ...rest.slice(0, -1)].slice(0, limits.words), last: rest.at(-1)}
}

function join(last: Growing['last'], next: string | null): string | null {
  if (last === undefined) return next
  return last === null || next === null || last.length + next.length > limits.wordCharacters ? null : last + next
}
