import type {Rule} from '../model/rule.js'
import {helpMarkdown} from './markdown.js'

/**
 * The page of all rules, `src/rules/README.md`. The heading of each is its id alone, so that its anchor, which SARIF
 * reports link to, stays when the title is written better.
 */
export function rulesMarkdown(rules: readonly Rule[]): string {
  const rows = rules.map(({id, name, title, severity}) => [`[${id}](#${id.toLowerCase()})`, name, severity, title])
  const sections = rules.flatMap(({id, name, title, severity, family, help}) => [
    `## ${id}`,
    `**${name}** (${family}, ${severity}): ${title}.`,
    ...helpMarkdown(help),
  ])
  const introduction =
    'Made from the rules in this folder: change a rule, then run `npx vitest run test/report/rules-markdown.test.ts -u`.'
  const paragraphs = ['# Rules', introduction, tableOf(['id', 'name', 'severity', 'what it finds'], rows), ...sections]
  return `${paragraphs.join('\n\n')}\n`
}

/** Columns are aligned, as the formatter would align them. */
function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, index) => Math.max(title.length, ...rows.map(row => row[index]?.length ?? 0)))
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width, fill)).join(' | ')} |`
  return [line(titles), line([], '-'), ...rows.map(row => line(row))].join('\n')
}
