import {expect, test} from 'vitest'
import type {Finding} from '../../src/model/report.js'
import {diffFindings, type Findings} from '../../src/policy/diff.js'
import {elfFileOf, matchOf, packageOf} from '../support/facts.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'

const at = (digit: string, overrides: Partial<Finding> = {}): Finding =>
  findingOf({fingerprint: `${digit.repeat(16)}:1`, rule: `CVE-2024-${digit}`, ...overrides})
const side = (findings: readonly Finding[], image: string | null = 'app:1'): Findings => ({image, findings})
const rulesOf = (findings: readonly Finding[]) => findings.map(({rule}) => rule)
const ignored = {by: 'ignore', reason: 'x', expires: null, justification: null, from: 'a'} as const

test('new, fixed, unchanged, and of another severity', () => {
  const old = side([at('1'), at('2'), at('3', {severity: 'medium'})])
  const now = side([at('2'), at('3', {severity: 'critical'}), at('4')], 'app:2')
  const {added, fixed, unchanged, changed, all} = diffFindings(old, now)
  expect([added, fixed, unchanged].map(rulesOf)).toEqual([['CVE-2024-4'], ['CVE-2024-1'], ['CVE-2024-2']])
  expect(changed.map(({from, finding}) => `${finding.rule} ${from} ${finding.severity}`)).toEqual([
    'CVE-2024-3 medium critical',
  ])
  expect(all.map(({rule, baselineState}) => `${rule} ${baselineState}`)).toEqual([
    'CVE-2024-3 updated',
    'CVE-2024-1 absent',
    'CVE-2024-2 unchanged',
    'CVE-2024-4 new',
  ])
})

test('a decision makes nothing new, and fixes nothing', () => {
  const suppressed = [at('1', {suppressed: ignored})]
  for (const [old, now] of [
    [[at('1')], suppressed],
    [suppressed, [at('1')]],
  ] as const) {
    const {added, fixed, unchanged} = diffFindings(side(old), side(now))
    expect([added.length, fixed.length, unchanged.length]).toEqual([0, 0, 1])
  }
  expect(diffFindings(side([]), side(suppressed))).toMatchObject({added: [], addedSuppressed: [{rule: 'CVE-2024-1'}]})
})

test('of twins as many are paired as there are of both', () => {
  const twins = (count: number) => Array.from({length: count}, () => at('1'))
  const {added, fixed, unchanged} = diffFindings(side(twins(3)), side(twins(1)))
  expect([added.length, fixed.length, unchanged.length]).toEqual([0, 2, 1])
})

/** What a scan of an image finds. */
function scanned(image: string | null, version = '3.1.4-r2'): Findings {
  const lacking = {verdict: 'no', evidence: 'ET_EXEC'} as const
  const {findings} = reportOf(
    {
      packages: [packageOf({files: [{path: 'usr/bin/a', checksum: null, owner: null}]})],
      matches: [matchOf({packages: [packageOf({version})]}), matchOf({fix: {id: 'CVE-2024-1', origin: 'zlib'}})],
      elfFiles: [elfFileOf({path: 'usr/bin/a', hardening: {pie: lacking}})],
    },
    {target: targetOf({name: image})},
  )
  return {image, findings}
}

const same: [name: string, old: Findings, now: Findings][] = [
  [
    'the same image, built again with another digest',
    scanned(`app@sha256:${'1'.repeat(64)}`),
    scanned(`app@sha256:${'2'.repeat(64)}`),
  ],
  ['another tag', scanned('app:1'), scanned('app:2')],
  ['a version that has the same problem', scanned('app:1'), scanned('app:2', '3.1.4-r1')],
  ['another name', scanned('alpine:3.19'), scanned('registry.example/base:1')],
  ['an image, and a folder with its files', scanned('app:1'), scanned(null)],
]
for (const [name, old, now] of same) {
  test(`${name}: nothing differs`, () => {
    const {added, fixed, changed, unchanged} = diffFindings(old, now)
    expect([added, fixed, changed]).toEqual([[], [], []])
    expect(unchanged).toHaveLength(now.findings.length)
    expect(unchanged.length).toBeGreaterThan(2)
  })
}
