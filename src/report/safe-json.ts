import {unsafeCharacters} from '../model/text.js'
import {commandMark} from './log.js'

/**
 * Indented JSON that is safe to print: what a terminal would obey stands as `\u009b`, which every parser reads back as
 * the character it was, and so does what a CI runner would. JSON.stringify itself escapes only what is below U+0020, and
 * lone surrogates, which stand for bytes that are not UTF-8: many parsers refuse a document with one, so they are written
 * as in every other medium, `\u{dcff}` (RFC 7493, 2.1).
 */
export function safeJSON(value: unknown): string {
  const written = JSON.stringify(value, null, 2)
  const text = `${written.includes('\\ud') ? written.replace(loneSurrogate, shown) : written}\n`.replace(
    commandMark,
    escaped,
  )
  // Most reports are plain ASCII, where the one pass of a simple expression is enough. Line ends are our indentation:
  // inside strings they are escaped already.
  if (!/[^\n -~]/.test(text)) return text
  return text.replace(unsafeCharacters, character => (character === '\n' ? character : escaped(character)))
}

/** As JSON.stringify escapes it; a backslash that is one itself is taken first. */
const loneSurrogate = /\\\\|\\u(d[89a-f][0-9a-f]{2})/g

function shown(written: string, unit: string | undefined): string {
  return unit === undefined ? written : `\\\\u{${unit}}`
}

/** Each UTF-16 code unit as JSON writes it. */
function escaped(character: string): string {
  return Array.from({length: character.length}, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}
