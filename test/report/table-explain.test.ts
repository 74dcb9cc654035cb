import {expect, test} from 'vitest'
import {table} from '../../src/report/table.js'
import {elfFileOf, matchOf, packageOf, ratingOf} from '../support/facts.js'
import {terminalCommands} from '../support/piton.js'
import {findingOf, reportOf} from '../support/report.js'
import {hostileNames, reports} from '../support/reports.js'

const report = reportOf({
  packages: [packageOf({files: [{path: 'lib/libssl.so.3', checksum: null, owner: null}]})],
  matches: [
    matchOf({fix: {id: 'CVE-2024-5535', fixedVersion: '3.1.6-r0'}, rating: ratingOf(9.1, {kev: true})}),
    matchOf({fix: {id: 'XSA-400', fixedVersion: '3.1.5-r0'}, rating: ratingOf(null)}),
  ],
  elfFiles: [elfFileOf()],
})

test('--explain says under each finding what it rests on, and of each rule why it is one', async () => {
  const text = await table.render(report, {width: 100, color: false, explain: true})
  expect(text).toMatch(
    /CVE-2024-5535 .*\n {4}v3\.19\/main: openssl 3\.1\.4-r2 < 3\.1\.6-r0; [^\n]*\n {4}attackers are known to use it\n/,
  )
  expect(text).toMatch(/XSA-400 .*\n {4}v3\.19\/main: openssl 3\.1\.4-r2 < 3\.1\.5-r0\n/)
  expect(text).toMatch(/^PT1007 .*\n {2}Why: /m)
  expect(text).toMatch(/^ {12}Evidence: /m)
})

test('without it nothing is explained', async () => {
  expect(await table.render(report, {width: 100, color: false})).not.toMatch(/Why: |Evidence: |attackers are known/)
})

/** CVSS 3.1, "Exploitability metrics". */
test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'attacked over the network, without an account'],
  [
    'CVSS:3.1/AV:L/AC:L/PR:L/UI:R/S:U/C:H/I:H/A:H',
    'attacked on the machine itself, with an account, if somebody helps along',
  ],
])('%s: %s', async (vector, words) => {
  const finding = findingOf({cvss: [{version: '3.1', vector, score: 9.8, source: 'nvd'}], evidence: 'seen'})
  const text = await table.render({...report, findings: [finding]}, {width: 300, color: false, explain: true})
  expect(text).toContain(`    seen; ${words}\n`)
})

test('with links, CVEs and rules lead to their pages, and other ids do not', async () => {
  const text = await table.render(report, {width: 100, color: false, links: true})
  const linked = [...text.matchAll(/\u001b]8;;([^\u001b]+)\u001b\\([^\u001b]*)\u001b]8;;\u001b\\/g)]
  expect(linked.map(([, url, words]) => `${words} ${url}`)).toEqual([
    'CVE-2024-5535 https://security.alpinelinux.org/vuln/CVE-2024-5535',
    expect.stringMatching(/^PT1007 https:\/\/\S+#pt1007$/),
  ])
})

test.each(hostileNames.map(name => [name]))('nothing of an image gets into a link: %j', async name => {
  const findings = [
    findingOf({rule: name, evidence: name}),
    findingOf({rule: `CVE-2024-1111${name}`, family: 'image', ruleID: name}),
  ]
  const text = await table.render({...report, findings}, {width: 100, color: false, links: true, explain: true})
  expect(text).not.toMatch(terminalCommands)
})

test.each(reports)('%s, explained, obeys the width and holds no command', async (_, hostile) => {
  const text = await table.render(hostile, {width: 80, color: false, explain: true})
  expect(text).not.toMatch(terminalCommands)
})
