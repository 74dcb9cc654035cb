import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {PitonError} from '../../src/model/errors.js'
import type {Finding, Report} from '../../src/model/report.js'
import {baselineJudge} from '../../src/policy/baseline.js'
import {type EarlierReport, readEarlierReport} from '../../src/policy/earlier-report.js'
import {judgeFindings} from '../../src/policy/judge.js'
import {json} from '../../src/report/json.js'
import {sarifReporter} from '../../src/report/sarif.js'
import {contextOf} from '../support/policy.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'

const options = {color: false, width: 100}
const name = 'registry.example/team/app:1.0'

const known = findingOf({fingerprint: '1111111111111111:1', rule: 'CVE-2024-1', severity: 'medium'})
const added = findingOf({fingerprint: '2222222222222222:1', rule: 'CVE-2024-2', severity: 'high'})
const gone = findingOf({fingerprint: '3333333333333333:1', rule: 'CVE-2024-3'})

async function earlier(format: 'json' | 'sarif' | 'full', overrides: Partial<Report> = {}): Promise<EarlierReport> {
  const report = reportOf({}, {target: targetOf({name}), findings: [known, gone], suppressed: [], ...overrides})
  const reporter = format === 'json' ? json : sarifReporter(format === 'full' ? 'full' : 'github')
  return readEarlierReport(Buffer.from(await reporter.render(report, options)), `base.${format}`)
}

for (const format of ['json', 'sarif', 'full'] as const) {
  test(`what a report in ${format} knows does not count`, async () => {
    const baseline = await earlier(format)
    const judged = judgeFindings([added, known], [baselineJudge(baseline)], contextOf())
    expect(judged.findings.map(({suppressed, baselineState}) => [suppressed?.by, baselineState])).toEqual([
      [undefined, 'new'],
      ['baseline', 'unchanged'],
    ])
    expect(judged.findings[1]?.suppressed?.reason).toBe(`known since base.${format}, then medium`)
    expect(judged.baseline).toEqual({name: `base.${format}`, known: 1, gone: 1})
    expect(judged.warnings).toEqual([])
  })
}

test('what another tag of the image had is known; so is another digest', async () => {
  const target = targetOf({name: 'registry.example/team/app@sha256:0', imageID: null})
  const {findings} = judgeFindings([known], [baselineJudge(await earlier('json', {target}))], contextOf())
  expect(findings[0]?.suppressed?.by).toBe('baseline')
})

test('what was ignored there counts again when nobody ignores it; what was known there stays known', async () => {
  for (const [by, suppresses] of [
    ['ignore', false],
    ['vex', false],
    ['baseline', true],
  ] as const) {
    for (const format of ['json', 'full'] as const) {
      const suppressed = {by, reason: 'x', expires: null, justification: null, from: 'a'} as const
      const baseline = await earlier(format, {findings: [], suppressed: [{...known, suppressed}]})
      const {suppressions} = baselineJudge(baseline)([known], contextOf())
      expect([by, format, suppressions.has(known)]).toEqual([by, format, suppresses])
    }
  }
})

test('what became worse does not count either, and that is said', async () => {
  const worse: Finding = {...known, severity: 'critical'}
  const judged = judgeFindings([worse], [baselineJudge(await earlier('json', {findings: [known]}))], contextOf())
  expect(judged.findings[0]).toMatchObject({suppressed: {by: 'baseline'}, baselineState: 'updated'})
  expect(judged.warnings.map(({message}) => message)).toEqual([
    '1 finding of base.json became worse, and does not count: CVE-2024-1 in openssl (medium, now critical)',
  ])
})

test('what a rule found that nobody asks now is not gone', async () => {
  const {baseline} = baselineJudge(await earlier('json'))([known], contextOf({asked: new Set(['PT2001'])}))
  expect(baseline?.gone).toBe(0)
})

test('a baseline that knows nothing of this target is a warning', async () => {
  const nameless = {...contextOf().target, name: null}
  const baseline = await earlier('json', {target: targetOf({name: null})})
  const {warnings} = baselineJudge(baseline)([added], contextOf({target: nameless}))
  expect(warnings.map(({code, message}) => `${code} ${message}`)).toEqual([
    'BASELINE_STRANGE none of the 2 findings of base.json is in this report: is it of this target?',
  ])
})

test('SARIF that leaves findings out says so', async () => {
  const log = JSON.parse(
    await sarifReporter('github').render(reportOf({}, {target: targetOf({name}), findings: [known]}), options),
  )
  log.runs[0].properties.resultsLeftOut = 7
  const baseline = readEarlierReport(Buffer.from(JSON.stringify(log)), 'base.sarif')
  const {warnings} = baselineJudge(baseline)([known], contextOf())
  expect(warnings.map(({code, message}) => `${code} ${message}`)).toEqual([
    'BASELINE_CUT base.sarif leaves out 7 findings, which count as new: make it with -o json, or with --sarif-profile full',
  ])
})

test('SARIF for GitHub holds what is known as well: without it, its alerts would look fixed', async () => {
  const suppressed = {by: 'baseline', reason: 'x', expires: null, justification: null, from: 'a'} as const
  const report = reportOf(
    {},
    {findings: [{...added, baselineState: 'new'}], suppressed: [{...known, suppressed, baselineState: 'unchanged'}]},
  )
  const log = JSON.parse(await sarifReporter('github').render(report, options))
  const results: {ruleId: string; baselineState: string; suppressions?: unknown}[] = log.runs[0].results
  expect(results.map(({ruleId, baselineState, suppressions}) => [ruleId, baselineState, suppressions])).toEqual([
    ['CVE-2024-2-openssl', 'new', undefined],
    ['CVE-2024-1-openssl', 'unchanged', undefined],
  ])
})

describe('a baseline that cannot be one is a sentence', () => {
  const otherImages: [name: string, theirs: string | null, ours: string | null, said: RegExp][] = [
    ['another image', 'web:1', 'app:1', /base\.json is a report of web, and this is app/],
    ['an image, for a folder', 'web:1', null, /is a report of web, and this is a target without a name/],
    ['a folder, for an image', null, 'app:1', /is a report of a target without a name, and this is app/],
  ]
  for (const [of, theirs, ours, said] of otherImages) {
    test(of, async () => {
      const baseline = await earlier('json', {target: targetOf({name: theirs})})
      const context = contextOf({target: {...contextOf().target, name: ours}})
      expect(() => baselineJudge(baseline)([known], context)).toThrow(said)
    })
  }

  const files: [name: string, text: string, said: RegExp][] = [
    ['no JSON', 'hello', /base is not JSON/],
    ['nothing', '', /base is not JSON/],
    ['a list', '[]', /base is no report of piton/],
    ['other JSON', '{"schemaVersion": 1}', /base is no report of piton/],
    [
      'a newer schema',
      '{"schemaVersion": 2, "tool": {"name": "piton"}}',
      /base is a report of version 2, and this piton reads 1/,
    ],
    ['several targets', '{"schemaVersion": 1, "reports": []}', /base is about several targets/],
    [
      'SARIF of another tool',
      '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}}]}',
      /base is SARIF of CodeQL, not of piton/,
    ],
    ['SARIF without a run', '{"version": "2.1.0", "runs": []}', /base is SARIF without a run, not of piton/],
    [
      'SARIF of several targets',
      JSON.stringify({version: '2.1.0', runs: Array(2).fill({tool: {driver: {name: 'piton'}}})}),
      /base is about several targets/,
    ],
  ]
  for (const [of, text, said] of files) {
    test(of, () => expect(() => readEarlierReport(Buffer.from(text), 'base')).toThrow(said))
  }

  test('anything else ends in a report or in an error of ours', () => {
    const value = fc.jsonValue({maxDepth: 4})
    const document = fc.oneof(
      fc.record({
        schemaVersion: fc.constant(1),
        tool: fc.constant({name: 'piton'}),
        findings: fc.array(value),
        target: value,
      }),
      fc.record({
        version: fc.constant('2.1.0'),
        runs: fc.array(
          fc.record({
            tool: fc.constant({driver: {name: 'piton'}}),
            results: fc.array(value),
            properties: value,
            invocations: value,
          }),
        ),
      }),
      value,
    )
    fc.assert(
      fc.property(document, one => {
        try {
          readEarlierReport(Buffer.from(JSON.stringify(one)), 'base')
        } catch (error) {
          expect(error).toBeInstanceOf(PitonError)
        }
      }),
      {numRuns: 500},
    )
  })
})
