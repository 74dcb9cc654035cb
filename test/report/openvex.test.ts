import {expect, test} from 'vitest'
import type {Finding, Report, Suppression} from '../../src/model/report.js'
import {justifications} from '../../src/policy/justification.js'
import {vexDocuments, vexJudge} from '../../src/policy/vex/index.js'
import {openvex} from '../../src/report/openvex.js'
import {packageOf} from '../support/facts.js'
import {contextOf} from '../support/policy.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'
import {reports} from '../support/reports.js'

const options = {color: false, width: 100}
const installed = packageOf({
  name: 'libssl3',
  version: '3.1.4-r2',
  origin: 'openssl',
  purl: 'pkg:apk/alpine/libssl3@3.1.4-r2',
})

function ignored(suppressed: Partial<Suppression>, overrides: Partial<Finding> = {}): Finding {
  return findingOf({
    suppressed: {
      by: 'ignore',
      reason: 'Client only',
      expires: null,
      justification: null,
      from: '.piton.yaml:3',
      ...suppressed,
    },
    ...overrides,
  })
}

async function documentOf(overrides: Partial<Report>) {
  const report = reportOf(
    {packages: [installed]},
    {target: targetOf({name: 'registry.example/team/app:1.2'}), ...overrides},
  )
  return JSON.parse(await openvex.render(report, options))
}

test('an ignore with a justification says that the image is not affected', async () => {
  const document = await documentOf({suppressed: [ignored({justification: 'vulnerable_code_not_in_execute_path'})]})
  expect(document).toEqual({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': expect.stringMatching(/^https:\/\/openvex\.dev\/docs\/public\/vex-[0-9a-f]{64}$/),
    author: 'piton',
    role: 'Document Creator',
    timestamp: '2025-01-10T00:00:00Z',
    version: 1,
    tooling: 'piton 0.1.0',
    statements: [
      {
        vulnerability: {name: 'CVE-2023-5678'},
        products: [
          {
            '@id': 'pkg:oci/app?repository_url=registry.example%2Fteam%2Fapp',
            subcomponents: [{'@id': 'pkg:apk/alpine/libssl3@3.1.4-r2'}],
          },
        ],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        status_notes: 'Client only',
      },
    ],
  })
})

test('an ignore without one says that it is, and what is done', async () => {
  const {statements} = await documentOf({suppressed: [ignored({expires: '2025-03-01'}, {aliases: ['GHSA-1']})]})
  expect(statements).toMatchObject([
    {
      vulnerability: {name: 'CVE-2023-5678', aliases: ['GHSA-1']},
      status: 'affected',
      action_statement: "Accepted: Client only. This holds until 2025-03-01. Upgrade 'libssl3' to '3.1.4-r3' or later.",
    },
  ])
})

test("what Alpine's security database rejects is not affected", async () => {
  const rejected = [
    {id: 'CVE-2019-0190', aliases: [], origin: 'openssl', branch: 'v3.19', repository: 'main', packages: [installed]},
  ]
  const {statements} = await documentOf({rejected})
  expect(statements).toMatchObject([
    {status: 'not_affected', impact_statement: "Alpine's security database says that openssl is not affected."},
  ])
})

test('an image without a name is its packages', async () => {
  const {statements} = await documentOf({target: targetOf({name: null}), suppressed: [ignored({})]})
  expect(statements[0].products).toEqual([{'@id': 'pkg:apk/alpine/libssl3@3.1.4-r2'}])
})

test('only vulnerabilities that people decided about are in it', async () => {
  const suppressed = [
    ignored({by: 'baseline'}),
    ignored({by: 'vex'}),
    ignored({}, {family: 'hardening', rule: 'PT2001'}),
    ignored({}, {packages: []}),
  ]
  expect((await documentOf({suppressed})).statements).toEqual([])
})

test('piton takes its own document: what was not affected stays out', async () => {
  const finding = ignored({justification: 'component_not_present'})
  const document = await documentOf({suppressed: [finding]})
  const found = {...finding, suppressed: null}
  const documents = vexDocuments(Buffer.from(JSON.stringify(document)), 'own.json')
  const {suppressions, warnings} = vexJudge(documents)([found], contextOf({packages: [installed]}))
  expect(suppressions.get(found)).toMatchObject({
    by: 'vex',
    justification: 'component_not_present',
    reason: 'Client only',
  })
  expect(warnings).toEqual([])
})

for (const [name, report] of reports) {
  test(`openvex keeps what the specification asks: ${name}`, async () => {
    const suppressed = report.findings.map((finding, n): Finding => {
      const justification = n % 2 === 0 ? null : (justifications[0] ?? null)
      return {...finding, suppressed: {by: 'ignore', reason: 'x', expires: null, justification, from: 'a'}}
    })
    const text = await openvex.render({...report, suppressed}, options)
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
    for (const {status, products, ...statement} of JSON.parse(text).statements) {
      expect(products.length).toBeGreaterThan(0)
      if (status === 'affected') expect(statement.action_statement).toMatch(/^Accepted: /)
      else expect([statement.justification, statement.impact_statement].filter(Boolean)).toHaveLength(1)
    }
    expect(await openvex.render({...report, suppressed}, options)).toBe(text)
  })
}
