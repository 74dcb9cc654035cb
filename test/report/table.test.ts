import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {columnsOf} from '../../src/report/columns.js'
import {table} from '../../src/report/table.js'
import {elfFileOf, groundOf, matchOf, packageOf, ratingOf, releaseOf} from '../support/facts.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'
import {reports} from '../support/reports.js'

async function textOf(report: Report, width = 80, color = false): Promise<string> {
  return table.render(report, {width, color})
}

const musl = packageOf({name: 'musl', version: '1.2.4_git20230717-r4'})
const usual = reportOf({
  packages: [packageOf({files: [{path: 'lib/libssl.so.3', checksum: null, owner: null}]}), musl],
  matches: [
    matchOf({fix: {id: 'CVE-2024-5535', fixedVersion: '3.1.6-r0'}, rating: ratingOf(9.1, {kev: true})}),
    matchOf({fix: {id: 'CVE-2024-0727', fixedVersion: '3.1.4-r5'}, rating: ratingOf(5.5)}),
    matchOf({
      packages: [musl],
      fix: {id: 'XSA-400', origin: 'musl', fixedVersion: '1.2.4_git20230717-r5'},
      rating: ratingOf(null),
    }),
  ],
  elfFiles: [elfFileOf()],
})

test('the whole table, on 80 columns', async () => {
  expect(await textOf(usual)).toBe(`piton 0.1.0: docker-archive:app.tar

  image       app:1.2, linux/amd64, 2 layers
  base        layer 1 of 2
  release     Alpine 3.19.0; newest is 3.19.9; fixes until 2025-11-01
  contents    2 packages, 1 ELF file
  advisories  7,782 for v3.19, of 2025-01-04

Vulnerabilities

  SEVERITY  ID             FIXED IN                  CVSS             SOURCE

openssl 3.1.4-r2 (libcrypto3, libssl3)
  from the base image
  critical  CVE-2024-5535  3.1.6-r0                   9.1  exploited  nvd
  medium    CVE-2024-0727  3.1.4-r5                   5.5             nvd

musl 1.2.4_git20230717-r4
  from the base image
  medium    XSA-400        1.2.4_git20230717-r5  unscored

Image

PT1007 No package owns this program or library
  note      No package owns 'usr/local/bin/app', so no advisory of the
            distribution covers it.
            Fix: Install it from a package where there is one, or watch its own
            advisories.

4 findings: 1 critical, 2 medium, 1 note.

What to do first

  apk add --upgrade libcrypto3 libssl3 musl
    Fixes 3 findings: takes 3 packages to the newest version of the branch.
  FROM alpine:3.19.9
    Fixes up to 3 findings: 3.19.9 is the newest v3.19, this is 3.19.0. It
    brings what was fixed before it came out.

Advisories for v3.19 are of 2025-01-04. They list fixes only: a vulnerability
that Alpine has not fixed is not among the findings.
Alpine v3.19 gets fixes until 2025-11-01.
`)
})

for (const width of [60, 80, 100, 120, 200]) {
  for (const [name, report] of reports.filter(([name]) => name !== 'hostile')) {
    test(`no line is longer than ${width} columns: ${name}`, async () => {
      for (const line of (await textOf(report, width)).split('\n'))
        expect(columnsOf(line), line).toBeLessThanOrEqual(width)
    })
  }
}

test('the score and vector are shown where there is room', async () => {
  expect(await textOf(usual, 80)).not.toContain('VECTOR')
  expect(await textOf(usual, 140)).toContain('CVSS:3.1/AV:N')
})

test('wide letters keep the columns straight', async () => {
  const findings = ['3.1.4-r3', '日本語', 'é\u0301'].map(fixedVersion => findingOf({fixedVersion}))
  const rows = (await textOf(reportOf({}, {findings}))).split('\n').filter(line => line.includes('nvd'))
  expect(rows).toHaveLength(3)
  expect(new Set(rows.map(columnsOf)).size).toBe(1)
})

test('colour only where it was asked for', async () => {
  expect(await textOf(usual)).not.toContain('\u001b')
  expect(await textOf(usual, 80, true)).toContain('\u001b[1;31mcritical\u001b[0m')
})

test('without its colours a coloured table is the plain one', async () => {
  expect((await textOf(usual, 80, true)).replace(/\u001b\[[\d;]*m/g, '')).toBe(await textOf(usual))
})

const notices: [name: string, report: Report, words: string][] = [
  ['a supported release', reportOf(), 'Alpine v3.19 gets fixes until 2025-11-01.'],
  ['an end of life', reportOf({today: '2026-01-01'}), 'Alpine v3.19 has had no fixes since 2025-11-01'],
  ['edge', reportOf({release: releaseOf({branch: 'edge'}), alpine: null}), 'edge has no end of life'],
  ['a branch without a row', reportOf({alpine: null}), 'How long Alpine v3.19 gets fixes is not known here.'],
  ['no package', reportOf({packages: []}), 'No apk package was found, so none was checked'],
  ['no database', reportOf({database: null}), 'no advisory database was used'],
]
for (const [name, report, words] of notices) {
  test(`what the absence of findings means: ${name}`, async () => expect(await textOf(report, 200)).toContain(words))
}

test('nothing is ever called "not vulnerable"', async () => {
  for (const [, report] of reports)
    expect(await textOf(report)).not.toMatch(/not vulnerable|no vulnerabilities|secure/i)
})

test('an incomplete scan says so before and after the findings', async () => {
  const text = await textOf(reportOf({}, {complete: false, warnings: [{code: 'X', message: 'odd', path: 'usr/x'}]}))
  expect(text.indexOf('INCOMPLETE SCAN')).toBeLessThan(text.indexOf('No findings'))
  expect(text).toContain('usr/x: odd')
  expect(text).toContain('The scan is incomplete: see the warnings.')
})

test('fixes of another branch say so', async () => {
  const grounds = [groundOf(), groundOf({branch: 'edge', reason: 'etc/apk/repositories:3 lists edge/main'})]
  const text = await textOf(reportOf({matches: [matchOf({grounds})]}))
  expect(text).toContain('\n  also held against edge: etc/apk/repositories:3 lists edge/main\n')
  expect(await textOf(reportOf({matches: [matchOf()]}))).not.toContain('also held')
})

test('what the repository has, and which fixes are not there yet', async () => {
  const offered = (id: string, hasFix: boolean) =>
    matchOf({fix: {id}, offer: {version: '3.1.4-r5', date: '2024-01-20', hasFix}})
  const all = await textOf(reportOf({matches: [offered('CVE-2024-1', true)]}))
  expect(all).toContain('\n  the repository has 3.1.4-r5 (index of 2024-01-20)\n')
  const some = await textOf(reportOf({matches: [offered('CVE-2024-1', true), offered('CVE-2024-2', false)]}))
  expect(some.replace(/\s+/g, ' ')).toContain(
    'the repository has 3.1.4-r5 (index of 2024-01-20), without 1 fix: listed, but not published yet',
  )
  expect(await textOf(reportOf({matches: [matchOf()]}))).not.toContain('the repository has')
})

test('how far the advisories reach is said', async () => {
  const counts = {named: 9, listed: 0, unknown: 5, uncovered: 1}
  const coverage = {of: new Map(), packages: counts, files: {...counts, unknown: 0, unowned: 1}}
  const text = await table.render(reportOf({coverage}), {color: false, width: 100})
  expect(text.replace(/\s+/g, ' ')).toContain(
    'coverage advisories name 9 of 15 packages, with 9 of 11 ELF files; none cover 1 package and 2 files; of 5 packages nothing tells',
  )
})

test('what is hidden is counted', async () => {
  const hidden = {critical: 0, high: 0, medium: 0, low: 1200, note: 2}
  expect(await textOf(reportOf({}, {hidden}))).toContain('No findings. Not shown: 1,200 low, 2 note.')
})

const lacking = {verdict: 'no', evidence: 'imports none of __stack_chk_fail'} as const

test('hardening: one line for a package and rule, other files by path, then what to do', async () => {
  const packages = [packageOf({name: 'openrc'}), packageOf({name: 'busybox'})]
  const tools = Array.from({length: 14}, (_, n) => `usr/libexec/rc/bin/tool${n}`)
  const elfFiles = [
    ...tools.map(path => elfFileOf({path, package: 'openrc', hardening: {stackProtector: lacking}})),
    elfFileOf({path: 'bin/bbsuid', package: 'busybox', mode: 0o4755, hardening: {stackProtector: lacking}}),
    elfFileOf({path: 'usr/local/bin/server', hardening: {stackProtector: lacking}}),
    elfFileOf({path: 'usr/local/bin/gate', language: 'go', hardening: {pie: {verdict: 'no', evidence: 'ET_EXEC'}}}),
  ]
  expect(await textOf(reportOf({packages, elfFiles}))).toContain(`
Hardening

PT2002 Code was compiled without a stack protector
  high      busybox: bin/bbsuid (raised by PT2009)
  medium    openrc: 14 files: usr/libexec/rc/bin/tool0,
            usr/libexec/rc/bin/tool1, usr/libexec/rc/bin/tool10 and 11 more
            Fix: Take a newer build of the package, or report it to its
            maintainer, who has to compile with -fstack-protector-strong.
  medium    usr/local/bin/server
            Fix: Compile with -fstack-protector-strong.

PT2001 Program is loaded at a fixed address
  medium    'usr/local/bin/gate' is not position independent. An attacker knows
            where its code is: ASLR cannot move it.
            Fix: Build with go build -buildmode=pie.
`)
})

test('hardening: of many files without a package the first are listed, and all are counted', async () => {
  const elfFiles = Array.from({length: 300}, (_, n) =>
    elfFileOf({path: `opt/${n}`, hardening: {stackProtector: lacking}}),
  )
  const text = await textOf(reportOf({elfFiles}))
  expect(text.match(/^ {2}medium /gm)).toHaveLength(20)
  expect(text).toContain('and 280 more; -o json has them all')
  expect(text).toContain('300 findings: 300 medium.')
})

test('many files of one rule are listed by path, notes not all of them', async () => {
  const packages = [packageOf({files: [{path: 'x', checksum: null, owner: null}]})]
  const elfFiles = Array.from({length: 300}, (_, n) => elfFileOf({path: `opt/${n}`}))
  const text = await textOf(reportOf({packages, elfFiles}))
  expect(text).toContain('  note      opt/0\n  note      opt/1\n')
  expect(text).toContain('and 290 more; -o json has them all')
})

test('beyond 2,000 rows the rest is counted', async () => {
  const findings = Array.from({length: 2_500}, (_, n) => findingOf({rule: `CVE-2024-${n}`}))
  expect(await textOf(reportOf({}, {findings}))).toContain('and 500 more vulnerabilities; -o json has them all')
})

const commands = [
  '::error::x',
  '::add-mask::x',
  'a ##[error]x',
  '##vso[task.setvariable]x',
  "##teamcity[message text='x']",
]
for (const command of commands) {
  test(`a name is no command to the runner of a CI job: ${command}`, async () => {
    const message = `${'long '.repeat(13)}${command}`
    const report = reportOf(
      {},
      {
        target: targetOf({name: command, reference: command}),
        warnings: [
          {code: 'X', message},
          {code: 'X', message: command},
        ],
        findings: [findingOf({origin: command}), findingOf({family: 'image', message})],
      },
    )
    for (const line of (await textOf(report)).split('\n')) {
      expect(line.trimStart()).not.toMatch(/^::|##(?:vso|teamcity)?\[/)
    }
  })
}

const started = {
  command: ['app', '-c', 'x y'],
  program: 'usr/bin/app',
  files: ['usr/bin/app'],
  packages: ['libssl3'],
  reason: null,
}

test('what the image starts, and what of the findings it loads', async () => {
  const matches = [matchOf(), matchOf({packages: [musl], fix: {id: 'XSA-400', origin: 'musl'}, rating: ratingOf(null)})]
  const text = await textOf(reportOf({loaded: started, matches}))
  expect(text).toContain('\n  starts      app -c "x y": usr/bin/app loads 1 file of 1 package\n')
  expect(text).toMatch(/CVE-2023-5678 .* 7\.5 {2}loaded/)
  expect(text).toMatch(/XSA-400 .* unscored {2}no\n/)
})

test('a rule marks what is loaded', async () => {
  const findings = [true, false, false, false].map((loaded, n) =>
    findingOf({
      family: 'hardening',
      rule: 'PT2001',
      path: `bin/${n}`,
      layer: null,
      packages: n === 3 ? [] : [{name: 'a', version: '1'}],
      origin: n === 3 ? null : 'a',
      loaded,
    }),
  )
  const text = await textOf(reportOf({}, {findings}))
  expect(text).toContain('a: 3 files: bin/0, bin/1, bin/2 [1 of 3 loaded]\n')
  expect(text).toContain(' bin/3:12\n')
})

test('what could not be followed is said', async () => {
  const text = await textOf(
    reportOf({loaded: {...started, program: null, files: [], reason: 'npm starts others'}}),
    100,
  )
  expect(text).toContain('starts      app -c "x y": not all can be told: npm starts others\n')
})
