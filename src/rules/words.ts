import {shorten} from '../model/text.js'

/** Longest name that a finding repeats: NAME_MAX of Linux, so what is longer was never a package. */
const nameLength = 255

/** A name from the target, cut where nobody would read on. */
export function name(text: string): string {
  return shorten(text, nameLength)
}

/** What varies in a sentence stands in quotes (SARIF2001). */
export function quote(text: string): string {
  return `'${name(text)}'`
}

/** `'a'`, `'a' and 'b'`, `'a', 'b' and 3 more`. */
export function quoteList(texts: readonly string[], most = 4): string {
  const shown = texts.slice(0, texts.length > most ? most - 1 : most).map(quote)
  const last = texts.length > shown.length ? `${texts.length - shown.length} more` : shown.pop()
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : (last ?? '')
}

/** With one period at its end. */
export function sentence(text: string): string {
  return `${text.replace(/[.\s]+$/, '')}.`
}

/** Does apk accept it as a package name? Anything else must not get into a command that somebody pastes. */
export function isPackageName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,254}$/.test(text)
}
