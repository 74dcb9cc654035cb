import type {Report} from '../model/report.js'
import {shorten, visible} from '../model/text.js'
import {aboutOf} from './about.js'
import {type Canvas, labelled, prose} from './canvas.js'

/** What was scanned, and with what. */
export function headerLines(report: Report, canvas: Canvas): string[] {
  const {tool, target, complete} = report
  const about = aboutOf(report, true).map(([label, value]): [string, string] => [label.toLowerCase(), visible(value)])
  const title = `${tool.name} ${tool.version}: ${visible(shorten(target.reference, 300))}`
  const lines = [canvas.style.bold(title), '', ...labelled(about, canvas)]
  if (complete) return lines
  const text = 'Parts of the target could not be looked at, and may hold more findings: see the warnings below.'
  return [...lines, '', canvas.style.alarm('INCOMPLETE SCAN'), ...prose(text, canvas)]
}
