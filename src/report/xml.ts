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
  // Noncharacters are what is left of what XML 1.0, 2.2 and HTML forbid or warn of once the rest is visible.
  return visible(text)
    .replace(/\p{Noncharacter_Code_Point}/gu, character => `\\u{${character.codePointAt(0)?.toString(16)}}`)
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
