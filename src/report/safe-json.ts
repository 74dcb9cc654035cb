import {unsafeCharacters} from '../model/text.js'
import {commandMark} from './log.js'

/**
 * Indented JSON that is safe to print: what a terminal would obey stands as `\u009b`, which every parser reads back as
 * the character it was, and so does what a CI runner would. JSON.stringify itself escapes only what is below U+0020, and
 * lone surrogates, which stand for bytes that are not UTF-8: many parsers refuse a document with one, so they are written
 * as in every other medium, `\u{dcff}` (RFC 7493, 2.1).
 */
export function safeJSON(value: unknown): string {
  return `${safe(JSON.stringify(value, null, 2))}\n`
}

/** A list of a document, whose items are made one after the other. */
export class Items<Item> {
  readonly #list: readonly Item[]
  readonly #documentOf: (item: Item) => unknown

  constructor(list: readonly Item[], documentOf: (item: Item) => unknown) {
    this.#list = list
    this.#documentOf = documentOf
  }

  /** So many at a time: thousands of small ones, or a few large ones, are some hundred kB. */
  *parts(): Generator<readonly unknown[]> {
    for (let at = 0; at < this.#list.length; at += 100) {
      yield this.#list.slice(at, at + 100).map(item => this.#documentOf(item))
    }
  }
}

/**
 * An object as {@link safeJSON} writes it, in pieces: neither the text of a long list nor the objects in it are there at
 * once. What no piece is cut in is a string, so that each can be made safe by itself.
 */
export function* safeJSONPieces(document: Readonly<Record<string, unknown>>): Generator<string> {
  let before = '{'
  for (const [key, value] of Object.entries(document)) {
    const name = JSON.stringify(key)
    if (!(value instanceof Items)) {
      const member = inner({[key]: value}, 1)
      if (member === null) continue
      yield `${before}\n${safe(member)}`
    } else {
      let isEmpty = true
      for (const part of value.parts()) {
        yield `${isEmpty ? `${before}\n  ${name}: [` : ','}\n${safe(inner({key: part}, 2) ?? '')}`
        isEmpty = false
      }
      yield isEmpty ? `${before}\n  ${name}: []` : '\n  ]'
    }
    before = ','
  }
  yield before === '{' ? '{}\n' : '\n}\n'
}

/** The lines of an object as JSON without the first and the last `depth`; null where it has no member. */
function inner(value: object, depth: 1 | 2): string | null {
  const text = JSON.stringify(value, null, 2)
  const [head, tail] = depth === 1 ? ['{\n', '\n}'] : ['{\n  "key": [\n', '\n  ]\n}']
  return text === '{}' ? null : text.slice(head.length, -tail.length)
}

function safe(written: string): string {
  const text = (written.includes('\\ud') ? written.replace(loneSurrogate, shown) : written).replace(
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
