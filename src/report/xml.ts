import {visible} from '../model/text.js'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text of a stranger for XML and HTML, inside of an element or of an attribute in quotes; one line stays one line. */
export function escaped(text: string): string {
  // What is left of the characters that XML 1.0, 2.2 forbids once control characters and surrogates are visible.
  return visible(text)
    .replace(/[\ufffe\uffff]/g, character => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"']/g, character => entities[character] ?? '')
}

/** One element, indented as its depth asks. `content`: lines of text, or elements that are already written. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: {readonly text?: readonly string[]; readonly children?: readonly string[]} = {},
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  const open = `<${name}${pairs.join('')}`
  const {text = [], children = []} = content
  if (text.length > 0) return `${open}>${text.map(escaped).join('\n')}</${name}>`
  if (children.length > 0) return `${open}>\n${children.join('\n')}\n</${name}>`
  return `${open}/>`
}
