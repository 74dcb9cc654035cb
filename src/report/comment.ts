import type {Report, Reporter} from '../model/report.js'
import {type Family, families} from '../model/rule.js'
import {type Severity, severities} from '../model/severity.js'
import {count, shorten} from '../model/text.js'
import {aboutOf, titleOf} from './about.js'
import {suppressedList} from './comment-suppressed.js'
import {problemTable, Room} from './comment-table.js'
import {familyTitles} from './families.js'
import {quiet} from './log.js'
import {codeBlock, codeSpan, commentText} from './markdown.js'
import {noticeOf} from './notice.js'
import {problemsOf} from './problems.js'
import {countBySeverity} from './summary.js'
import {suppressedText} from './suppressed.js'
import {warningText} from './warning-text.js'

/** GitHub refuses a comment of more than 65,536 characters; other places count bytes. */
const commentBytes = 65_000
/** What stands open, before the rest. */
const worstShown = 10
const warningsShown = 20
const textLength = 300
/** A command that nobody reads is better left out than cut: half of one does something else. */
const commandLength = 1000

/** For a comment on a pull request, and for the summary of a workflow run: what is worst, what to do first, then the rest. */
export const markdown: Reporter = {
  name: 'markdown',
  description: 'for a comment on a pull request',
  render(report, options) {
    const opening = [
      heading(report),
      counts(report),
      ...suppressed(report),
      about(report),
      ...incomplete(report),
      ...advice(report),
    ]
    const closing = [...warnings(report), noticeOf(report).map(commentText).join(' ')]
    const room = new Room(commentBytes, [...opening, ...closing])
    const found = tables(report, room)
    const decided = options.suppressed === true ? suppressedList(report, room) : ''
    return quiet(`${[...opening, ...found, ...(decided === '' ? [] : [decided]), ...closing].join('\n\n')}\n`)
  },
}

function heading(report: Report): string {
  const found = report.findings.length === 0 ? 'no findings' : count(report.findings.length, 'finding')
  return `## piton: ${found} in ${codeSpan(titleOf(report))}`
}

const marks: Readonly<Record<Severity, string>> = {critical: '🟣', high: '🔴', medium: '🟠', low: '🔵', note: '⚪'}

function counts({findings, hidden}: Report): string {
  const shown = countBySeverity(findings)
  const line = severities.map(severity => `${marks[severity]} ${shown[severity]} ${severity}`).join(' · ')
  const left = Object.values(hidden).reduce((sum, one) => sum + one, 0)
  return left === 0 ? line : `${line} (${count(left, 'finding')} below the asked severity not shown)`
}

function suppressed(report: Report): string[] {
  const text = suppressedText(report)
  return text === null ? [] : [commentText(text)]
}

function about(report: Report): string {
  return aboutOf(report)
    .map(([label, value]) => `**${label}:** ${commentText(value)}`)
    .join('  \n')
}

function incomplete({complete}: Report): string[] {
  if (complete) return []
  return [
    '> [!WARNING]\n> **The scan is incomplete.** What it could not look at, named in the warnings, may hold more.',
  ]
}

function advice({advice}: Report): string[] {
  const steps = advice.flatMap(({command, text}) => [
    ...(command.length <= commandLength ? [codeBlock(command, command.startsWith('FROM ') ? 'dockerfile' : 'sh')] : []),
    commentText(shorten(text, commandLength)),
  ])
  return steps.length === 0 ? [] : ['### What to do first', ...steps]
}

/** The worst of all families in one table; then, folded, what is left of each family. */
function tables(report: Report, room: Room): string[] {
  const problems = problemsOf(report.findings)
  const worst = problems.slice(0, worstShown)
  const rest = (family: Family) => problems.slice(worstShown).filter(({first}) => first.family === family)
  return [
    problemTable(problems.length > worstShown ? 'The worst' : 'Findings', worst, room, 'open'),
    ...families.map(family => problemTable(`${familyTitles[family]}: the rest`, rest(family), room, 'folded')),
  ].filter(table => table !== '')
}

function warnings({warnings}: Report): string[] {
  if (warnings.length === 0) return []
  const lines = warnings
    .slice(0, warningsShown)
    .map(warning => `- ${codeSpan(warning.code)} ${commentText(shorten(warningText(warning), textLength))}`)
  const left = warnings.length - warningsShown
  if (left > 0) lines.push(`- and ${count(left, 'more warning')}: the JSON report has them all`)
  return [`<details>\n<summary>${count(warnings.length, 'warning')}</summary>\n\n${lines.join('\n')}\n\n</details>`]
}
