import {ApkError} from '../model/errors.js'
import {shorten} from '../model/text.js'
import {compareLegacy, isValidLegacy} from './version-legacy.js'
import {kinds, Tokens} from './version-tokens.js'

/**
 * Orders two apk versions as apk-tools 3 does: digits{.digits}{letter}{_suffix{n}}{~hash}{-rN}.
 * @returns negative, 0 or positive as `a` is older than, the same as or newer than `b`
 * @throws {ApkError} APK_BAD_VERSION if either is invalid: an unknown order must not read as "fixed"
 */
export function compareVersions(a: string, b: string): number {
  const left = new Tokens(a)
  const right = new Tokens(b)
  const order = compareTokens(left, right, false)
  if (left.endsWell() && right.endsWell()) return order
  const malformed = left.endsWell() ? b : a
  throw new ApkError('APK_BAD_VERSION', `${JSON.stringify(shorten(malformed, 100))} is not an apk version`, {
    hint: 'An apk version looks like 1.2.3a_rc1-r0.',
  })
}

/** Would apk-tools 3 accept it, and can its numbers (64 bit) be told apart? */
export function isValidVersion(text: string): boolean {
  return new Tokens(text).endsWell()
}

/**
 * Does `a op b` hold as in a dependency of apk? `op` is made of `<`, `=`, `>`; `~` also takes `b` as a prefix; `!`
 * negates. Versions may be malformed: as in apk, what stands before the malformed part decides.
 */
export function satisfies(a: string, op: string, b: string): boolean {
  const fuzzy = op.includes('~')
  const order = compareTokens(new Tokens(a), new Tokens(b), fuzzy)
  const holds =
    (order < 0 && op.includes('<')) || (order > 0 && op.includes('>')) || (order === 0 && (fuzzy || op.includes('=')))
  return holds !== op.includes('!')
}

/** Where an installed version stands against the one that fixes something. */
export interface MatchingOrder {
  readonly order: 'older' | 'fixed' | 'unknown'
  /** Why the order is not certain; null where both versions are well-formed, or nobody doubts that it is fixed. */
  readonly note: string | null
}

const older: MatchingOrder = {order: 'older', note: null}
const fixed: MatchingOrder = {order: 'fixed', note: null}

/**
 * Has `installed` reached `fix`? Where either is malformed, apk-tools 3 may stop too early and call them equal, so the
 * rules of 2.x are asked as well, and it is fixed only if both say so. Never throws.
 */
export function orderForMatching(installed: string, fix: string): MatchingOrder {
  if (installed === fix) return fixed
  const a = new Tokens(installed)
  const b = new Tokens(fix)
  const modern = compareTokens(a, b, false)
  if (a.endsWell() && b.endsWell()) return modern < 0 ? older : fixed

  const legacy = compareLegacy(installed, fix)
  const told = legacy.sure && (modern !== 0 || (isValidLegacy(installed) && isValidLegacy(fix)))
  const malformed = [installed, fix].filter(version => !isValidVersion(version))
  const note = `not well-formed: ${malformed.map(version => JSON.stringify(shorten(version, 100))).join(' and ')}`
  if (told && modern < 0 && legacy.order < 0) return {order: 'older', note}
  if (told && modern >= 0 && legacy.order >= 0) return fixed
  return {order: 'unknown', note: `${note}; it cannot be told for certain which version is older`}
}

/** Token by token; the first that differ decide. Linear in the shorter version. */
function compareTokens(a: Tokens, b: Tokens, fuzzy: boolean): number {
  while (a.kind === b.kind && a.kind < kinds.end) {
    const order = a.compare(b)
    if (order !== 0) return order
    a.next()
    b.next()
  }
  if (a.kind === b.kind || (fuzzy && b.kind === kinds.end)) return 0
  // One side goes on. That makes it newer, unless it goes on with a pre-release; what stands earlier in the grammar is
  // the more significant, and the end comes last.
  if (a.isPrerelease) return -1
  if (b.isPrerelease) return 1
  return b.kind - a.kind
}
