import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {markdown} from '../../src/report/comment.js'
import {github} from '../../src/report/github.js'
import {htmlReport} from '../../src/report/html.js'
import {junit} from '../../src/report/junit.js'
import {summaryOf} from '../../src/report/summary.js'
import {table} from '../../src/report/table.js'
import {findingOf, reportOf} from '../support/report.js'

const decision = {
  by: 'ignore',
  reason: 'Client only.',
  expires: '2026-12-31',
  justification: null,
  from: '.piton.yaml:12',
} as const
const suppressed = [
  findingOf({suppressed: decision}),
  findingOf({
    rule: 'CVE-2024-2',
    severity: 'critical',
    suppressed: {
      ...decision,
      by: 'vex',
      justification: 'component_not_present',
      expires: null,
      from: 'a.json, statement 1',
    },
  }),
  ...['usr/bin/a', 'usr/bin/b'].map(path =>
    findingOf({
      family: 'hardening',
      rule: 'PT2001',
      ruleID: 'PT2001',
      severity: 'medium',
      path,
      origin: 'x',
      packages: [{name: 'x', version: '1'}],
      suppressed: {
        ...decision,
        by: 'baseline',
        reason: 'known since base.json, then medium',
        expires: null,
        from: 'base.json',
      },
    }),
  ),
]
const report: Report = reportOf({}, {suppressed, baseline: {name: 'base.json', known: 2, gone: 3}})
const options = {color: false, width: 100}
const summary =
  'No findings. Suppressed: 1 by the ignore list, 1 by VEX, 2 by the baseline. Of base.json, 3 findings are gone.'

test('the summary counts them by who decided', () => {
  expect(summaryOf(report)).toBe(summary)
  expect(summaryOf({...report, suppressed: [], baseline: null})).toBe('No findings.')
})

test('the table says how many, and where to see them', async () => {
  const text = await table.render(report, options)
  expect(text.replace(/\s+/g, ' ')).toContain(`${summary} --show-suppressed lists what was suppressed.`)
  expect(text).not.toContain('.piton.yaml')
})

test('the table lists them on request, with the place and the reason of every decision', async () => {
  const text = await table.render(report, {...options, suppressed: true})
  expect(text).toContain(`Suppressed

By the ignore list
  .piton.yaml:12, until 2026-12-31: Client only.
  high      CVE-2023-5678 in openssl

By VEX
  a.json, statement 1, component_not_present: Client only.
  critical  CVE-2024-2 in openssl

By the baseline
  base.json
  medium    PT2001 x: 2 files
`)
  expect(text).not.toContain('--show-suppressed')
})

test('a comment counts them, and lists them on request', async () => {
  const plain = await markdown.render(report, options)
  expect(plain).toContain('Suppressed: 1 by the ignore list, 1 by VEX, 2 by the baseline.')
  expect(plain).not.toContain('Client only')
  const text = await markdown.render(report, {...options, suppressed: true})
  expect(text).toContain('<summary>Suppressed (4)</summary>')
  expect(text).toContain(
    '| high | `CVE-2023-5678 in openssl` | the ignore list | `.piton.yaml:12, until 2026-12-31`: Client only. |',
  )
})

test('a comment with very many decisions still fits', async () => {
  const many = Array.from({length: 5000}, (_, n) =>
    findingOf({rule: `CVE-2024-${n}`, suppressed: {...decision, reason: 'x'.repeat(200), from: `.piton.yaml:${n}`}}),
  )
  const text = await markdown.render({...report, suppressed: many}, {...options, suppressed: true})
  expect(Buffer.byteLength(text)).toBeLessThan(65_536)
  expect(text).toMatch(/[\d,]+ more decisions did not fit into this comment/)
})

test('the page has them folded', async () => {
  const text = await htmlReport.render(report, options)
  expect(text).toContain('<h2>4 suppressed findings</h2>')
  expect(text).toContain('.piton.yaml:12, until 2026-12-31')
})

test('what else has a summary has them in it', async () => {
  for (const format of [junit, github, htmlReport])
    expect(await format.render(report, options)).toContain('2 by the baseline')
})
