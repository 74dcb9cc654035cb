import type {Report} from '../model/report.js'
import {grouped, shorten} from '../model/text.js'
import type {Room} from './comment-table.js'
import {codeSpan, commentText} from './markdown.js'
import {nameOfProblem, suppressedGroups, suppressorTitles} from './suppressed.js'

const textLength = 300
/** Problems that one row names. */
const namesShown = 5
/** What the frame of the list, and the line about what is left out, need. */
const frameBytes = 400

/** What does not count and why, folded, as far as there is room; '' where there is nothing. */
export function suppressedList(report: Report, room: Room): string {
  const groups = suppressedGroups(report)
  if (groups.length === 0) return ''
  const title = `Suppressed (${grouped(report.suppressed.length)})`
  if (!room.take(title, frameBytes)) return ''
  const rows: string[] = []
  for (const {by, heading, reason, problems} of groups) {
    const names = problems.slice(0, namesShown).map(problem => codeSpan(shorten(nameOfProblem(problem), textLength)))
    const left = problems.length - names.length
    const what = `${names.join(', ')}${left > 0 ? ` and ${grouped(left)} more` : ''}`
    const why = [codeSpan(heading), ...(reason === null ? [] : [commentText(shorten(reason, textLength))])].join(': ')
    const row = `| ${problems[0]?.first.severity ?? ''} | ${what} | ${suppressorTitles[by]} | ${why} |`
    if (!room.take(row, frameBytes)) break
    rows.push(row)
  }
  const left = groups.length - rows.length
  const cut = left === 0 ? [] : [`${grouped(left)} more decisions did not fit into this comment.`]
  const table = ['| severity | finding | by | why |', '| --- | --- | --- | --- |', ...rows].join('\n')
  return `<details>\n<summary>${title}</summary>\n\n${[table, ...cut].join('\n\n')}\n\n</details>`
}
