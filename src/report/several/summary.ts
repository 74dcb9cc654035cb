import {severities} from '../../model/severity.js'
import {count, grouped} from '../../model/text.js'
import {type Part, partsOf} from './part.js'

/** `12 targets: 10 scanned, 1 failed, 1 passed over. 34 findings: 2 critical, 32 low.` */
export function severalSummary(parts: readonly Part[]): string {
  const {scanned, failed, passedOver} = partsOf(parts)
  const became = [
    `${grouped(scanned.length)} scanned`,
    ...(failed.length === 0 ? [] : [`${grouped(failed.length)} failed`]),
    ...(passedOver.length === 0 ? [] : [`${grouped(passedOver.length)} passed over`]),
  ]
  const sums = severities.map(severity => ({
    severity,
    sum: scanned.reduce((sum, {counts}) => sum + counts[severity], 0),
  }))
  const all = sums.reduce((total, {sum}) => total + sum, 0)
  const shown = sums.filter(({sum}) => sum > 0).map(({severity, sum}) => `${grouped(sum)} ${severity}`)
  const found = all === 0 ? 'No findings' : `${count(all, 'finding')}: ${shown.join(', ')}`
  return `${count(parts.length, 'target')}: ${became.join(', ')}. ${found}.`
}
