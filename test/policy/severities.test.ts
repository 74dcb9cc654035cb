import {expect, test} from 'vitest'
import {compileGlob} from '../../src/policy/glob.js'
import {applyPolicy} from '../../src/policy/index.js'
import {type Judge, judgeFindings} from '../../src/policy/judge.js'
import {type PathSeverity, type SeveritySettings, setSeverities} from '../../src/policy/severities.js'
import {contextOf} from '../support/policy.js'
import {findingOf} from '../support/report.js'

const hardening = (path: string, rule = 'PT2001') =>
  findingOf({rule, ruleID: rule, family: 'hardening', severity: 'medium', cvss: [], origin: null, path})
const at = (path: string, severity: PathSeverity['severity'], rules: readonly string[] = []): PathSeverity => {
  return {path: compileGlob(path), severity, rules: new Set(rules)}
}
const vulnerability = findingOf({rule: 'CVE-2024-1', aliases: ['GHSA-1'], severity: 'high'})

const cases: [name: string, settings: Partial<SeveritySettings>, finding: typeof vulnerability, becomes: string][] = [
  ['nothing', {}, vulnerability, 'high (own null)'],
  ['its advisory', {rules: new Map([['cve-2024-1', 'low']])}, vulnerability, 'low (own high)'],
  ['an alias of it', {rules: new Map([['ghsa-1', 'low']])}, vulnerability, 'low (own high)'],
  ['another advisory', {rules: new Map([['cve-2024-2', 'low']])}, vulnerability, 'high (own null)'],
  ['the severity that it has', {rules: new Map([['cve-2024-1', 'high']])}, vulnerability, 'high (own null)'],
  ['its rule', {rules: new Map([['pt2001', 'critical']])}, hardening('a'), 'critical (own medium)'],
  ['its path', {paths: [at('opt/**', 'note')]}, hardening('opt/a'), 'note (own medium)'],
  ['another path', {paths: [at('opt/**', 'note')]}, hardening('usr/a'), 'medium (own null)'],
  ['its path, for another rule', {paths: [at('opt/**', 'note', ['pt2002'])]}, hardening('opt/a'), 'medium (own null)'],
  [
    'its rule, and its path last',
    {rules: new Map([['pt2001', 'critical']]), paths: [at('opt/**', 'note'), at('opt/a', 'low', ['pt2001'])]},
    hardening('opt/a'),
    'low (own medium)',
  ],
]
for (const [name, settings, finding, becomes] of cases) {
  test(`a severity that is set for ${name}`, () => {
    const [found] = setSeverities([finding], {rules: new Map(), paths: [], ...settings})
    expect(`${found?.severity} (own ${found?.ownSeverity})`).toBe(becomes)
  })
}

test('the worst stands first again', () => {
  const settings = {rules: new Map([['pt2001', 'critical' as const]]), paths: []}
  const rules = setSeverities([vulnerability, hardening('a'), hardening('b', 'PT2002')], settings)
  expect(rules.map(({rule}) => rule)).toEqual(['PT2001', 'CVE-2024-1', 'PT2002'])
})

const suppressing =
  (by: 'ignore' | 'vex'): Judge =>
  findings => ({
    suppressions: new Map(
      findings.slice(0, 1).map(finding => {
        return [finding, {by, reason: 'because', expires: null, justification: null, from: 'file'}]
      }),
    ),
    warnings: [{code: by, message: by}],
  })

test('of several judges the first that has a reason is heard, and the warnings of all', () => {
  const judged = judgeFindings([vulnerability], [suppressing('vex'), suppressing('ignore')], contextOf())
  expect(judged.findings[0]?.suppressed).toMatchObject({by: 'vex', reason: 'because'})
  expect(judged.warnings.map(({code}) => code)).toEqual(['vex', 'ignore'])
})

test('what does not count is set apart, whatever its severity', () => {
  const note = {...vulnerability, severity: 'note' as const}
  const {findings} = judgeFindings([note, vulnerability], [suppressing('ignore')], contextOf())
  const {remaining, shown, suppressed, hidden} = applyPolicy(findings, {severity: 'critical'})
  expect([remaining, shown, suppressed]).toMatchObject([[{severity: 'high'}], [], [{severity: 'note'}]])
  expect(hidden).toMatchObject({high: 1, note: 0})
})
