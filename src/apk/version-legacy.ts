import {longest} from './version-tokens.js'

/**
 * The order of apk-tools 2.x, for versions that apk-tools 3 refuses. It lets digits follow a letter (`6.6.4p1`) and a
 * component be empty (`4.8.0.-r1`); a component's leading zeros count as a negative number of their own.
 */
const kinds = {
  invalid: -1,
  component: 0,
  digits: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  revision: 5,
  end: 6,
} as const
type Kind = (typeof kinds)[keyof typeof kinds]

/** Ranked by prefix, as 2.x does: the first that fits. Negative ones come before the release. */
const suffixes: readonly (readonly [name: string, rank: number])[] = [
  ['alpha', -4],
  ['beta', -3],
  ['pre', -2],
  ['rc', -1],
  ['cvs', 0],
  ['svn', 1],
  ['git', 2],
  ['hg', 3],
  ['p', 4],
]

/** What the legacy rules say of two versions. */
export interface LegacyOrder {
  readonly order: number
  /** Was it told by well-formed parts, or does it rest on something that 2.x cannot read either? */
  readonly sure: boolean
}

/** Orders two versions, of which at least one is not well-formed, as apk-tools 2.x does. Never throws. */
export function compareLegacy(left: string, right: string): LegacyOrder {
  const a = new LegacyTokens(left)
  const b = new LegacyTokens(right)
  while (a.kind === b.kind && a.value === b.value && a.isReadable) {
    a.read()
    b.read()
  }
  const sure = a.kind !== kinds.invalid && b.kind !== kinds.invalid
  if (a.value !== b.value) return {order: a.value - b.value, sure: sure || (a.value >= 0 && b.value >= 0)}
  if (a.kind === b.kind) return {order: 0, sure}
  if (a.isPrerelease()) return {order: -1, sure}
  if (b.isPrerelease()) return {order: 1, sure}
  return {order: b.kind - a.kind, sure}
}

/** Does apk-tools 2.x accept it? */
export function isValidLegacy(text: string): boolean {
  const tokens = new LegacyTokens(text)
  while (tokens.isReadable) tokens.read()
  return tokens.kind === kinds.end
}

class LegacyTokens {
  /** What stands at the cursor. */
  kind: Kind = kinds.digits
  /** Of the token that was read last. */
  value = 0
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
    if (text.length > longest) this.kind = kinds.invalid
  }

  get isReadable(): boolean {
    return this.kind !== kinds.end && this.kind !== kinds.invalid
  }

  /** Reads one token, and looks which kind comes next. */
  read(): void {
    if (this.#at >= this.#text.length) {
      this.kind = kinds.end
      this.value = 0
      return
    }
    const zeros = this.kind === kinds.component ? this.#span(/0*/y) : ''
    if (zeros !== '') {
      this.value = -zeros.length
      this.kind = this.#at === this.#text.length ? kinds.end : kinds.digits
    } else if (this.#readValue()) this.#advance()
    else {
      this.value = -1
      this.kind = kinds.invalid
    }
  }

  isPrerelease(): boolean {
    return this.kind === kinds.suffix && (this.#suffix()?.[1] ?? -1) < 0
  }

  #readValue(): boolean {
    if (this.kind === kinds.letter) {
      this.value = this.#text.charCodeAt(this.#at++)
      return true
    }
    if (this.kind === kinds.suffix) {
      const found = this.#suffix()
      if (found === undefined) return false
      this.#at += found[0].length
      this.value = found[1]
      return true
    }
    // An empty run of digits counts as 0; one that a double cannot hold exactly has no order.
    this.value = Number(this.#span(/[0-9]*/y))
    return Number.isSafeInteger(this.value)
  }

  #suffix(): readonly [string, number] | undefined {
    return suffixes.find(([name]) => this.#text.startsWith(name, this.#at))
  }

  /** Steps over the separator, if there is one, to the next token. */
  #advance(): void {
    const before = this.kind
    const next = this.#nextKind(before)
    const stepsBack =
      (next === kinds.component && before === kinds.digits) ||
      (next === kinds.suffix && before === kinds.suffixNumber) ||
      (next === kinds.digits && before === kinds.letter)
    this.kind = next >= before || stepsBack ? next : kinds.invalid
  }

  #nextKind(before: Kind): Kind {
    const character = this.#text[this.#at]
    if (character === undefined) return kinds.end
    if (before <= kinds.digits && character >= 'a' && character <= 'z') return kinds.letter
    if (character >= '0' && character <= '9') {
      if (before === kinds.letter) return kinds.digits
      if (before === kinds.suffix) return kinds.suffixNumber
    }
    this.#at++
    if (character === '.') return kinds.component
    if (character === '_') return kinds.suffix
    if (character !== '-' || this.#text[this.#at] !== 'r') return kinds.invalid
    this.#at++
    return kinds.revision
  }

  #span(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}
