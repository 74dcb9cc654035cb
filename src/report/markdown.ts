import type {Rule} from '../model/rule.js'
import {visible} from '../model/text.js'

/** What starts a tag, link, mention, emphasis, code, table cell or heading; and what makes GitHub link a bare address. */
const special = /[\\`*_{}[\]<>#|~&@]|:(?=\/\/)|(?<=www)\./gi

/** Text of a stranger for Markdown: every character is taken by its word. */
export function markdownText(text: string): string {
  return visible(text).replace(special, '\\$&')
}

/** What GitHub makes more of than its letters say, also where Markdown is escaped: people, issues, and issues again. */
const reference = /[@#]|GH-\d/i

/** As {@link markdownText}, for a comment on GitHub: a name from the target calls nobody, and mentions no issue. */
export function commentText(text: string): string {
  return text
    .split(' ')
    .map(word => (reference.test(word) ? codeSpan(word) : markdownText(word)))
    .join(' ')
}

/** Text of a stranger as code within a line or a table cell, which nothing inside can end. */
export function codeSpan(text: string): string {
  const shown = visible(text)
  if (/^[^`|\s](?:[^`|]*[^`|\s])?$/.test(shown)) return `\`${shown}\``
  const entities = shown.replace(/[^\p{L}\p{N} -]/gu, character => `&#${character.codePointAt(0)};`)
  return `<code>${entities}</code>`
}

/** A block of code that nothing inside can end. */
export function codeBlock(text: string, language = ''): string {
  const shown = visible(text)
  const longest = [...shown.matchAll(/`+/g)].reduce((most, [ticks]) => Math.max(most, ticks.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${shown}\n${fence}`
}

/** Paragraphs of a rule's help. Its words are ours, and are Markdown as they stand. */
export function helpMarkdown({why, fix, links}: Rule['help']): string[] {
  return [why, `**Fix:** ${fix}`, links.map(link => `- <${link}>`).join('\n')]
}
