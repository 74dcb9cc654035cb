import {limits} from './limits.js'

export interface Expanded {
  readonly text: string
  /** false where a variable stands in the text whose value nobody knows: its name is left in place. */
  readonly complete: boolean
}

/** The value of a variable; undefined where it is not known. */
export type LookUp = (name: string) => string | undefined

/**
 * Replaces variables, quotes and escapes in one word or line, as builders do in every instruction but RUN, CMD and
 * ENTRYPOINT: `$A`, `${A}`, `${A:-word}`, `${A-word}`, `${A:+word}`, `${A+word}`, `${A:?word}`. Patterns
 * (`${A#x}`, `${A/x/y}`) are left as they are, and so is what would become too long.
 * @see Dockerfile reference, "Environment replacement"
 */
export function expandText(text: string, escapeMark: string, lookUp: LookUp): Expanded {
  return new Expansion(text, escapeMark, lookUp).result()
}

class Expansion {
  readonly #text: string
  readonly #escape: string
  readonly #lookUp: LookUp
  #at = 0
  #length = 0
  #complete = true

  constructor(text: string, escapeMark: string, lookUp: LookUp) {
    this.#text = text
    this.#escape = escapeMark
    this.#lookUp = lookUp
  }

  result(): Expanded {
    const text = this.#until('', 0)
    if (this.#length > limits.expandedCharacters) return {text: this.#text, complete: false}
    return {text, complete: this.#complete}
  }

  /** Up to `stop`, which is taken too; to the end where that comes first. */
  #until(stop: string, depth: number): string {
    let out = ''
    let quoted = false
    while (this.#at < this.#text.length && this.#length <= limits.expandedCharacters) {
      const start = this.#at
      const character = this.#next()
      if (character === stop && !quoted) return out
      if (character === '"') quoted = !quoted
      else if (character === "'" && !quoted) out += this.#singleQuoted()
      else if (character === this.#escape) out += this.#escaped(quoted)
      else if (character === '$') out += this.#variable(start, depth)
      else out += this.#count(character)
    }
    return out
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at)
    const inside = this.#text.slice(this.#at, end < 0 ? undefined : end)
    this.#at += inside.length + 1
    return this.#count(inside)
  }

  /** Inside double quotes only a few characters can be escaped; before others the escape stays. */
  #escaped(quoted: boolean): string {
    const character = this.#next()
    const stays = quoted && character !== '"' && character !== '$' && character !== this.#escape
    return this.#count(stays ? this.#escape + character : character)
  }

  /** @param start where the `$` stands */
  #variable(start: number, depth: number): string {
    const braces = this.#text[this.#at] === '{'
    if (braces) this.#at++
    const name = this.#name()
    if (name === '') return this.#unknown(start)
    const value = this.#lookUp(name)
    if (!braces || this.#text[this.#at] === '}') {
      if (braces) this.#at++
      return value === undefined ? this.#unknown(start) : this.#count(value)
    }
    return this.#modified(start, value, depth)
  }

  /** `${A` has been read, and a modifier follows. An unset variable and one that nobody knows are the same here. */
  #modified(start: number, value: string | undefined, depth: number): string {
    const colon = this.#text[this.#at] === ':'
    if (colon) this.#at++
    const modifier = this.#next()
    if (depth >= limits.expansionDepth || !/^[-+?]$/.test(modifier)) {
      const end = this.#text.indexOf('}', this.#at)
      this.#at = end < 0 || depth >= limits.expansionDepth ? this.#text.length : end + 1
      return this.#unknown(start)
    }
    const before = this.#length
    const word = this.#until('}', depth + 1)
    const end = this.#length
    this.#length = before
    const isSet = value !== undefined && !(colon && value === '')
    if (modifier === '+') return isSet ? this.#kept(word, end) : ''
    if (isSet) return this.#count(value)
    return modifier === '-' ? this.#kept(word, end) : this.#unknown(start)
  }

  /** Letters, digits and `_`; one digit or sign alone is a parameter of a shell, which a builder never has. */
  #name(): string {
    const start = this.#at
    while (/^\w$/.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#text.slice(start, this.#at)
  }

  /** What was read from `start` on stays as it is. A lone `$` is not a variable. */
  #unknown(start: number): string {
    const text = this.#text.slice(start, this.#at)
    if (text !== '$') this.#complete = false
    return this.#count(text)
  }

  #kept(word: string, lengthAfter: number): string {
    this.#length = lengthAfter
    return word
  }

  #count(text: string): string {
    this.#length += text.length
    return text
  }

  #next(): string {
    return this.#text.charAt(this.#at++)
  }
}
