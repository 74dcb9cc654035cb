import type {Log, Result, Run} from 'sarif'
import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {sarif} from '../../src/report/sarif.js'
import {elfFileOf, matchOf, ratingOf, repositoryOf} from '../support/facts.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'
import {reports} from '../support/reports.js'

const options = {color: true, width: 80}

async function runOf(report: Report): Promise<Run & {readonly results: Result[]}> {
  const log: Log = JSON.parse(await sarif.render(report, options))
  const [run] = log.runs
  if (!run) throw new Error('no run')
  return {...run, results: run.results ?? []}
}

for (const [name, report] of reports) {
  test(`sarif keeps what GitHub asks for: ${name}`, async () => {
    const {results, tool, automationDetails} = await runOf(report)
    const rules = tool.driver.rules ?? []
    expect(new Set(rules.map(({id}) => id)).size).toBe(rules.length)
    expect(automationDetails?.id).toMatch(/^piton\/[\w.+-]+\/(?:[\w.+-]+\/)?$/)
    for (const {id, name, shortDescription, fullDescription, help, properties} of rules) {
      expect(id).toMatch(/^[\w.+-]+$/)
      expect(name?.length).toBeLessThanOrEqual(255)
      for (const words of [shortDescription, fullDescription]) {
        expect(words?.text).not.toBe('')
        expect(words?.text.length).toBeLessThanOrEqual(1024)
      }
      expect(help?.text).not.toBe('')
      expect(properties?.tags?.length).toBeLessThanOrEqual(10)
      const score: unknown = properties?.['security-severity']
      if (score !== undefined) expect(score).toMatch(/^(?:10\.0|[1-9]\.\d|0\.[1-9])$/)
    }
    for (const {ruleId, ruleIndex, message, locations, partialFingerprints} of results) {
      expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId)
      expect(message.text).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+\.$/u)
      expect(message.text).not.toMatch(/(?<!\\)[[\]]/)
      expect(locations).toHaveLength(1)
      const place = locations?.[0]?.physicalLocation
      expect(place?.artifactLocation?.uri).toMatch(/^piton\/[\w.+-]+\.apkdb$/)
      expect(place?.region).toEqual({startLine: 1, startColumn: 1, endLine: 1, endColumn: 1})
      expect(partialFingerprints?.['primaryLocationLineHash']).toMatch(/^[0-9a-f]{16}:\d+$/)
    }
    const identities = results.map(one => `${one.ruleId} ${one.partialFingerprints?.['primaryLocationLineHash']}`)
    expect(new Set(identities).size).toBe(identities.length)
  })
}

test('sarif names the rule after the vulnerability and its origin, and gives it the score as text', async () => {
  const {results, tool} = await runOf(reportOf({matches: [matchOf({rating: ratingOf(9.8)})]}))
  expect(results[0]).toMatchObject({ruleId: 'CVE-2023-5678-openssl', ruleIndex: 0, level: 'error', kind: 'fail'})
  expect(results[0]?.message.text).toBe(
    "Packages 'libcrypto3' and 'libssl3' '3.1.4-r2' (of 'openssl') have 'CVE-2023-5678', fixed in '3.1.4-r3'. " +
      "Found in 'lib/apk/db/installed', base image layer 1 of 2 of 'app:1.2', " +
      "made by 'ADD alpine-minirootfs.tar.gz / # buildkit'. Fix: 'apk add --upgrade libcrypto3 libssl3'.",
  )
  expect(tool.driver.rules?.[0]).toMatchObject({
    name: 'AlpineVulnerability',
    helpUri: 'https://security.alpinelinux.org/vuln/CVE-2023-5678',
    properties: {'security-severity': '9.8', tags: ['security', 'vulnerability', 'alpine']},
  })
})

test('sarif leaves the score of an unscored vulnerability out, and says so in a tag', async () => {
  const {results, tool} = await runOf(reportOf({matches: [matchOf({rating: ratingOf(null)})]}))
  expect(results[0]?.level).toBe('warning')
  expect(tool.driver.rules?.[0]?.properties).not.toHaveProperty('security-severity')
  expect(tool.driver.rules?.[0]?.properties?.tags).toContain('severity-unknown')
})

test('sarif gives a rule with findings of several severities the worst one', async () => {
  const {results, tool} = await runOf(
    reportOf({keys: ['x.rsa.pub'], repositories: [repositoryOf({url: 'http://x/y'})]}),
  )
  const ofRule = results.filter(({ruleId}) => ruleId === 'PT1004')
  expect(ofRule.map(({level}) => level)).toEqual(['warning', 'note'])
  expect(tool.driver.rules?.filter(({id}) => id === 'PT1004')).toHaveLength(1)
  expect(tool.driver.rules?.[0]?.properties?.['security-severity']).toBe('5.5')
})

test('sarif keeps what a setuid file lacks apart, so that it raises no other alert', async () => {
  const hardening = {pie: {verdict: 'no', evidence: 'ET_EXEC'}} as const
  const elfFiles = [elfFileOf({hardening}), elfFileOf({path: 'bin/su', mode: 0o4755, hardening})]
  const {results, tool} = await runOf(reportOf({elfFiles}))
  expect(results.filter(({ruleId}) => ruleId?.startsWith('PT2'))).toMatchObject([
    {ruleId: 'PT2001-PT2009', level: 'error', properties: {raisedBy: 'PT2009', path: 'bin/su'}},
    {ruleId: 'PT2001', level: 'warning', properties: {path: 'usr/local/bin/app'}},
  ])
  const scores = tool.driver.rules?.map(({id, properties}) => [
    id,
    properties?.['security-severity'],
    properties?.['precision'],
  ])
  expect(scores?.slice(0, 2)).toEqual([
    ['PT2001-PT2009', '8.0', 'high'],
    ['PT2001', '5.5', 'high'],
  ])
})

const names: [name: string | null, platform: string | null, uri: string, category: string][] = [
  ['app:1.2', 'linux/amd64', 'piton/app.apkdb', 'piton/app/linux-amd64/'],
  [`app@sha256:${'0'.repeat(64)}`, null, 'piton/app.apkdb', 'piton/app/'],
  [
    'localhost:5000/library/app',
    'linux/arm/v7',
    'piton/localhost-5000-library-app.apkdb',
    'piton/localhost-5000-library-app/linux-arm-v7/',
  ],
  [null, null, 'piton/image.apkdb', 'piton/image/'],
  ['../..:x', null, 'piton/image.apkdb', 'piton/image/'],
]
for (const [name, platform, uri, category] of names) {
  test(`sarif keeps alerts of ${name ?? 'an image without a name'} together`, async () => {
    const report = reportOf({matches: [matchOf()]}, {target: targetOf({name, platform})})
    const {results, automationDetails} = await runOf(report)
    expect(results[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(uri)
    expect(automationDetails?.id).toBe(category)
  })
}

test('sarif keeps 5,000 results, the worst, and says how many it left out', async () => {
  const findings = Array.from({length: 5_003}, (_, n) => findingOf({rule: `CVE-2024-${1000 + n}`}))
  const text = await sarif.render(reportOf({}, {findings}), options)
  const run: Run | undefined = (JSON.parse(text) as Log).runs[0]
  expect(run?.results).toHaveLength(5_000)
  expect(run?.tool.driver.rules).toHaveLength(5_000)
  expect(run?.properties).toMatchObject({findings: 5_003, resultsLeftOut: 3})
  expect(JSON.stringify(run?.invocations)).toContain('3 findings more than GitHub shows')
})

test('sarif of an incomplete scan is no success, and names what was not seen', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const {invocations} = await runOf(reportOf({}, {complete: false, warnings}))
  expect(invocations?.[0]?.executionSuccessful).toBe(false)
  expect(invocations?.[0]?.toolExecutionNotifications?.at(-1)).toEqual({
    descriptor: {id: 'ELF_TRUNCATED'},
    level: 'error',
    message: {text: "'usr/lib/x.so': cut short"},
  })
})

test('sarif has no list of artifacts', async () => {
  expect(await runOf(reportOf({matches: [matchOf()]}))).not.toHaveProperty('artifacts')
})
