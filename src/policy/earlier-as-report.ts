import type {Report} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import type {EarlierReport} from './earlier-report.js'

/** As much of a report as a file of an earlier one holds: what it does not say is empty. */
export function asReport(
  {target, complete, findings, notice}: EarlierReport,
  tool: Report['tool'],
  rules: readonly Rule[],
  today: string,
): Report {
  return {
    tool,
    target: {
      reference: target.reference,
      kind: 'image',
      name: target.name,
      platform: target.platform,
      imageID: null,
      manifestDigest: null,
      layers: [],
      base: null,
    },
    release: null,
    database: null,
    coverage: null,
    today,
    loaded: null,
    audit: null,
    complete,
    warnings: [],
    packages: [],
    files: [],
    findings: findings.filter(({suppressed}) => suppressed === null),
    suppressed: findings.filter(({suppressed}) => suppressed !== null),
    baseline: null,
    fallbackLocation: null,
    rejected: [],
    hidden: {critical: 0, high: 0, medium: 0, low: 0, note: 0},
    rules,
    advice: [],
    notice,
  }
}
