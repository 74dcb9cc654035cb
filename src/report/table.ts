import type {Report, Reporter} from '../model/report.js'
import {count, visible} from '../model/text.js'
import {type Canvas, canvasOf, prose} from './canvas.js'
import {commandLines} from './command-lines.js'
import {quiet} from './log.js'
import {noticeOf} from './notice.js'
import {summaryOf} from './summary.js'
import {headerLines} from './table-header.js'
import {otherLines} from './table-others.js'
import {suppressedLines} from './table-suppressed.js'
import {vulnerabilityLines} from './table-vulnerabilities.js'

/** Warnings that are printed before they are only counted. */
const warningsShown = 20

/** For people: on a terminal, and in the log of a CI job. Every string of the target goes through `visible`. */
export const table: Reporter = {
  name: 'table',
  description: 'for people: what is wrong, and what to type',
  render: (report, options) => {
    const canvas = canvasOf(options)
    const sections = [
      headerLines(report, canvas),
      vulnerabilityLines(report.findings, canvas, report.database?.branch ?? null),
      otherLines(report.findings, canvas, report.rules),
      options.suppressed === true ? suppressedLines(report, canvas) : [],
      warningLines(report, canvas),
      summaryLines(report, options.suppressed === true, canvas),
      adviceLines(report, canvas),
      noticeOf(report).flatMap(sentence => prose(visible(sentence), canvas)),
    ]
    const printed = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'))
    return quiet(`${printed.join('\n\n')}\n`)
  },
}

function warningLines({warnings}: Report, canvas: Canvas): string[] {
  if (warnings.length === 0) return []
  const lines = [canvas.style.bold('Warnings'), '']
  for (const {code, message, path} of warnings.slice(0, warningsShown)) {
    const where = path === undefined || message.includes(path) ? '' : `${path}: `
    lines.push(`  ${visible(code)}`, ...prose(visible(where + message), canvas, '    '))
  }
  const left = warnings.length - warningsShown
  if (left > 0) lines.push(`  and ${count(left, 'more warning')}; -o json has them all`)
  return lines
}

function summaryLines(report: Report, listed: boolean, canvas: Canvas): string[] {
  const hint =
    report.suppressed.length > 0 && !listed ? prose('--show-suppressed lists what was suppressed.', canvas) : []
  const lines = [...prose(visible(summaryOf(report)), canvas).map(canvas.style.bold), ...hint]
  if (report.complete) return lines
  return [...lines, canvas.style.alarm('The scan is incomplete: see the warnings.')]
}

function adviceLines({advice}: Report, canvas: Canvas): string[] {
  if (advice.length === 0) return []
  const lines = [canvas.style.bold('What to do first'), '']
  for (const {command, text} of advice) {
    const typed = commandLines(visible(command), canvas.width - 2).map(line => `  ${canvas.style.command(line)}`)
    lines.push(...typed, ...prose(visible(text), canvas, '    '))
  }
  return lines
}
