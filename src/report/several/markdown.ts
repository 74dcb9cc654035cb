import {severities} from '../../model/severity.js'
import {count, grouped, shorten} from '../../model/text.js'
import {quiet} from '../log.js'
import {codeSpan, commentText} from '../markdown.js'
import {type Joiner, type Part, partsOf} from './part.js'
import {severalSummary} from './summary.js'

/** GitHub refuses a comment of more than 65,536 characters; other places count bytes. */
const commentBytes = 65_000
/** What the sentence about what is left out needs. */
const closingBytes = 500
const messageLength = 300
/** Rows of the table, which come before anything else. */
const rowsShown = 200

/** A table of all targets, then their own comments, as many as there is room for. */
export const severalComments: Joiner = {
  name: 'markdown',
  join(parts) {
    const {scanned} = partsOf(parts)
    const opening = ['## piton', commentText(severalSummary(parts)), ...tableOf(parts)].join('\n\n')
    const sections: string[] = []
    let bytes = Buffer.byteLength(opening) + closingBytes
    for (const {text} of scanned) {
      bytes += Buffer.byteLength(text) + 2
      if (bytes > commentBytes) break
      sections.push(text.trimEnd())
    }
    const left = scanned.length - sections.length
    const closing =
      left === 0
        ? []
        : [`**${count(left, 'more target')}** did not fit into this comment; the other reports have them.`]
    return quiet(`${[opening, ...sections, ...closing].join('\n\n')}\n`)
  },
}

function tableOf(parts: readonly Part[]): readonly string[] {
  const rows = parts.slice(0, rowsShown).map(rowOf)
  const left = parts.length - rows.length
  const head = [
    `| target | ${severities.join(' | ')} | |`,
    `| --- | ${severities.map(() => '---:').join(' | ')} | --- |`,
  ]
  return [[...head, ...rows].join('\n'), ...(left === 0 ? [] : [`and ${count(left, 'more target')}`])]
}

function rowOf(part: Part): string {
  const name = codeSpan(shorten(part.target, 100))
  if (part.kind === 'scanned') {
    const cells = severities.map(severity => grouped(part.counts[severity]))
    return `| ${name} | ${cells.join(' | ')} | ${part.complete ? '' : 'incomplete'} |`
  }
  const words = part.kind === 'failed' ? `failed: ${shorten(part.message, messageLength)}` : 'passed over'
  return `| ${name} | ${severities.map(() => '').join(' | ')} | ${commentText(words)} |`
}
