import {limits} from '../limits.js'

/** Thrown where a script is longer or deeper than any real one; caught where it began to be read. */
export class ShellLimit extends Error {}

/** The text of a script, and where its reader is. */
export class ShellText {
  readonly #text: string
  #at = 0
  #line = 1
  readonly #spent: {nesting: number; statements: number}

  constructor(text: string, spent = {nesting: 0, statements: 0}) {
    this.#text = text
    this.#spent = spent
  }

  /** Text out of this one, within the same bounds. */
  inner(text: string): ShellText {
    return new ShellText(text, this.#spent)
  }

  get line(): number {
    return this.#line
  }

  get isDone(): boolean {
    return this.#at >= this.#text.length
  }

  /** '' at the end. */
  peek(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead)
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  next(): string {
    const character = this.#text.charAt(this.#at++)
    if (character === '\n') this.#line++
    return character
  }

  skip(characters: number): void {
    for (let left = characters; left > 0 && !this.isDone; left--) this.next()
  }

  /** Up to `stop`, which is taken too; to the end where that comes first. */
  until(stop: string): string {
    const end = this.#text.indexOf(stop, this.#at)
    const text = this.#text.slice(this.#at, end < 0 ? undefined : end)
    this.skip(text.length + stop.length)
    return text
  }

  /** What a sticky pattern matches here, which is taken; '' where it does not. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.skip(found.length)
    return found
  }

  /** Reads something that may hold more of its kind. */
  nested<Value>(read: () => Value): Value {
    if (++this.#spent.nesting > limits.nesting) throw new ShellLimit()
    const value = read()
    this.#spent.nesting--
    return value
  }

  countStatement(): void {
    if (++this.#spent.statements > limits.statements) throw new ShellLimit()
  }
}
