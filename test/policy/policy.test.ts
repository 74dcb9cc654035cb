import {expect, test} from 'vitest'
import type {Finding} from '../../src/model/report.js'
import {severities, type Threshold} from '../../src/model/severity.js'
import {applyPolicy, failsOn, type Policy} from '../../src/policy/index.js'
import {findingOf} from '../support/report.js'

const findings: readonly Finding[] = [
  ...severities.map(severity => findingOf({severity, rule: `CVE-${severity}`})),
  findingOf({severity: 'low', family: 'image', rule: 'PT1002'}),
]

const cases: [name: string, policy: Policy, remaining: number, shown: number, hidden: number][] = [
  ['nothing asked', {}, 6, 6, 0],
  ['--severity high', {severity: 'high'}, 6, 2, 4],
  ['--severity low', {severity: 'low'}, 6, 5, 1],
  ['--check image', {checks: ['image']}, 1, 1, 0],
  ['--skip image', {skip: ['image']}, 5, 5, 0],
  ['--check image --skip image', {checks: ['image'], skip: ['image']}, 0, 0, 0],
  ['--check vulnerabilities --severity critical', {checks: ['vulnerabilities'], severity: 'critical'}, 5, 1, 4],
]
for (const [name, policy, remaining, shown, hidden] of cases) {
  test(`policy: ${name}`, () => {
    const judged = applyPolicy(findings, policy)
    expect(judged.remaining).toHaveLength(remaining)
    expect(judged.shown).toHaveLength(shown)
    expect(Object.values(judged.hidden).reduce((sum, one) => sum + one, 0)).toBe(hidden)
  })
}

test('hidden findings are counted by severity', () => {
  expect(applyPolicy(findings, {severity: 'high'}).hidden).toEqual({critical: 0, high: 0, medium: 1, low: 2, note: 1})
})

const thresholds: [found: (typeof severities)[number], threshold: Threshold, fails: boolean][] = [
  ['critical', 'none', false],
  ['critical', 'critical', true],
  ['high', 'critical', false],
  ['high', 'high', true],
  ['low', 'medium', false],
  ['low', 'low', true],
  ['note', 'low', false],
]
for (const [severity, threshold, fails] of thresholds) {
  test(`--fail-on ${threshold} with a ${severity} finding`, () => {
    expect(failsOn([findingOf({severity})], threshold)).toBe(fails)
  })
}
