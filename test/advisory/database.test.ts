import {cpSync, existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {buildDatabase} from '../../src/advisory/build.js'
import {openDatabase} from '../../src/advisory/database.js'
import {explainVulnerability} from '../../src/advisory/explain.js'
import {PitonError} from '../../src/model/errors.js'
import {databaseOf, folderOf, secdbOf, temporaryFolder} from './feeds-folder.js'

const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'
const secfixes = {
  openssl: {'3.1.4-r3': ['CVE-2023-6129'], '0': ['CVE-2022-2274']},
  xen: {'4.13.0-r3': ['CVE-2020-11740 CVE-2020-11741 XSA-313']},
}
const feeds = {
  'secdb/v3.9/main.json': secdbOf('v3.9', 'main', {openssl: {'1.1.1a-r0': ['CVE-2023-6129']}}),
  'secdb/edge/community.json': secdbOf('edge', 'community', {xen: {'5-r0': ['CVE-2020-11740']}}),
  'severity/cvss.tsv': `# as of 2025-02-19\nCVE-2023-6129\tv3.1\t${vector}\tnvd\nCVE-1999-0001\tv3.1\t${vector}\tnvd\n`,
  'kev/known_exploited_vulnerabilities.json':
    '{"catalogVersion": "2026.08.07", "vulnerabilities": [{"cveID": "CVE-2023-6129"}]}',
  'epss/x-2024-10-15.csv': 'cve,epss,percentile\nCVE-2023-6129,0.5,0.9\n',
  'alpine/releases.tsv':
    '# 2026-01-27\nv3.19\t2023-12-07\t2025-11-01\t3.19.9\nv3.9\t2019-01-29\t2020-11-01\t3.9.6\nnone\n',
}
const compiled = () => databaseOf(secfixes, feeds)

test('branches, counts, date, releases', async () => {
  const {database, folder, warnings} = await compiled()
  expect(warnings).toEqual([])
  expect(database).toMatchObject({location: folder, date: '2025-01-04'})
  expect(database.branches()).toEqual(['v3.9', 'v3.19', 'edge'])
  expect(database.branches().map(branch => database.count(branch))).toEqual([1, 4, 1])
  expect(database.count('v9.9')).toBe(0)
  expect(database.load('v9.9')).toBeNull()
  expect(database.load('../../etc')).toBeNull()
  expect(database.releases).toEqual([
    {branch: 'v3.9', released: '2019-01-29', endOfLife: '2020-11-01', latest: '3.9.6', musl: null},
    {branch: 'v3.19', released: '2023-12-07', endOfLife: '2025-11-01', latest: '3.19.9', musl: null},
  ])
})

test('advisories of one branch', async () => {
  const {database} = await compiled()
  const {byOrigin, ...header} = database.load('v3.19') ?? {byOrigin: new Map()}
  expect(header).toEqual({branch: 'v3.19', date: '2025-01-04', count: 4})
  const openssl = byOrigin.get('openssl')
  expect(openssl).toMatchObject({origin: 'openssl', repository: 'main', rejected: [{id: 'CVE-2022-2274', aliases: []}]})
  expect(byOrigin.get('xen')?.fixes[0]?.ids).toEqual([
    {id: 'CVE-2020-11740', aliases: ['XSA-313'], earlier: []},
    {id: 'CVE-2020-11741', aliases: ['XSA-313'], earlier: []},
  ])
})

test('ratings', async () => {
  const {database} = await compiled()
  expect(database.rate('CVE-2023-6129')).toEqual({
    cvss: [{version: '3.1', vector, score: 7.5, source: 'nvd'}],
    kev: true,
    epss: {score: 0.5, percentile: 0.9, date: '2024-10-15'},
  })
  expect(database.rate('CVE-1999-0001')).toEqual({cvss: [], kev: false, epss: null})
})

describe('explain', () => {
  test.each(['CVE-2020-11740', 'cve-2020-11740'])('%s in every branch', async id => {
    const {database} = await compiled()
    expect(explainVulnerability(database, id)).toEqual([
      {
        id: 'CVE-2020-11740',
        aliases: ['XSA-313'],
        rating: {cvss: [], kev: false, epss: null},
        branches: [
          {branch: 'v3.19', origins: [{origin: 'xen', repository: 'main', fixedVersion: '4.13.0-r3'}]},
          {branch: 'edge', origins: [{origin: 'xen', repository: 'community', fixedVersion: '5-r0'}]},
        ],
      },
    ])
  })

  test('an alias stands for all that it names; a rejection has no version', async () => {
    const {database} = await compiled()
    expect(explainVulnerability(database, 'xsa-313').map(({id}) => id)).toEqual(['CVE-2020-11740', 'CVE-2020-11741'])
    expect(explainVulnerability(database, 'CVE-2022-2274')[0]?.branches[0]?.origins[0]?.fixedVersion).toBeNull()
    expect(explainVulnerability(database, 'CVE-1999-0001')).toEqual([])
  })
})

describe('build', () => {
  const build = (from: string, to: string) => buildDatabase({from, to, warn: () => {}})

  test('twice: the same bytes, and nothing left over', async () => {
    const {folder} = await compiled()
    const {folder: again} = await compiled()
    const files = (readdirSync(folder, {recursive: true}) as string[]).sort()
    expect(files).toEqual((readdirSync(again, {recursive: true}) as string[]).sort())
    for (const file of files.filter(name => name.endsWith('.tsv'))) {
      expect(readFileSync(join(again, file), 'utf8')).toBe(readFileSync(join(folder, file), 'utf8'))
    }
    expect(files.filter(file => !file.endsWith('.tsv'))).toEqual(['advisories'])
  })

  test('removes branches that the feeds no longer have, and leaves other files alone', async () => {
    const {folder} = await compiled()
    writeFileSync(join(folder, 'README.md'), 'mine')
    const from = folderOf({'secdb/last-update': '1735948800\n', 'secdb/edge/main.json': secdbOf('edge', 'main', {})})
    expect(await build(from, folder)).toMatchObject({date: '2025-01-04', branches: 1, advisories: 0})
    expect(openDatabase(folder).branches()).toEqual(['edge'])
    expect(existsSync(join(folder, 'README.md'))).toBe(true)
  })

  test('an id that is rejected and fixed counts as rejected, and the contradiction is told', async () => {
    const {database, warnings} = await databaseOf({a: {'0': ['CVE-2020-1234'], '1-r0': ['CVE-2020-1234']}})
    expect(database.load('v3.19')?.byOrigin.get('a')).toMatchObject({fixes: [], rejected: [{id: 'CVE-2020-1234'}]})
    expect(warnings).toMatchObject([{code: 'SECDB_CONTRADICTION', message: expect.stringContaining('a is both')}])
  })

  test('ids that nobody can parse come back as they are', async () => {
    const odd = ['a b', '100%', 'x=y', 'a%20b', '=', '%']
    const {database} = await databaseOf({a: {'1-r0': odd}})
    expect(
      database
        .load('v3.19')
        ?.byOrigin.get('a')
        ?.fixes[0]?.ids.map(({id}) => id)
        .sort(),
    ).toEqual(odd.sort())
  })

  test.each<[what: string, files: Record<string, string>, message: string]>([
    ['nothing', {}, 'is not a folder of feeds: there is no secdb/last-update'],
    ['no branch', {'secdb/last-update': '2025-01-04'}, 'there is no secdb/edge/main.json'],
    ['no date', {'secdb/last-update': 'yesterday'}, 'holds no date: "yesterday"'],
    ['a broken document', {'secdb/last-update': '2025-01-04', 'secdb/edge/main.json': '<'}, 'it is not JSON'],
  ])('refuses a folder with %s', async (_what, files, message) => {
    const to = temporaryFolder()
    await expect(build(folderOf(files), to)).rejects.toMatchObject({
      code: 'DATABASE_FEED',
      message: expect.stringContaining(message),
      hint: expect.any(String),
    })
    expect(readdirSync(to)).toEqual([])
  })

  test('refuses a folder that cannot be written', async () => {
    const from = folderOf({'secdb/last-update': '2025-01-04', 'secdb/edge/main.json': secdbOf('edge', 'main', {})})
    const file = join(folderOf({file: ''}), 'file')
    await expect(build(from, file)).rejects.toMatchObject({
      code: 'DATABASE_UNWRITABLE',
      message: expect.stringContaining(file),
    })
  })
})

describe('what is no database, or a damaged one', () => {
  test.each<[what: string, files: Record<string, string>, code: string, message: string]>([
    ['an empty folder', {}, 'DATABASE_NOT_FOUND', 'is not an advisory database'],
    ['other files', {'advisories/readme.tsv': '', x: ''}, 'DATABASE_NOT_FOUND', 'is not an advisory database'],
    ['another file of that name', {'advisories/edge.tsv': 'hello'}, 'DATABASE_INVALID', 'does not begin with'],
    [
      'a later format',
      {'advisories/edge.tsv': '# piton advisories 2; date=2025-01-04\n'},
      'DATABASE_INVALID',
      'has format 2',
    ],
    ['no date', {'advisories/edge.tsv': '# piton advisories 1; count=0\n'}, 'DATABASE_INVALID', 'has no date'],
    [
      'no day',
      {'advisories/edge.tsv': '# piton advisories 1; date=2025-02-30; count=0\n'},
      'DATABASE_INVALID',
      'has no date',
    ],
    [
      'no count',
      {'advisories/edge.tsv': '# piton advisories 1; date=2025-01-04\n'},
      'DATABASE_INVALID',
      'has no count',
    ],
  ])('%s', (_what, files, code, message) => {
    expect(() => openDatabase(folderOf(files))).toThrow(
      expect.objectContaining({code, message: expect.stringContaining(message), hint: expect.any(String)}),
    )
  })

  test.each<[what: string, body: string, message: string]>([
    ['cut at a line', '', 'holds 0 of the 2 ids'],
    ['cut in a line', 'a\tmain\t1-r0\tCVE-2020-1234 CVE-2020-12', 'ends in the middle of a line'],
    ['a column missing', 'a\t1-r0\tCVE-2020-1234 CVE-2020-5678\n', 'is damaged at'],
    ['an id missing', 'a\tmain\t1-r0\tCVE-2020-1234\n', 'holds 1 of the 2 ids'],
  ])('a branch file: %s', (_what, body, message) => {
    const text = `# piton advisories 1; date=2025-01-04; branch=edge; count=2\n${body}`
    const database = openDatabase(folderOf({'advisories/edge.tsv': text}))
    expect(() => database.load('edge')).toThrow(
      expect.objectContaining({code: 'DATABASE_INVALID', message: expect.stringContaining(message)}),
    )
  })

  test('a branch under the name of another', async () => {
    const {folder} = await compiled()
    cpSync(join(folder, 'advisories/v3.9.tsv'), join(folder, 'advisories/v3.18.tsv'))
    expect(() => openDatabase(folder).load('v3.18')).toThrow('holds v3.9')
  })

  test('tables that are missing are said to be', () => {
    const database = openDatabase(
      folderOf({'advisories/edge.tsv': '# piton advisories 1; date=2025-01-04; branch=edge; count=0\n'}),
    )
    expect(() => database.rate('CVE-2020-1234')).toThrow(expect.objectContaining({code: 'DATABASE_INVALID'}))
    expect(() => database.releases).toThrow('releases.tsv cannot be read')
  })

  test('any bytes: a database or a PitonError', () => {
    const folder = folderOf({'advisories/edge.tsv': ''})
    const damaged = fc.tuple(
      fc.constantFrom('# piton advisories 1; date=2025-01-04; branch=edge; count=1\n', ''),
      fc.string({unit: 'binary'}),
    )
    fc.assert(
      fc.property(damaged, ([head, rest]) => {
        writeFileSync(join(folder, 'advisories/edge.tsv'), head + rest)
        try {
          const {byOrigin} = openDatabase(folder).load('edge') ?? {byOrigin: new Map()}
          for (const {fixes} of byOrigin.values()) for (const {ids} of fixes) expect(ids.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(PitonError)
        }
      }),
    )
  })
})
