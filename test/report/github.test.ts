import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {github} from '../../src/report/github.js'
import {matchOf} from '../support/facts.js'
import {parseCommands} from '../support/media.js'
import {findingOf, reportOf} from '../support/report.js'
import {reports} from '../support/reports.js'

async function commandsOf(report: Report) {
  return parseCommands(await github.render(report, {color: false, width: 100}))
}

for (const [name, report] of reports) {
  test(`github gets at most ten annotations of a level, the last a notice: ${name}`, async () => {
    const commands = await commandsOf(report)
    for (const level of ['error', 'warning', 'notice']) {
      expect(commands.filter(({command}) => command === level).length).toBeLessThanOrEqual(10)
    }
    expect(commands.at(-1)).toMatchObject({command: 'notice', properties: {title: 'piton'}})
  })
}

test('github gets an error for a vulnerability, and a notice that sums up', async () => {
  expect(await commandsOf(reportOf({matches: [matchOf()]}))).toEqual([
    {
      command: 'error',
      properties: {title: 'CVE-2023-5678 in openssl (high)'},
      message:
        "Packages 'libcrypto3' and 'libssl3' '3.1.4-r2' (of 'openssl') have 'CVE-2023-5678', fixed in '3.1.4-r3'.\n" +
        'Fix: apk add --upgrade libcrypto3 libssl3',
    },
    {
      command: 'notice',
      properties: {title: 'piton'},
      message: expect.stringMatching(/^1 finding: 1 high\.\nFirst: .*not among the findings\./s),
    },
  ])
})

test('github gets the worst, and is told how many more there are', async () => {
  const findings = Array.from({length: 25}, (_, n) =>
    findingOf({fingerprint: `${n}:1`, title: `finding ${n}`, severity: n < 3 ? 'critical' : n < 20 ? 'high' : 'note'}),
  )
  const commands = await commandsOf(reportOf({}, {findings}))
  expect(commands.map(({command}) => command)).toEqual([...Array(10).fill('error'), ...Array(6).fill('notice')])
  expect(commands[0]?.properties['title']).toBe('finding 0 (critical)')
  expect(commands.at(-1)?.message).toContain('10 annotations more than GitHub shows')
})

test('github gets one annotation for the files of one rule and package', async () => {
  const findings = Array.from({length: 12}, (_, n) =>
    findingOf({
      rule: 'PT2001',
      family: 'hardening',
      severity: 'medium',
      title: 'Fixed address',
      path: `bin/${n}`,
      line: null,
    }),
  )
  expect((await commandsOf(reportOf({}, {findings})))[0]).toMatchObject({
    command: 'warning',
    properties: {title: 'PT2001 Fixed address: libssl3 (medium)'},
    message: expect.stringMatching(/^In bin\/0, bin\/1, .*bin\/9 and 2 more\.\nFix: /),
  })
})

test('github reads back every character that its commands are made of', async () => {
  const title = '100%,a:b%0A::error::x'
  const finding = findingOf({title, message: title})
  const [command] = await commandsOf(reportOf({}, {findings: [finding]}))
  expect(command?.properties['title']).toBe(`${title} (high)`)
  expect(command?.message).toBe(`${title}\nFix: apk add --upgrade libssl3`)
})

test('github gets an error where the scan is incomplete', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const [first] = await commandsOf(reportOf({}, {complete: false, warnings}))
  expect(first).toMatchObject({command: 'error', properties: {title: 'piton: the scan is incomplete'}})
  expect(first?.message).toContain('usr/lib/x.so: cut short')
})
