import {unsafeCharacters} from '../model/text.js'
import {commandMark} from './log.js'

/**
 * Indented JSON that is safe to print: what a terminal would obey stands as `\u009b`, which every parser reads back as
 * the character it was, and so does what a CI runner would. JSON.stringify itself escapes only what is below U+0020, and lone surrogates.
 */
export function safeJSON(value: unknown): string {
  const text = `${JSON.stringify(value, null, 2)}\n`.replace(commandMark, escaped)
  // Most reports are plain ASCII, where the one pass of a simple expression is enough. Line ends are our indentation:
  // inside strings they are escaped already.
  if (!/[^\n -~]/.test(text)) return text
  return text.replace(unsafeCharacters, character => (character === '\n' ? character : escaped(character)))
}

/** Each UTF-16 code unit as JSON writes it. */
function escaped(character: string): string {
  return Array.from({length: character.length}, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}
