import type {Difference} from '../../model/difference.js'
import type {Finding, Format} from '../../model/report.js'
import {count, shorten, visible} from '../../model/text.js'
import {type Canvas, canvasOf, labelled, prose, severityIndent, severityLines} from '../canvas.js'
import {quiet} from '../log.js'
import {problemsOf} from '../problems.js'
import {nameOfProblem} from '../suppressed.js'
import {otherLines} from '../table-others.js'
import {suppressedLines} from '../table-suppressed.js'
import {vulnerabilityLines} from '../table-vulnerabilities.js'
import {warningText} from '../warning-text.js'
import {changeText, differenceText, sideText} from './words.js'

/** Of what is gone, and of what has changed, so many lines say enough. */
const linesShown = 200
const warningsShown = 20
const textLength = 500

/** For people: what is new in full, what is gone in a line each. */
export const diffTable: Format<Difference> = {
  name: 'table',
  description: 'for people: what is new in full, what is fixed in a line each',
  render(difference, options) {
    const canvas = canvasOf(options)
    const {report} = difference
    const decided = {...report, suppressed: difference.addedSuppressed}
    const sections = [
      headerLines(difference, canvas),
      newLines(difference, canvas),
      options.suppressed === true ? suppressedLines(decided, canvas) : [],
      changedLines(difference, canvas),
      fixedLines(difference.fixed, canvas),
      warningLines(difference, canvas),
      prose(differenceText(difference), canvas).map(canvas.style.bold),
    ]
    const printed = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'))
    return quiet(`${printed.join('\n\n')}\n`)
  },
}

function headerLines({tool, old, new: now}: Difference, canvas: Canvas): string[] {
  const rows = [
    ['old', visible(sideText(old))],
    ['new', visible(sideText(now))],
  ] as const
  return [canvas.style.bold(`${tool.name} ${tool.version}: what changed`), '', ...labelled(rows, canvas)]
}

function newLines({added, report}: Difference, canvas: Canvas): string[] {
  if (added.length === 0) return []
  const parts = [vulnerabilityLines(added, canvas), otherLines(added, canvas, report.rules)].filter(
    lines => lines.length > 0,
  )
  return [canvas.style.alarm('NEW'), ...parts.flatMap(lines => ['', ...lines])]
}

function changedLines({changed}: Difference, canvas: Canvas): string[] {
  if (changed.length === 0) return []
  const lines = changed.slice(0, linesShown).flatMap(change => {
    return severityLines(change.finding.severity, visible(changeText(change)), canvas)
  })
  return [canvas.style.bold('OF ANOTHER SEVERITY'), '', ...lines, ...more(changed.length)]
}

function fixedLines(fixed: readonly Finding[], canvas: Canvas): string[] {
  if (fixed.length === 0) return []
  const problems = problemsOf(fixed)
  const lines = problems.slice(0, linesShown).flatMap(problem => {
    return severityLines(problem.first.severity, visible(shorten(nameOfProblem(problem), textLength)), canvas)
  })
  return [canvas.style.bold('FIXED'), '', ...lines, ...more(problems.length)]
}

function more(all: number): string[] {
  return all > linesShown
    ? [`${severityIndent}and ${count(all - linesShown, 'more', 'more')}; -o json has them all`]
    : []
}

function warningLines({warnings}: Difference, canvas: Canvas): string[] {
  if (warnings.length === 0) return []
  const lines = warnings.slice(0, warningsShown).flatMap(warning => {
    return [`  ${visible(warning.code)}`, ...prose(visible(warningText(warning)), canvas, '    ')]
  })
  const left = warnings.length - warningsShown
  return [
    canvas.style.bold('Warnings'),
    '',
    ...lines,
    ...(left > 0 ? [`  and ${count(left, 'more warning')}; -o json has them all`] : []),
  ]
}
