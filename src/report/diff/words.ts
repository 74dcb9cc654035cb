import type {ChangedFinding, Difference, Side} from '../../model/difference.js'
import type {Finding} from '../../model/report.js'
import {type Severity, severities} from '../../model/severity.js'
import {count, grouped, shorten} from '../../model/text.js'
import type {Problem} from '../problems.js'
import {countBySeverity} from '../summary.js'
import {nameOfProblem} from '../suppressed.js'

const nameLength = 300

/** `app:1.2, linux/amd64, Alpine 3.19.0; 14 findings, 2 suppressed`. Raw text. */
export function sideText({reference, name, platform, release, findings, suppressed, complete}: Side): string {
  const what = [shorten(name ?? reference, nameLength), platform, release].filter(part => part !== null).join(', ')
  const numbers = [count(findings, 'finding'), ...(suppressed > 0 ? [`${grouped(suppressed)} suppressed`] : [])]
  return `${what}; ${numbers.join(', ')}${complete ? '' : '; incomplete'}`
}

/** `1 new: 1 high. 12 fixed: 5 high, 7 medium. 3 unchanged.` */
export function differenceText(difference: Difference): string {
  const {added, addedSuppressed, fixed, changed, unchanged} = difference
  const parts = [
    added.length === 0 ? null : `${grouped(added.length)} new: ${bySeverity(added)}.`,
    addedSuppressed.length === 0 ? null : `${grouped(addedSuppressed.length)} new and suppressed.`,
    fixed.length === 0 ? null : `${grouped(fixed.length)} fixed: ${bySeverity(fixed)}.`,
    changed.length === 0 ? null : `${grouped(changed.length)} of another severity.`,
  ].filter(part => part !== null)
  const kept = unchanged.length === 0 ? 'Nothing is in both.' : `${grouped(unchanged.length)} unchanged.`
  if (parts.length > 0) return [...parts, ...(unchanged.length === 0 ? [] : [kept])].join(' ')
  return unchanged.length === 0 ? 'Nothing differs: neither has a finding.' : `Nothing differs: ${kept}`
}

function bySeverity(findings: readonly Finding[]): string {
  const counts = countBySeverity(findings)
  return severities
    .filter(severity => counts[severity] > 0)
    .map(severity => `${grouped(counts[severity])} ${severity}`)
    .join(', ')
}

/** `CVE-2024-6119 in openssl: medium, now critical`. Raw text. */
export function changeText({from, finding}: ChangedFinding): string {
  return `${nameOfFinding(finding)}: ${from}, now ${finding.severity}`
}

export function nameOfFinding(finding: Finding): string {
  const problem: Problem = {first: finding, findings: [finding]}
  return shorten(nameOfProblem(problem), nameLength)
}

/** Of a change, the worse of the two. */
export function severityOf({from, finding}: ChangedFinding): Severity {
  return severities.find(severity => severity === from || severity === finding.severity) ?? finding.severity
}
