import {byWorst} from '../model/finding-order.js'
import type {Finding} from '../model/report.js'
import type {Severity} from '../model/severity.js'
import type {Glob} from './glob.js'

/** Severities that a team sets in place of those of the rules. */
export interface SeveritySettings {
  /** By rule or advisory id, in lower case. */
  readonly rules: ReadonlyMap<string, Severity>
  /** The last that matches a path decides, also over `rules`. */
  readonly paths: readonly PathSeverity[]
}

export interface PathSeverity {
  readonly path: Glob
  /** In lower case; empty: every rule. */
  readonly rules: ReadonlySet<string>
  readonly severity: Severity
}

/** The findings with the severities that were set, worst first again. */
export function setSeverities(findings: readonly Finding[], settings: SeveritySettings): readonly Finding[] {
  if (settings.rules.size === 0 && settings.paths.length === 0) return findings
  const set = findings.map((finding): Finding => {
    const severity = severityFor(finding, settings) ?? finding.severity
    return severity === finding.severity ? finding : {...finding, severity, ownSeverity: finding.severity}
  })
  return set.sort(byWorst)
}

function severityFor(finding: Finding, {rules, paths}: SeveritySettings): Severity | undefined {
  const ids = idsOf(finding)
  const byPath = paths.findLast(({path, rules: wanted}) => {
    return (wanted.size === 0 || ids.some(id => wanted.has(id))) && path.matches(finding.path)
  })
  return byPath?.severity ?? ids.map(id => rules.get(id)).find(severity => severity !== undefined)
}

/** What a finding goes by: its own id and its aliases, and the rule behind it. */
export function idsOf({rule, aliases, ruleID}: Finding): readonly string[] {
  return [...new Set([rule, ...aliases, ruleID].map(id => id.toLowerCase()))]
}
