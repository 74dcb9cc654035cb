import {escaped} from './xml.js'

/** HTML that is safe to send: {@link html} makes it, and escapes all that is put into it. */
export class Markup {
  readonly text: string

  /** @param text HTML of our own, without a word from anybody else */
  constructor(text: string) {
    this.text = text
  }
}

type Part = Markup | string | number | null | readonly Part[]

/** A piece of HTML: text that is put in is escaped, markup that is put in stays. Attributes stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, index) => (index === 0 ? string : textOf(parts[index - 1]) + string)).join(''))
}

/** Words of a rule, in which Markdown marks `code`. */
export function withCode(words: string): Markup {
  const parts = words.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
  return new Markup(parts.map(({text}) => text).join(''))
}

function textOf(part: Part | undefined): string {
  if (part === null || part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(textOf).join('\n')
  return escaped(String(part))
}
