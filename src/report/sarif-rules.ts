import type {ReportingDescriptor} from 'sarif'
import type {Finding} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import type {Severity} from '../model/severity.js'
import {description, identifier} from './sarif-text.js'
import {ruleWords, vulnerabilityWords} from './sarif-words.js'

type Level = 'error' | 'warning' | 'note'

const levels: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  note: 'note',
}

/**
 * `security-severity` of what no CVSS score speaks of: the middle of GitHub's band for each severity. A note has none, and
 * so stays a note.
 */
const bands: Readonly<Record<Severity, string | null>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  note: null,
}

/**
 * The id that GitHub knows the rule by. It reads the severity from the rule, not from the result. So a vulnerability is a
 * rule of its own for each origin package (`CVE-2024-6119-openssl`), and what another rule made worse is one too
 * (`PT2001-PT2009`): one setuid file must not raise the alerts of all others. Nor must a severity that was set for some
 * paths (`PT2001-low`).
 */
export function sarifRuleID({family, rule, origin, raisedBy, severity, ownSeverity}: Finding): string {
  const set = family !== 'vulnerability' && ownSeverity !== null ? severity : null
  const parts = [rule, family === 'vulnerability' ? origin : raisedBy, set]
  return identifier(parts.filter(part => part !== null).join('-')) || 'unnamed'
}

export function levelOf({severity}: Finding): Level {
  return levels[severity]
}

/**
 * The rule as GitHub reads it.
 * @param worst of the findings of the rule: its severity is shown for all of them
 * @param rule the module behind it
 */
export function descriptorOf(worst: Finding, rule: Rule | undefined): ReportingDescriptor {
  const words = worst.family === 'vulnerability' ? vulnerabilityWords(worst) : ruleWords(worst, rule)
  const level = levelOf(worst)
  const score = securitySeverity(worst)
  return {
    id: sarifRuleID(worst),
    name: rule?.name ?? 'UnnamedRule',
    shortDescription: {text: description(words.short)},
    fullDescription: {text: description(words.full)},
    helpUri: words.url,
    help: {text: words.text, markdown: words.markdown},
    defaultConfiguration: {level},
    properties: {
      tags: tagsOf(worst),
      precision: worst.family === 'hardening' ? 'high' : 'very-high',
      'problem.severity': level === 'note' ? 'recommendation' : level,
      ...(score !== null && {'security-severity': score}),
    },
  }
}

/** A number in a string, or nothing: GitHub rejects the whole file for `null`, and takes 0.0 for no severity. */
function securitySeverity({family, cvss, severity, ownSeverity}: Finding): string | null {
  if (family !== 'vulnerability' || ownSeverity !== null) return bands[severity]
  const score = cvss[0]?.score ?? 0
  return score > 0 ? score.toFixed(1) : null
}

/** At most ten are shown. */
function tagsOf({family, kev, cvss}: Finding): string[] {
  if (family !== 'vulnerability') return ['security', family]
  const tags = ['security', family, 'alpine']
  if (kev) tags.push('known-exploited')
  if (cvss.length === 0) tags.push('severity-unknown')
  return tags
}
