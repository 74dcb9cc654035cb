import type {Finding} from '../model/report.js'
import {type CheckName, checks, type Family} from '../model/rule.js'
import {reaches, type Severity, severities, type Threshold} from '../model/severity.js'

/** What the person asked to see. Everything left out means: all of it. */
export interface Policy {
  /** Show what is as bad as this, or worse. */
  readonly severity?: Severity
  /** Only these checks; none: all. */
  readonly checks?: readonly CheckName[]
  /** But not these. */
  readonly skip?: readonly CheckName[]
}

export interface Judged {
  /** What the chosen checks found: `--fail-on` looks at these, shown or not. */
  readonly remaining: readonly Finding[]
  readonly shown: readonly Finding[]
  /** How many of the remaining ones `severity` leaves out of the report. */
  readonly hidden: Readonly<Record<Severity, number>>
}

/** Sorts findings into what is shown, what is only counted, and what was not asked for. The order stays. */
export function applyPolicy(findings: readonly Finding[], policy: Policy): Judged {
  const {severity = 'note'} = policy
  const wanted = familiesOf(policy)
  const remaining = findings.filter(({family}) => wanted.has(family))
  const shown = remaining.filter(finding => reaches(finding.severity, severity))
  return {remaining, shown, hidden: countBySeverity(remaining.filter(finding => !reaches(finding.severity, severity)))}
}

/** Does any finding reach `--fail-on`? */
export function failsOn(findings: readonly Finding[], threshold: Threshold): boolean {
  return findings.some(({severity}) => reaches(severity, threshold))
}

/** The families that `--check` and `--skip` leave: also tells which rules need not run. */
export function familiesOf({checks: only = [], skip = []}: Policy): ReadonlySet<Family> {
  const names = only.length > 0 ? only : (Object.keys(checks) as CheckName[])
  return new Set(names.filter(name => !skip.includes(name)).map(name => checks[name]))
}

function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map(severity => [severity, 0])) as Record<Severity, number>
  for (const {severity} of findings) counts[severity]++
  return counts
}
