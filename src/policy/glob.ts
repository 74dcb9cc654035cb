/** A pattern for paths or names. Time to match grows with the product of both lengths at worst, never beyond. */
export interface Glob {
  /** As it was written. */
  readonly pattern: string
  /** The only text that it matches; null where there are several. */
  readonly literal: string | null
  matches(text: string): boolean
}

/** What a name may consist of, letter by letter. */
type Token =
  | {readonly kind: 'letter'; readonly letter: string}
  | {readonly kind: 'any'}
  | {readonly kind: 'star'}
  | {readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [from: string, to: string])[]}

/** One name of a path; null for `**`, any number of names. */
type Part = readonly Token[] | null

/**
 * `*`, `?`, `[a-z]`, `[!a-z]` within a name, `**` for any number of folders, a backslash before what is meant as it is.
 * The pattern stands for whole paths, from the root on, with or without a slash at its start; `opt/vendor/` is all that
 * is in the folder. A name that begins with a dot is a name like any other.
 */
export function compileGlob(pattern: string): Glob {
  const parts = partsOf(pattern)
  const literal = literalOf(parts)
  if (literal !== null) return {pattern, literal, matches: text => text === literal}
  const prefix = literalPrefix(parts)
  return {pattern, literal, matches: text => text.startsWith(prefix) && matchParts(parts, text.split('/'))}
}

/** As {@link compileGlob}, for one name without slashes. */
export function compileNameGlob(pattern: string): (name: string) => boolean {
  const tokens = tokensOf(pattern)
  return name => matchName(tokens, name)
}

function partsOf(pattern: string): readonly Part[] {
  const names = (pattern.endsWith('/') ? `${pattern}**` : pattern).split('/').filter(name => name !== '')
  const parts = names.map(name => (name === '**' ? null : tokensOf(name)))
  // `a/**` is what is in a, not a itself.
  return parts.at(-1) === null ? [...parts, [{kind: 'star'}]] : parts
}

function tokensOf(name: string): readonly Token[] {
  const tokens: Token[] = []
  const letters = [...name]
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? ''
    if (letter === '\\' && at + 1 < letters.length) tokens.push({kind: 'letter', letter: letters[++at] ?? ''})
    else if (letter === '?') tokens.push({kind: 'any'})
    else if (letter === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({kind: 'star'})
    } else if (letter === '[') {
      // A bracket directly behind the opening one is meant as it is.
      const negated = letters[at + 1] === '!' || letters[at + 1] === '^'
      const first = at + (negated ? 2 : 1)
      const end = letters.indexOf(']', first + 1)
      if (end < 0) tokens.push({kind: 'letter', letter})
      else {
        tokens.push({kind: 'set', negated, ranges: rangesOf(letters.slice(first, end))})
        at = end
      }
    } else tokens.push({kind: 'letter', letter})
  }
  return tokens
}

function rangesOf(letters: readonly string[]): readonly (readonly [string, string])[] {
  const ranges: [string, string][] = []
  for (let at = 0; at < letters.length; at++) {
    const from = letters[at] ?? ''
    const to = letters[at + 2]
    if (letters[at + 1] === '-' && to !== undefined) {
      ranges.push([from, to])
      at += 2
    } else ranges.push([from, from])
  }
  return ranges
}

function literalOf(parts: readonly Part[]): string | null {
  const names = parts.map(part => (part === null ? null : literalName(part)))
  return names.includes(null) ? null : names.join('/')
}

function literalName(tokens: readonly Token[]): string | null {
  const letters = tokens.map(token => (token.kind === 'letter' ? token.letter : null))
  return letters.includes(null) ? null : letters.join('')
}

/** What every match begins with: most paths are told apart by that alone. */
function literalPrefix(parts: readonly Part[]): string {
  let prefix = ''
  for (const part of parts) {
    if (part === null) return prefix
    for (const token of part) {
      if (token.kind !== 'letter') return prefix
      prefix += token.letter
    }
    prefix += '/'
  }
  return prefix
}

/**
 * The last `**` takes as few names as will do, and one more each time that the rest does not fit: what an earlier one
 * took need never be looked at again.
 */
function matchParts(parts: readonly Part[], names: readonly string[]): boolean {
  let at = 0
  let name = 0
  let retry: {readonly at: number; name: number} | null = null
  while (name < names.length) {
    const part = parts[at]
    if (part === null) {
      retry = {at: ++at, name}
    } else if (part !== undefined && matchName(part, names[name] ?? '')) {
      at++
      name++
    } else if (retry !== null) {
      at = retry.at
      name = ++retry.name
    } else return false
  }
  while (parts[at] === null) at++
  return at === parts.length
}

/** As {@link matchParts}, for the letters of a name and `*`. */
function matchName(tokens: readonly Token[], name: string): boolean {
  let at = 0
  let index = 0
  let retry: {readonly at: number; index: number} | null = null
  while (index < name.length) {
    const token = tokens[at]
    const letter = String.fromCodePoint(name.codePointAt(index) ?? 0)
    if (token?.kind === 'star') {
      retry = {at: ++at, index}
    } else if (token !== undefined && matchesLetter(token, letter)) {
      at++
      index += letter.length
    } else if (retry !== null) {
      at = retry.at
      retry.index += String.fromCodePoint(name.codePointAt(retry.index) ?? 0).length
      index = retry.index
    } else return false
  }
  while (tokens[at]?.kind === 'star') at++
  return at === tokens.length
}

function matchesLetter(token: Token, letter: string): boolean {
  switch (token.kind) {
    case 'letter':
      return token.letter === letter
    case 'set':
      return token.ranges.some(([from, to]) => from <= letter && letter <= to) !== token.negated
    default:
      return token.kind === 'any'
  }
}
