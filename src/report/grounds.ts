import {groupBy} from '../model/group.js'
import type {Finding} from '../model/report.js'
import type {Rule} from '../model/rule.js'

/** Letters of evidence that say enough; -o json has all of it. */
const evidenceLength = 300

/** CVSS 3 and 4, "Exploitability metrics": what matters most to who has to decide. */
const metricWords: readonly (readonly [metric: string, words: string])[] = [
  ['AV:N', 'over the network'],
  ['AV:A', 'from the same network'],
  ['AV:L', 'on the machine itself'],
  ['AV:P', 'with hands on the machine'],
  ['PR:N', 'without an account'],
  ['PR:L', 'with an account'],
  ['PR:H', 'with an account that may do much'],
  ['UI:R', 'if somebody helps along'],
  ['UI:A', 'if somebody helps along'],
]

/** What a vulnerability rests on and why it matters, in one line. Raw text. */
export function vulnerabilityGrounds({evidence, cvss, kev, loaded}: Finding): string {
  const parts = [
    evidence.slice(0, evidenceLength),
    reachText(cvss[0]?.vector ?? ''),
    kev ? 'attackers are known to use it' : null,
    loaded === true ? 'what the image starts loads it' : null,
  ]
  return parts.filter(part => part !== null && part !== '').join('; ')
}

/** `attacked over the network, without an account`; null where no vector says so. */
function reachText(vector: string): string | null {
  const metrics = new Set(/^CVSS:[34]\.\d\//.test(vector) ? vector.split('/') : [])
  const words = metricWords.filter(([metric]) => metrics.has(metric)).map(([, text]) => text)
  return words.length === 0 ? null : `attacked ${words.join(', ')}`
}

/** What the findings of one row rest on. Raw text. */
export function evidenceText(findings: readonly Finding[]): string {
  const different = [...groupBy(findings, ({evidence}) => evidence).keys()].filter(evidence => evidence !== '')
  const [first = ''] = different
  const more = different.length > 1 ? ` (and ${different.length - 1} more like it)` : ''
  return first.slice(0, evidenceLength) + more
}

/** Why a rule is one: its own words, without marks for code. */
export function whyText(id: string, rules: readonly Rule[]): string | null {
  const why = rules.find(rule => rule.id === id)?.help.why
  return why === undefined ? null : why.replaceAll('`', '')
}
