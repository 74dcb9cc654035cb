/** What a version is made of, in the only order in which the parts may follow each other. */
export const kinds = {
  first: 0,
  digits: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  hash: 5,
  revision: 6,
  end: 7,
  invalid: 8,
} as const
export type Kind = (typeof kinds)[keyof typeof kinds]

/** Suffixes by rank; those below {@link release} come before the version that they are attached to. */
const suffixRanks: ReadonlyMap<string, number> = new Map([
  ['alpha', 1],
  ['beta', 2],
  ['pre', 3],
  ['rc', 4],
  ['cvs', 6],
  ['svn', 7],
  ['git', 8],
  ['hg', 9],
  ['p', 10],
])
const release = 5

/** Digits of 2^64 - 1. apk-tools wraps larger numbers around, which is no order at all: they are refused. */
const largest = '18446744073709551615'

/** NAME_MAX of Linux: a package is a file called NAME-VERSION.apk, so a longer version cannot be that of one. */
export const longest = 255

const zero = 0x30
const lowerA = 0x61
const lowerF = 0x66
const lowerZ = 0x7a

/**
 * Walks one version token by token, as apk-tools 3 reads it: digits{.digits}{letter}{_suffix{n}}{~hash}{-rN}. Stands on
 * the first token when made; a token that the grammar does not allow is `invalid`, and nothing is read after it.
 */
export class Tokens {
  kind: Kind = kinds.first
  readonly #text: string
  /** The token is `#text` from here … */
  #start = 0
  /** … to here. */
  #end = 0
  /** Of a number: where it starts after its leading zeros. */
  #significant = 0
  /** Of a suffix. */
  #rank = 0

  constructor(text: string) {
    this.#text = text
    if (text.length > longest) this.kind = kinds.invalid
    else this.#number(0, kinds.first)
  }

  /** Is it a suffix of something that comes before the release? */
  get isPrerelease(): boolean {
    return this.kind === kinds.suffix && this.#rank < release
  }

  /** Reads the rest. Is all of it well-formed? */
  endsWell(): boolean {
    while (this.kind < kinds.end) this.next()
    return this.kind === kinds.end
  }

  next(): void {
    const at = this.#end
    if (at === this.#text.length) {
      this.kind = kinds.end
      return
    }
    const code = this.#text.charCodeAt(at)
    const before = this.kind
    if (code === 0x2e /* . */ && before <= kinds.digits) this.#number(at + 1, kinds.digits)
    else if (isLower(code) && before <= kinds.digits) this.#take(at, at + 1, kinds.letter)
    else if (isDigit(code) && before === kinds.suffix) this.#number(at, kinds.suffixNumber)
    else if (code === 0x5f /* _ */ && before <= kinds.suffixNumber) this.#suffix(at + 1)
    else if (code === 0x7e /* ~ */ && before < kinds.hash) this.#take(at + 1, this.#span(at + 1, isHex), kinds.hash)
    else if (this.#text.startsWith('-r', at) && before < kinds.revision) this.#number(at + 2, kinds.revision)
    else this.kind = kinds.invalid
  }

  /** Orders two tokens of the same kind. */
  compare(other: Tokens): number {
    switch (this.kind) {
      case kinds.suffix:
        return this.#rank - other.#rank
      case kinds.digits:
        return this.#startsWithZero() || other.#startsWithZero() ? this.#compareText(other) : this.#compareNumber(other)
      case kinds.first:
      case kinds.suffixNumber:
      case kinds.revision:
        return this.#compareNumber(other)
      default:
        return this.#compareText(other)
    }
  }

  #number(start: number, kind: Kind): void {
    this.#take(start, this.#span(start, isDigit), kind)
    // Leading zeros count only where numbers compare as text.
    let significant = start
    while (significant < this.#end && this.#text.charCodeAt(significant) === zero) significant++
    this.#significant = significant
    const length = this.#end - significant
    if (length < largest.length) return
    if (length > largest.length || this.#text.slice(significant, this.#end) > largest) this.kind = kinds.invalid
  }

  #suffix(start: number): void {
    this.#take(start, this.#span(start, isLower), kinds.suffix)
    const rank = suffixRanks.get(this.#text.slice(this.#start, this.#end))
    if (rank === undefined) this.kind = kinds.invalid
    else this.#rank = rank
  }

  #take(start: number, end: number, kind: Kind): void {
    this.#start = start
    this.#end = end
    this.kind = start === end ? kinds.invalid : kind
  }

  /** Where the run of characters that starts at `at` ends. */
  #span(at: number, belongs: (code: number) => boolean): number {
    let end = at
    while (end < this.#text.length && belongs(this.#text.charCodeAt(end))) end++
    return end
  }

  #startsWithZero(): boolean {
    return this.#text.charCodeAt(this.#start) === zero
  }

  #compareNumber(other: Tokens): number {
    const length = this.#end - this.#significant
    const difference = length - (other.#end - other.#significant)
    return difference || this.#compareRun(this.#significant, other, other.#significant, length)
  }

  #compareText(other: Tokens): number {
    const length = this.#end - this.#start
    const otherLength = other.#end - other.#start
    return this.#compareRun(this.#start, other, other.#start, Math.min(length, otherLength)) || length - otherLength
  }

  #compareRun(start: number, other: Tokens, otherStart: number, length: number): number {
    for (let i = 0; i < length; i++) {
      const difference = this.#text.charCodeAt(start + i) - other.#text.charCodeAt(otherStart + i)
      if (difference !== 0) return difference
    }
    return 0
  }
}

function isDigit(code: number): boolean {
  return code >= zero && code <= 0x39
}

function isLower(code: number): boolean {
  return code >= lowerA && code <= lowerZ
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= lowerA && code <= lowerF)
}
