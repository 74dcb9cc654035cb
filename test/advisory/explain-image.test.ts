import {expect, test} from 'vitest'
import type {AdvisoryDatabase} from '../../src/advisory/database.js'
import {explainForImage} from '../../src/advisory/explain-image.js'
import type {ImageAnswer} from '../../src/model/answer.js'
import type {Report} from '../../src/model/report.js'
import {explainImage, explainImageJSON} from '../../src/report/explain-image.js'
import {type ScanResult, scan} from '../../src/scan.js'
import {apkDatabase, type PackageParts, releaseFiles} from '../support/alpine.js'
import {temporaryFile} from '../support/files.js'
import {file, tarOf} from '../support/tar.js'
import {databaseOf, secdbOf} from './feeds-folder.js'

function feeds(): ReturnType<typeof databaseOf> {
  return databaseOf(
    {
      openssl: {'3.1.4-r3': ['CVE-2023-6129 GHSA-aaaa-bbbb-cccc'], '0': ['CVE-2022-2274']},
      xen: {'4.18-r1': ['CVE-2020-11740 CVE-2020-11741 XSA-313'], '4.17-r0': ['CVE-2020-11740']},
      opensmtpd: {'6.6.4p1-r1': ['CVE-2020-8794']},
    },
    {
      'secdb/v3.20/main.json': secdbOf('v3.20', 'main', {
        openssl: {'3.3.1-r0': ['CVE-2024-4741']},
        'openssl-fork': {'0': ['CVE-2024-4741']},
      }),
      'secdb/edge/main.json': secdbOf('edge', 'main', {openssl: {'3.3.1-r1': ['CVE-2024-4741']}}),
    },
  )
}

async function scanned(
  database: AdvisoryDatabase,
  release: string,
  packages: readonly PackageParts[],
): Promise<ScanResult> {
  const path = temporaryFile(tarOf([...releaseFiles(release), apkDatabase(packages), file('etc/x', '')]))
  return scan(`rootfs:${path}`, {database, policy: {checks: ['vulnerabilities']}, today: '2025-01-10'})
}

const libssl = (version: string): PackageParts => ({name: 'libssl3', version, origin: 'openssl'})

const cases: [what: string, name: string, packages: PackageParts[], answer: string[]][] = [
  ['reported', 'CVE-2023-6129', [libssl('3.1.4-r2')], ['CVE-2023-6129 reported: openssl reported']],
  ['in small letters', ' cve-2023-6129', [libssl('3.1.4-r2')], ['CVE-2023-6129 reported: openssl reported']],
  ['by an alias', 'ghsa-AAAA-bbbb-cccc', [libssl('3.1.4-r2')], ['CVE-2023-6129 reported: openssl reported']],
  ['the version has the fix', 'CVE-2023-6129', [libssl('3.1.4-r3')], ['CVE-2023-6129 fixed: openssl fixed']],
  ['rejected', 'CVE-2022-2274', [libssl('3.1.4-r2')], ['CVE-2022-2274 not-affected: openssl not-affected']],
  ['no such package', 'CVE-2023-6129', [], ['CVE-2023-6129 not-installed: openssl not-installed']],
  [
    'only other branches name it',
    'CVE-2024-4741',
    [libssl('3.1.4-r2')],
    ['CVE-2024-4741 unnamed: openssl unnamed, openssl-fork not-installed'],
  ],
  [
    'an alias of two',
    'XSA-313',
    [{name: 'xen', version: '4.17-r3'}],
    ['CVE-2020-11740 reported: xen reported', 'CVE-2020-11741 reported: xen reported'],
  ],
  [
    'an order that cannot be told',
    'CVE-2020-8794',
    [{name: 'opensmtpd', version: '6.6.4p1-r0'}],
    ['CVE-2020-8794 reported: opensmtpd reported'],
  ],
  [
    'a virtual package',
    'CVE-2023-6129',
    [{name: '.openssl', version: '0', origin: 'openssl'}],
    ['CVE-2023-6129 not-installed: openssl not-installed'],
  ],
  ['an id that nobody knows', 'CVE-2031-12345', [libssl('3.1.4-r2')], ['CVE-2031-12345 unknown: ']],
  ['what is no id', 'openssl', [libssl('3.1.4-r2')], []],
]
for (const [what, name, packages, expected] of cases) {
  test(`${JSON.stringify(name)}: ${what}`, async () => {
    const {database} = await feeds()
    const {report} = await scanned(database, '3.19.0', [{name: 'musl', version: '1.2.4-r2'}, ...packages])
    expect(explainForImage(report, database, name).map(wordsOf)).toEqual(expected)
  })
}

function wordsOf({id, status, origins}: ImageAnswer): string {
  return `${id} ${status}: ${origins.map(one => `${one.origin} ${one.status}`).join(', ')}`
}

test('a branch without advisories is no answer about the package', async () => {
  const {database} = await feeds()
  const {report} = await scanned(database, '3.23.0', [libssl('3.1.4-r2')])
  const answers = explainForImage(report, database, 'CVE-2023-6129')
  expect(answers.map(wordsOf)).toEqual(['CVE-2023-6129 unchecked: openssl unchecked'])
  const text = await textOf(answers, report)
  expect(text).toContain('VERSION_ID=3.23.0 is of v3.23, which the database of 2025-01-04 lacks')
})

test('more packages of one origin than are held against advisories', async () => {
  const {database} = await feeds()
  const packages = Array.from({length: 2001}, (_, n) => ({...libssl('3.1.4-r2'), name: `p${n}`}))
  const {report} = await scanned(database, '3.19.0', packages)
  expect(explainForImage(report, database, 'CVE-2023-6129').map(wordsOf)).toEqual([
    'CVE-2023-6129 unchecked: openssl unchecked',
  ])
})

test('what is silenced says by what', async () => {
  const {database} = await feeds()
  const {report} = await scanned(database, '3.19.0', [libssl('3.1.4-r2')])
  const by = {
    by: 'vex',
    reason: 'not in our build',
    expires: null,
    justification: 'component_not_present',
    from: 'app.vex.json',
  } as const
  const silenced = {...report, findings: [], suppressed: report.findings.map(one => ({...one, suppressed: by}))}
  const answers = explainForImage(silenced, database, 'CVE-2023-6129')
  expect(answers.map(wordsOf)).toEqual(['CVE-2023-6129 silenced: openssl silenced'])
  expect(await textOf(answers, silenced)).toContain('It is true, and does not count: not in our build.')
})

async function textOf(answers: readonly ImageAnswer[], report: Report): Promise<string> {
  const text = explainImage(answers, report, {color: false, width: 100})
  expect(text).not.toMatch(/not vulnerable|\x1b/)
  return text.replace(/\s+/g, ' ')
}

test('the text names the branch and why, every version, the comparison, and the date', async () => {
  const {database} = await feeds()
  const {report} = await scanned(database, '3.19.0', [{name: 'xen', version: '4.17-r3'}])
  const text = await textOf(explainForImage(report, database, 'CVE-2020-11740'), report)
  for (const part of [
    'CVE-2020-11740: reported for rootfs:',
    'also known as XSA-313',
    'installed xen 4.17-r3',
    'v3.19/main fixed in 4.18-r1 (listed under 4.17-r0 too; the highest counts); 4.17-r3 is older; as of 2025-01-04',
    'because etc/os-release: VERSION_ID=3.19.0',
    'fix apk add --upgrade xen',
  ]) {
    expect(text).toContain(part)
  }
})

test('what only other branches name is not called safe', async () => {
  const {database} = await feeds()
  const {report} = await scanned(database, '3.19.0', [libssl('3.1.4-r2')])
  const text = await textOf(explainForImage(report, database, 'CVE-2024-4741'), report)
  expect(text).toContain('edge/main fixed in 3.3.1-r1; not asked v3.20/main fixed in 3.3.1-r0; not asked')
  expect(text).toContain('either v3.19 is not affected, or Alpine has not fixed it there.')
  expect(text).toContain('other packages too, of which none is installed: openssl-fork.')
})

test('JSON says the same', async () => {
  const {database} = await feeds()
  const {report} = await scanned(database, '3.19.0', [libssl('3.1.4-r2')])
  const document = JSON.parse(explainImageJSON('x', explainForImage(report, database, 'CVE-2023-6129'), report))
  expect(document).toMatchObject({
    schemaVersion: 1,
    asked: 'x',
    database: {date: '2025-01-04', branch: 'v3.19', reason: 'etc/os-release: VERSION_ID=3.19.0'},
    complete: true,
    answers: [
      {
        id: 'CVE-2023-6129',
        aliases: ['GHSA-aaaa-bbbb-cccc'],
        status: 'reported',
        cvss: [],
        origins: [
          {
            origin: 'openssl',
            status: 'reported',
            packages: [{name: 'libssl3', version: '3.1.4-r2', line: 1}],
            grounds: [{source: 'v3.19/main', date: '2025-01-04', comparisons: [{order: 'older'}]}],
            fingerprint: report.findings[0]?.fingerprint,
            silencedBy: null,
          },
        ],
      },
    ],
  })
})
