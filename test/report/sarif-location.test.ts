import type {Log, Result} from 'sarif'
import {expect, test} from 'vitest'
import type {Finding, Report} from '../../src/model/report.js'
import type {SourceLine} from '../../src/model/source-line.js'
import {github} from '../../src/report/github.js'
import {type SarifProfile, sarif, sarifReporter} from '../../src/report/sarif.js'
import {parseCommands} from '../support/media.js'
import {findingOf, reportOf} from '../support/report.js'

const options = {color: false, width: 80}

function lineOf(overrides: Partial<SourceLine> = {}): SourceLine {
  return {
    file: 'Dockerfile',
    startLine: 4,
    startColumn: 5,
    endLine: 4,
    endColumn: 10,
    snippet: '    nginx \\',
    confidence: 'exact',
    copiedFrom: null,
    ...overrides,
  }
}

async function resultsOf(report: Report, profile: SarifProfile = 'github'): Promise<readonly Result[]> {
  const log: Log = JSON.parse(await sarifReporter(profile).render(report, options))
  return log.runs[0]?.results ?? []
}

const withLine = (line: Partial<SourceLine>, overrides: Partial<Finding> = {}) =>
  reportOf({}, {findings: [findingOf({dockerfile: lineOf(line), ...overrides})]})

const files: [file: string, uri: string][] = [
  ['Dockerfile', 'Dockerfile'],
  ['deploy images/api/Dockerfile', 'deploy%20images/api/Dockerfile'],
  ['c:/Dockerfile', 'c%3A/Dockerfile'],
  ['100%/ü#?.Dockerfile', '100%25/%C3%BC%23%3F.Dockerfile'],
  ['\ud800', '%EF%BF%BD'],
]
for (const [file, uri] of files) {
  test(`sarif writes ${JSON.stringify(file)} as a relative URI`, async () => {
    const [result] = await resultsOf(withLine({file}))
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({uri, uriBaseId: 'SRCROOT'})
  })
}

test('sarif shows the piece of the line, says how certain it is, and from which stage it was copied', async () => {
  const [result] = await resultsOf(withLine({confidence: 'likely', copiedFrom: 'build'}))
  expect(result?.locations?.[0]?.physicalLocation?.region).toEqual({
    startLine: 4,
    startColumn: 5,
    endLine: 4,
    endColumn: 10,
    snippet: {text: '    nginx \\'},
  })
  expect(result?.properties).toMatchObject({locationConfidence: 'likely', base: true, layer: 0})
  expect(result?.message.text).toContain("base image layer 1 of 2 of 'app:1.2', copied from 'build'.")
})

test('sarif falls back to the place that the person named, and has nothing to say then', async () => {
  const report = reportOf({}, {findings: [findingOf()], fallbackLocation: {file: 'deploy.yaml', line: 12}})
  const [result] = await resultsOf(report)
  expect(result?.locations?.[0]?.physicalLocation).toEqual({
    artifactLocation: {uri: 'deploy.yaml', uriBaseId: 'SRCROOT'},
    region: {startLine: 12, startColumn: 1, endLine: 12, endColumn: 1},
  })
  expect(sarif.notes?.(report)).toEqual([])
  expect(sarif.notes?.(reportOf({}, {findings: [findingOf()]}))).toEqual([expect.stringContaining('no pull request')])
})

test('sarif tells what it cut on standard error too', () => {
  const findings = Array.from({length: 5_002}, () => findingOf({dockerfile: lineOf()}))
  const report = reportOf({}, {findings})
  expect(sarif.notes?.(report)).toEqual([
    '2 findings more than GitHub shows, none worse than those here, were left out.',
  ])
  expect(sarifReporter('full').notes?.(report)).toEqual([])
})

const decision = {
  by: 'ignore',
  reason: 'not reachable',
  expires: '2026-12-31',
  justification: null,
  from: '.piton.yaml:3',
} as const

test('sarif for GitHub leaves out what was suppressed; the full profile keeps it with its reason', async () => {
  const suppressed = [findingOf({rule: 'CVE-2024-1', suppressed: decision})]
  const report = reportOf({}, {findings: [findingOf()], suppressed})
  expect(await resultsOf(report)).toHaveLength(1)
  const full = await resultsOf(report, 'full')
  expect(full.map(({ruleId, suppressions}) => [ruleId, suppressions])).toEqual([
    ['CVE-2023-5678-openssl', undefined],
    [
      'CVE-2024-1-openssl',
      [{kind: 'external', status: 'accepted', justification: 'ignore: not reachable; until 2026-12-31'}],
    ],
  ])
})

test('sarif of the full profile is not cut', async () => {
  const findings = Array.from({length: 5_010}, (_, n) => findingOf({fingerprint: `${n}:1`}))
  expect(await resultsOf(reportOf({}, {findings}), 'full')).toHaveLength(5_010)
})

const places: [name: string, report: Report, properties: Record<string, string>][] = [
  ['the line', withLine({file: 'a,b:c'}), {file: 'a,b:c', line: '4', endLine: '4'}],
  [
    'the place that the person named',
    reportOf({}, {findings: [findingOf()], fallbackLocation: {file: 'x.yaml', line: 3}}),
    {file: 'x.yaml', line: '3', endLine: '3'},
  ],
]
for (const [name, report, properties] of places) {
  test(`an annotation stands at ${name}`, async () => {
    const [annotation] = parseCommands(await github.render(report, options))
    expect(annotation?.properties).toMatchObject(properties)
  })
}
