/** Control, format, bidirectional, invisible and lone-surrogate code points: what moves the cursor, hides or reorders. */
export const unsafeCharacters = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}/gu

/** Text from a stranger made safe to print: what is in {@link unsafeCharacters} becomes `\u{1b}`; everything else stays. */
export function visible(text: string): string {
  return text.replace(unsafeCharacters, character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** `1 package`, `2 packages`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(number)} ${number === 1 ? noun : plural}`
}

/** `1,234,567`. Not by `toLocaleString`: loading its tables costs a tenth of a whole scan. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** The first `length` code units and an ellipsis, never half a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Orders text by its code units, as no locale does: for output that is the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
