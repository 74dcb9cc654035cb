import {readFileSync, rmSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {apkDatabase, releaseFiles, tinyElf} from '../support/alpine.js'
import {criticalID, mediumID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive, ociArchive} from '../support/images.js'
import {piton, type Ran} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {file, tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const oldSystem = tarOf(smallSystem)
/** openssl is fixed in it, and busybox is as it was. */
const newSystem = tarOf([
  ...releaseFiles('3.19.1'),
  apkDatabase([
    {name: 'musl', version: '1.2.4-r2', files: ['lib/ld-musl-x86_64.so.1']},
    {name: 'libssl3', version: '3.1.4-r3', origin: 'openssl'},
    {name: 'busybox', version: '1.36.1-r15', files: ['bin/busybox']},
  ]),
  file('lib/ld-musl-x86_64.so.1', tinyElf(), {mode: 0o755}),
])
const image = (layer: Uint8Array, tag: string) =>
  dockerArchive({layers: [layer], tags: [tag], createdBy: ['ADD rootfs /']})

function diff(args: readonly string[], cwd?: string): Promise<Ran> {
  const env = {PITON_DB: built.database, PITON_AT: '2026-01-20'}
  return piton(['diff', ...args], {env, ...(cwd !== undefined && {cwd})})
}

interface Document {
  readonly summary: Readonly<Record<string, number>>
  readonly findings: Readonly<Record<string, readonly {readonly rule: string}[]>>
}
const rulesOf = (list: readonly {readonly rule: string}[] | undefined) => list?.map(({rule}) => rule)

describe.concurrent('piton diff', () => {
  const old = () => temporaryFile(image(oldSystem, 'app:1.0'))
  const now = () => temporaryFile(image(newSystem, 'app:1.1'))

  test('says what a new image fixes and keeps', async () => {
    const ran = await diff([old(), now(), '-o', 'json'])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const {findings} = JSON.parse(ran.stdout) as Document
    expect([rulesOf(findings['new']), rulesOf(findings['fixed'])]).toEqual([[], [criticalID]])
    expect(rulesOf(findings['unchanged'])).toEqual(expect.arrayContaining([mediumID, 'PT1001']))
  })

  test('the other way round, what is new fails a gate, and only that', async () => {
    const ran = await diff([now(), old(), '--fail-on', 'critical', '-o', 'json'])
    expect([ran.code, ran.stderr]).toEqual([
      1,
      `piton: --fail-on critical: 1 new finding fails it: ${criticalID} in openssl (critical).\n`,
    ])
    const same = await diff([old(), old(), '--fail-on', 'low'])
    expect([same.code, same.stderr]).toEqual([0, ''])
    expect(same.stdout).toMatch(/\nNothing differs: \d+ unchanged\.\n$/)
  })

  test('the same image, built again with another digest and kept in another way, differs in nothing', async () => {
    const rebuilt = ociArchive({
      layers: [tarOf([...smallSystem, file('etc/build-date', 'today')])],
      tags: ['app:1.0'],
      createdBy: ['ADD rootfs /'],
      config: {Labels: {built: 'today'}},
    })
    const ran = await diff([old(), temporaryFile(rebuilt), '-o', 'json'])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(JSON.parse(ran.stdout).summary).toMatchObject({new: 0, fixed: 0, changed: 0})
  })

  test('images, folders and reports in JSON or SARIF say the same', async () => {
    const to = temporaryFolder()
    const scan = (target: string, name: string) =>
      piton(
        [
          'scan',
          '--db',
          built.database,
          '--at',
          '2026-01-20',
          target,
          '-o',
          `json=${name}.json`,
          '-o',
          `sarif=${name}.sarif`,
          '-q',
        ],
        {cwd: to},
      )
    const [oldFile, newFile] = [old(), now()]
    expect([(await scan(oldFile, 'old')).code, (await scan(newFile, 'new')).code]).toEqual([0, 0])
    const summaries = []
    for (const [a, b] of [
      [oldFile, newFile],
      ['old.json', 'new.json'],
      ['old.sarif', newFile],
      [oldFile, 'new.sarif'],
      [temporaryFile(oldSystem), 'new.json'],
    ]) {
      const ran = await diff([a ?? '', b ?? '', '-o', 'json'], to)
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      const {findings} = JSON.parse(ran.stdout) as Document
      summaries.push([rulesOf(findings['new']), rulesOf(findings['fixed']), findings['unchanged']?.length])
    }
    for (const summary of summaries) expect(summary).toEqual(summaries[0])
  })

  test('several formats at once; the reports of a configuration are not its own', async () => {
    const to = writeFiles(temporaryFolder(), [['.piton.yaml', 'output: html=never.html\nfail-on: low\n']])
    const ran = await diff([now(), old(), '-o', 'table', '-o', 'markdown=a.md', '-o', 'sarif=a.sarif'], to)
    expect(ran.code).toBe(1)
    expect(ran.stdout).toContain('NEW')
    expect(readFileSync(`${to}/a.md`, 'utf8')).toContain('### New (1)')
    expect(JSON.parse(readFileSync(`${to}/a.sarif`, 'utf8')).runs[0].results.length).toBeGreaterThan(1)
  })

  test('what is new and ignored does not fail', async () => {
    const to = writeFiles(temporaryFolder(), [
      ['.piton.yaml', `ignore: [{rule: ${criticalID}, reason: no}]\nfail-on: low\n`],
    ])
    const ran = await diff([now(), old()], to)
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toMatch(/1 new and suppressed\./)
  })

  test('reports of other databases are said to be', async () => {
    const to = temporaryFolder()
    await piton(['scan', '--db', built.database, '--at', '2026-01-20', old(), '-o', 'json=a.json'], {cwd: to})
    const report = JSON.parse(readFileSync(`${to}/a.json`, 'utf8'))
    writeFiles(to, [['b.json', JSON.stringify({...report, database: {...report.database, date: '2020-01-01'}})]])
    const ran = await diff(['b.json', 'a.json', '--strict'], to)
    expect(ran.code).toBe(2)
    expect(ran.stdout.replace(/\s+/g, ' ')).toMatch(
      /DIFF_DATABASE the advisories of the old one are of 2020-01-01, those of the new one of 2026-01-15/,
    )
  })

  const refused: [name: string, args: () => string[], said: RegExp][] = [
    ['one argument', () => [old()], /NEW is missing: /],
    ['a report of another tool', () => [temporaryFile('{"a": 1}'), old()], /is no report of piton/],
    [
      'a report of another version',
      () => [temporaryFile('{"schemaVersion": 9, "tool": {"name": "piton"}}'), old()],
      /is a report of version 9, and this piton reads 1/,
    ],
    ['a target that is not there', () => ['./nothing.tar', old()], /nothing\.tar does not exist/],
    ['a format that is not one of comparisons', () => [old(), old(), '-o', 'html'], /no output format "html"/],
  ]
  for (const [name, args, said] of refused) {
    test(`${name}: a line, and exit code 2`, async () => {
      const ran = await diff(args())
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(said)
    })
  }
})
