import {groupBy} from '../model/group.js'
import {limits} from '../model/limits.js'
import type {Finding} from '../model/report.js'
import type {Family, Rule} from '../model/rule.js'
import {grouped, visible} from '../model/text.js'
import {type Canvas, prose, severityIndent, severityLines} from './canvas.js'
import {clip} from './columns.js'
import {whyText} from './grounds.js'
import {rulePage} from './hyperlink.js'
import {rowsOf} from './table-rows.js'

/** Of a rule that only notes, or that can find something in every file, so many places show what it is about. */
const notesShown = 10
const filesShown = 20

/** In the order in which they stand. */
const headings: Readonly<Record<Exclude<Family, 'vulnerability'>, string>> = {
  hardening: 'Hardening',
  musl: 'musl',
  image: 'Image',
}

/** What is not about a package: for each family one block for each rule, the worst first. */
export function otherLines(findings: readonly Finding[], canvas: Canvas, rules: readonly Rule[]): string[] {
  const byFamily = groupBy(findings, ({family}) => family)
  const sections = Object.entries(headings).flatMap(([family, heading]) => {
    const found = byFamily.get(family as Family)
    return found === undefined ? [] : [familyLines(heading, found, canvas, rules)]
  })
  return sections.flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines))
}

function familyLines(heading: string, findings: readonly Finding[], canvas: Canvas, rules: readonly Rule[]): string[] {
  const blocks = groupBy(findings, ({rule, title}) => `${rule} ${title}`)
  const lines = [...blocks].flatMap(([title, group]) => ['', ...blockOf(title, group, canvas, rules)])
  return [canvas.style.bold(heading), ...lines]
}

function blockOf(heading: string, group: readonly Finding[], canvas: Canvas, rules: readonly Rule[]): string[] {
  const rows = rowsOf(group)
  const shown = rows.slice(0, rowsShown(group))
  const {style} = canvas
  const [first] = group
  const why = canvas.explain && first !== undefined ? whyText(first.ruleID, rules) : null
  const lines = [
    style.bold(headingText(heading, first, canvas)),
    ...(why === null ? [] : prose(visible(`Why: ${why}`), canvas, '  ').map(style.dim)),
  ]
  for (const [remedy, ofRemedy] of groupBy(shown, row => row.remedy)) {
    for (const {severity, text, grounds} of ofRemedy) {
      lines.push(...severityLines(severity, visible(text), canvas))
      if (canvas.explain && grounds !== '') {
        lines.push(...prose(visible(`Evidence: ${grounds}`), canvas, severityIndent).map(style.dim))
      }
    }
    lines.push(...prose(`Fix: ${visible(remedy)}`, canvas, severityIndent))
  }
  const left = rows.slice(shown.length).reduce((sum, row) => sum + row.findings, 0)
  if (left > 0) lines.push(`${severityIndent}and ${grouped(left)} more; -o json has them all`)
  return lines
}

/** The name of the rule leads to its page. */
function headingText(heading: string, finding: Finding | undefined, {style, width}: Canvas): string {
  const text = clip(visible(heading), width - 1)
  const id = finding?.rule ?? ''
  return text.startsWith(`${id} `) ? style.link(id, rulePage(id)) + text.slice(id.length) : text
}

function rowsShown([first]: readonly Finding[]): number {
  if (first?.severity === 'note') return notesShown
  return first?.family === 'hardening' ? filesShown : limits.tableRows
}
