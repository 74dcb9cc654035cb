import type {Rule} from '../model/rule.js'
import {visible} from '../model/text.js'

/** What starts a tag, link, mention, emphasis, code, table cell or heading; and what makes GitHub link a bare address. */
const special = /[\\`*_{}[\]<>#|~&@]|:(?=\/\/)|(?<=www)\./gi

/** Text of a stranger for Markdown: every character is taken by its word. */
export function markdownText(text: string): string {
  return visible(text).replace(special, '\\$&')
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
