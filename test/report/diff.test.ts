import {readFileSync} from 'node:fs'
import Ajv from 'ajv/dist/2020.js'
import {expect, test} from 'vitest'
import type {Difference} from '../../src/model/difference.js'
import type {Finding, Report} from '../../src/model/report.js'
import {diffFindings} from '../../src/policy/diff.js'
import {diffFormats} from '../../src/report/diff/index.js'
import {readers} from '../support/media.js'
import {findingOf, reportOf} from '../support/report.js'
import {hostileNames, reports} from '../support/reports.js'

const options = {color: false, width: 100}
const at = (digit: number, overrides: Partial<Finding> = {}): Finding =>
  findingOf({fingerprint: `${String(digit).padStart(16, '0')}:1`, rule: `CVE-2024-${1000 + digit}`, ...overrides})

/** What comes of these two lists. */
function differenceOf(
  old: readonly Finding[],
  now: readonly Finding[],
  overrides: Partial<Difference> = {},
): Difference {
  const {all, ...lists} = diffFindings({image: 'app:1', findings: old}, {image: 'app:2', findings: now})
  const report: Report = {
    ...reportOf(),
    findings: all.filter(({suppressed}) => suppressed === null),
    suppressed: all.filter(({suppressed}) => suppressed !== null),
  }
  const side = (name: string, findings: number) => {
    return {
      reference: `registry:${name}`,
      name,
      platform: 'linux/amd64',
      release: 'Alpine 3.19.0',
      findings,
      suppressed: 0,
      complete: true,
    }
  }
  return {
    tool: report.tool,
    old: side('app:1', old.length),
    new: side('app:2', now.length),
    ...lists,
    warnings: [],
    report,
    ...overrides,
  }
}

const typical = differenceOf([at(1), at(2), at(3, {severity: 'medium'})], [at(2), at(3, {severity: 'critical'}), at(4)])

test('the table shows what is new in full, and the rest in a line each', async () => {
  const text = await diffFormats.get('table')?.render(typical, options)
  expect(text).toBe(`piton 0.1.0: what changed

  old  app:1, linux/amd64, Alpine 3.19.0; 3 findings
  new  app:2, linux/amd64, Alpine 3.19.0; 3 findings

NEW

Vulnerabilities

  SEVERITY  ID             FIXED IN  CVSS  SOURCE  VECTOR

openssl 3.1.4-r2 (libssl3)
  from the base image
  high      CVE-2024-1004  3.1.4-r3   7.5  nvd     CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H

OF ANOTHER SEVERITY

  critical  CVE-2024-1003 in openssl: medium, now critical

FIXED

  high      CVE-2024-1001 in openssl

1 new: 1 high. 1 fixed: 1 high. 1 of another severity. 1 unchanged.
`)
})

test('where nothing differs, that is said', async () => {
  const table = diffFormats.get('table')
  const text = await table?.render(differenceOf([at(1)], [at(1)]), options)
  expect(text).toMatch(/\nNothing differs: 1 unchanged\.\n$/)
  expect(await table?.render(differenceOf([], []), options)).toMatch(/Nothing differs: neither has a finding\.\n$/)
})

test('the comment shows what is new, and folds what is fixed', async () => {
  const text = (await diffFormats.get('markdown')?.render(typical, options)) ?? ''
  expect(text).toContain('## piton: 1 new finding, 1 fixed in `app:2`')
  expect(text).toContain('### New (1)')
  expect(text).toContain('### Of another severity (1)')
  expect(text).toContain('<summary>Fixed (1)</summary>')
  readers.get('markdown')?.(text)
})

test('a comment about very many findings still fits', async () => {
  const many = Array.from({length: 3000}, (_, n) => at(n, {severity: n % 2 ? 'high' : 'low', origin: `package-${n}`}))
  const changed = many.slice(0, 1000).map(finding => ({...finding, severity: 'critical' as const}))
  const text =
    (await diffFormats
      .get('markdown')
      ?.render(differenceOf(many.slice(0, 2000), [...changed, ...many.slice(2000)]), options)) ?? ''
  expect(Buffer.byteLength(text)).toBeLessThan(65_536)
  expect(text).toMatch(/more did not fit into this comment/)
  readers.get('markdown')?.(text)
})

test('SARIF says of every result how it stands', async () => {
  const text = (await diffFormats.get('sarif')?.render(typical, options)) ?? ''
  const results: {ruleId: string; baselineState: string}[] = JSON.parse(text).runs[0].results
  expect(results.map(({ruleId, baselineState}) => `${ruleId} ${baselineState}`).sort()).toEqual([
    'CVE-2024-1001-openssl absent',
    'CVE-2024-1002-openssl unchanged',
    'CVE-2024-1003-openssl updated',
    'CVE-2024-1004-openssl new',
  ])
})

const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../data/${name}.schema.json`, import.meta.url), 'utf8'))
const ajv = new Ajv.Ajv2020({strict: true, allowUnionTypes: true, allErrors: true})
ajv.addSchema(schemaOf('report'))
const validate = ajv.compile(schemaOf('diff'))

const hostile = hostileNames.map((name, n) =>
  at(n + 10, {rule: name || 'ID', origin: name, path: name, message: name, title: name}),
)
const differences: [name: string, difference: Difference][] = [
  ['typical', typical],
  ['nothing', differenceOf([], [])],
  [
    'hostile',
    differenceOf(hostile.slice(5), [...hostile.slice(0, 10).map(one => ({...one, severity: 'low' as const})), at(99)], {
      warnings: hostileNames.map(message => ({code: 'X', message, path: message})),
    }),
  ],
  ...reports.map(([name, report]): [string, Difference] => [
    name,
    differenceOf([], [...report.findings, ...report.suppressed], {report}),
  ]),
]
for (const [name, difference] of differences) {
  test(`every format of a comparison is read back, and obeyed by no terminal: ${name}`, async () => {
    for (const [format, reporter] of diffFormats) {
      const text = await reporter.render(difference, {...options, suppressed: true})
      expect(await reporter.render(difference, {...options, suppressed: true})).toBe(text)
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Cs}]/u)
      readers.get(format)?.(text)
    }
    validate(JSON.parse((await diffFormats.get('json')?.render(difference, options)) ?? ''))
    expect(validate.errors ?? []).toEqual([])
  })
}
