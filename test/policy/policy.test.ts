import {expect, test} from 'vitest'
import type {Finding} from '../../src/model/report.js'
import {severities} from '../../src/model/severity.js'
import {applyPolicy, chosenRules, type Policy} from '../../src/policy/index.js'
import {rules} from '../../src/rules/index.js'
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

const chosen: [name: string, policy: Policy, runs: readonly string[], runsNot: readonly string[]][] = [
  ['nothing asked', {}, ['vulnerability', 'PT1007', 'PT2001'], ['PT1006']],
  ['--integrity', {also: ['integrity']}, ['vulnerability', 'PT1006', 'PT1007', 'PT2001'], []],
  ['--check integrity', {checks: ['integrity']}, ['PT1006'], ['vulnerability', 'PT1001', 'PT1007', 'PT2001']],
  ['--check hardening', {checks: ['hardening']}, ['PT2001', 'PT2010'], ['PT1006', 'PT1007']],
  ['--check image', {checks: ['image']}, ['PT1007'], ['PT1006']],
  ['--check image --integrity', {checks: ['image'], also: ['integrity']}, ['PT1006', 'PT1007'], ['PT2001']],
  ['--integrity --skip integrity', {also: ['integrity'], skip: ['integrity']}, ['PT1007'], ['PT1006']],
  ['--integrity --skip image', {also: ['integrity'], skip: ['image']}, ['PT1006'], ['PT1007']],
]
for (const [name, policy, runs, runsNot] of chosen) {
  test(`rules: ${name}`, () => {
    const ids = chosenRules(rules, policy).map(({id}) => id)
    expect(ids).toEqual(expect.arrayContaining([...runs]))
    for (const id of runsNot) expect(ids).not.toContain(id)
  })
}

test('what the integrity check finds is kept, whichever other checks ran', () => {
  const found = [findingOf({family: 'image', rule: 'PT1006'})]
  for (const policy of [{checks: ['integrity']}, {also: ['integrity'], skip: ['image']}] satisfies Policy[])
    expect(applyPolicy(found, policy).remaining).toHaveLength(1)
})
