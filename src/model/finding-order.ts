import type {Finding} from './report.js'
import {severityRank} from './severity.js'
import {compareText} from './text.js'

/** Severity, then score, then what is exploited; then by name, so that the order is the same in every run. */
export function byWorst(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    (b.cvss[0]?.score ?? 0) - (a.cvss[0]?.score ?? 0) ||
    Number(b.kev) - Number(a.kev) ||
    compareText(a.rule, b.rule) ||
    compareText(a.origin ?? a.path, b.origin ?? b.path) ||
    compareText(a.path, b.path)
  )
}
