import type {Difference} from '../../model/difference.js'
import type {Format} from '../../model/report.js'
import {count, grouped, shorten} from '../../model/text.js'
import {suppressedList} from '../comment-suppressed.js'
import {problemTable, Room} from '../comment-table.js'
import {quiet} from '../log.js'
import {codeSpan, commentText} from '../markdown.js'
import {problemsOf} from '../problems.js'
import {warningText} from '../warning-text.js'
import {changeText, differenceText, sideText} from './words.js'

/** GitHub refuses a comment of more than 65,536 characters; other places count bytes. */
const commentBytes = 65_000
const changesShown = 50
const warningsShown = 20
const textLength = 300

/** For a comment on a pull request: what it adds stands open, what it fixes is folded. */
export const diffMarkdown: Format<Difference> = {
  name: 'markdown',
  description: 'for a comment on a pull request',
  render(difference, options) {
    const {added, addedSuppressed, fixed, report} = difference
    const opening = [heading(difference), commentText(differenceText(difference)), sides(difference)]
    const closing = warnings(difference)
    const room = new Room(commentBytes, [...opening, ...closing])
    const sections = [
      problemTable('New', problemsOf(added), room, 'open'),
      changes(difference, room),
      options.suppressed === true ? suppressedList({...report, suppressed: addedSuppressed}, room) : '',
      problemTable('Fixed', problemsOf(fixed), room, 'folded'),
    ]
    return quiet(`${[...opening, ...sections.filter(section => section !== ''), ...closing].join('\n\n')}\n`)
  },
}

function heading({added, fixed, new: now}: Difference): string {
  const said = [
    added.length === 0 ? 'no new finding' : count(added.length, 'new finding'),
    ...(fixed.length === 0 ? [] : [`${grouped(fixed.length)} fixed`]),
  ]
  return `## piton: ${said.join(', ')} in ${codeSpan(shorten(now.name ?? now.reference, textLength))}`
}

function sides({old, new: now}: Difference): string {
  return `**Old:** ${commentText(sideText(old))}  \n**New:** ${commentText(sideText(now))}`
}

function changes({changed}: Difference, room: Room): string {
  const rows: string[] = []
  for (const change of changed.slice(0, changesShown)) {
    const row = `- ${commentText(shorten(changeText(change), textLength))}`
    if (!room.take(row, textLength)) break
    rows.push(row)
  }
  if (rows.length === 0) return ''
  const left = changed.length - rows.length
  return [
    `### Of another severity (${grouped(changed.length)})\n`,
    ...rows,
    ...(left > 0 ? [`- and ${grouped(left)} more`] : []),
  ].join('\n')
}

function warnings({warnings}: Difference): string[] {
  if (warnings.length === 0) return []
  const lines = warnings
    .slice(0, warningsShown)
    .map(warning => `- ${codeSpan(warning.code)} ${commentText(shorten(warningText(warning), textLength))}`)
  const left = warnings.length - warningsShown
  if (left > 0) lines.push(`- and ${count(left, 'more warning')}: the JSON has them all`)
  return [`<details>\n<summary>${count(warnings.length, 'warning')}</summary>\n\n${lines.join('\n')}\n\n</details>`]
}
