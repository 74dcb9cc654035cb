import {readFileSync} from 'node:fs'
import Ajv from 'ajv/dist/2020.js'
import {expect, test} from 'vitest'
import {json} from '../../src/report/json.js'
import {matchOf} from '../support/facts.js'
import {reportOf} from '../support/report.js'
import {reports} from '../support/reports.js'

const options = {color: true, width: 80}
const schema: object = JSON.parse(readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv.Ajv2020({strict: true, allowUnionTypes: true, allErrors: true}).compile(schema)

for (const [name, report] of reports) {
  test(`json keeps its schema: ${name}`, async () => {
    validate(JSON.parse(await json.render(report, options)))
    expect(validate.errors ?? []).toEqual([])
  })
}

test('json has the fields of the contract, in its order', async () => {
  const document = JSON.parse(await json.render(reportOf({matches: [matchOf()]}), options))
  expect(Object.keys(document)).toEqual([
    ...[
      'schemaVersion',
      'tool',
      'target',
      'release',
      'database',
      'coverage',
      'notice',
      'complete',
      'warnings',
      'packages',
      'files',
      'loaded',
      'advice',
      'audit',
      'rejected',
    ],
    'findings',
  ])
  expect(document.findings[0]).toEqual({
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}:1$/),
    rule: 'CVE-2023-5678',
    family: 'vulnerability',
    severity: 'high',
    ownSeverity: null,
    raisedBy: null,
    title: 'CVE-2023-5678 in openssl',
    message: expect.any(String),
    evidence: 'v3.19/main: openssl 3.1.4-r2 < 3.1.4-r3',
    explanation: {
      origin: 'openssl',
      grounds: [
        {
          branch: 'v3.19',
          reason: 'etc/os-release: VERSION_ID=3.19.0',
          source: 'v3.19/main',
          date: '2025-01-04',
          fixVersions: ['3.1.4-r3'],
          comparisons: [
            {
              installed: '3.1.4-r2',
              packages: ['libcrypto3', 'libssl3'],
              fixed: '3.1.4-r3',
              order: 'older',
              note: null,
            },
          ],
        },
      ],
      offer: null,
      silencedBy: null,
    },
    origin: 'openssl',
    packages: [
      {name: 'libcrypto3', version: '3.1.4-r2'},
      {name: 'libssl3', version: '3.1.4-r2'},
    ],
    fixedVersion: '3.1.4-r3',
    aliases: [],
    names: [],
    cvss: [{version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 7.5, source: 'nvd'}],
    kev: false,
    epss: null,
    path: 'lib/apk/db/installed',
    line: 1,
    layer: {index: 0, diffID: null, base: true},
    dockerfile: null,
    loaded: null,
    fix: {text: expect.any(String), command: 'apk add --upgrade libcrypto3 libssl3'},
    suppressed: null,
    baselineState: null,
  })
})

test('json says what the absence of findings means', async () => {
  const {notice} = JSON.parse(await json.render(reportOf(), options))
  expect(notice.join(' ')).toContain('a vulnerability that Alpine has not fixed is not among the findings')
})

test('json says since when community is not kept up', async () => {
  const report = reportOf()
  const release = report.release && {...report.release, communityEnd: '2024-05-22'}
  const document = JSON.parse(await json.render({...report, release}, options))
  expect(document.release).toMatchObject({endOfLife: '2025-11-01', communityEnd: '2024-05-22'})
  expect(document.notice.join(' ')).toContain('its community repository was kept up only until 2024-05-22')
})

test('json keeps hostile text as it is, without a byte that a terminal obeys', async () => {
  const name = '\u001b[2J\u009b\u202e\u{e0041}é日'
  const text = await json.render(reportOf({}, {target: {...reportOf().target, name}}), options)
  expect(text).toContain('"name": "\\u001b[2J\\u009b\\u202e\\udb40\\udc41é日"')
  expect(JSON.parse(text).target.name).toBe(name)
})

test('json has no half of a surrogate pair, which parsers refuse (RFC 7493, 2.1)', async () => {
  // The second is no escape: a backslash that is part of the name, and letters behind it.
  const cases = [
    ['opt/n\udcff\udcfe', 'opt/n\\u{dcff}\\u{dcfe}'],
    ['a\\udcff', 'a\\udcff'],
    ['a\\\udcff', 'a\\\\u{dcff}'],
    ['\u{1f389}', '\u{1f389}'],
  ]
  for (const [name = '', shown] of cases) {
    const text = await json.render(reportOf({}, {target: {...reportOf().target, name}}), options)
    expect(JSON.parse(text).target.name).toBe(shown)
  }
})
