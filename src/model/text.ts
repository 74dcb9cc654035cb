/**
 * Control, bidirectional, invisible and lone-surrogate code points: what can move the cursor, hide text or reorder it.
 * C0, DEL and C1; soft hyphen; Arabic letter mark; Mongolian vowel separator; zero-width and bidirectional marks;
 * line and paragraph separators; invisible operators; BOM; interlinear anchors; tag characters.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|\p{Cs}/gu

/** Text from a stranger made safe to print: what is in {@link unsafe} becomes `\u{1b}`; everything else stays. */
export function visible(text: string): string {
  return text.replace(unsafe, character => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** `1 package`, `2 packages`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`
}

/** The first `length` code units and an ellipsis, never half a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}
