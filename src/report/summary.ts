import type {Report} from '../model/report.js'
import {type Severity, severities} from '../model/severity.js'
import {count, grouped} from '../model/text.js'
import {suppressedText} from './suppressed.js'

/** `14 findings: 1 critical, 3 high, 10 medium`, how many more were asked not to be shown, and how many do not count. */
export function summaryOf(report: Pick<Report, 'findings' | 'hidden' | 'suppressed' | 'baseline'>): string {
  const {findings, hidden} = report
  const shown = listOf(countBySeverity(findings))
  const found = findings.length === 0 ? 'No findings.' : `${count(findings.length, 'finding')}: ${shown}.`
  const left = Object.values(hidden).reduce((sum, one) => sum + one, 0)
  const notShown = left === 0 ? null : `Not shown: ${listOf(hidden)}.`
  return [found, notShown, suppressedText(report)].filter(part => part !== null).join(' ')
}

export function countBySeverity(findings: Report['findings']): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map(severity => [severity, 0])) as Record<Severity, number>
  for (const {severity} of findings) counts[severity]++
  return counts
}

function listOf(counts: Readonly<Record<Severity, number>>): string {
  return severities
    .filter(severity => counts[severity] > 0)
    .map(severity => `${grouped(counts[severity])} ${severity}`)
    .join(', ')
}
