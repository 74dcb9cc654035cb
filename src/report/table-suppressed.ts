import {groupBy} from '../model/group.js'
import {limits} from '../model/limits.js'
import type {Report} from '../model/report.js'
import {count, shorten, visible} from '../model/text.js'
import {type Canvas, prose, severityIndent, severityLines} from './canvas.js'
import {nameOfProblem, suppressedGroups, suppressorTitles} from './suppressed.js'

const reasonLength = 500

/** What does not count: who decided it, where and why, and what it is about. */
export function suppressedLines(report: Report, canvas: Canvas): string[] {
  const groups = suppressedGroups(report)
  if (groups.length === 0) return []
  const {style} = canvas
  const lines = [style.bold('Suppressed')]
  let left = limits.tableRows
  let hidden = 0
  for (const [by, ofCause] of groupBy(groups, group => group.by)) {
    lines.push('', style.bold(`By ${suppressorTitles[by]}`))
    for (const {heading, reason, problems} of ofCause) {
      const shown = problems.slice(0, Math.max(0, left))
      hidden += problems.length - shown.length
      left -= shown.length
      if (shown.length === 0) continue
      const words = reason === null ? heading : `${heading}: ${shorten(reason, reasonLength)}`
      lines.push(...prose(visible(words), canvas, '  '))
      for (const problem of shown) {
        lines.push(
          ...severityLines(problem.first.severity, visible(shorten(nameOfProblem(problem), reasonLength)), canvas),
        )
      }
    }
  }
  if (hidden > 0) lines.push(`${severityIndent}and ${count(hidden, 'more problem')}; -o json has them all`)
  return lines
}
