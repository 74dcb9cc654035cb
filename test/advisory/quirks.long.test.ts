import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {branchOf, compareBranches} from '../../src/advisory/branch.js'
import {buildDatabase} from '../../src/advisory/build.js'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import {parseIDs} from '../../src/advisory/ids.js'
import {matchPackages} from '../../src/advisory/match.js'
import {compareVersions, isValidVersion, orderForMatching} from '../../src/apk/version.js'
import {isValidLegacy} from '../../src/apk/version-legacy.js'
import {listZip, readZipEntry} from '../../src/archive/zip.js'
import {shared} from '../support/shared.js'
import {databaseOf, installed, type Secfixes, secdbOf, temporaryFolder} from './feeds-folder.js'

// What the feeds are really like, section by section. First as small cases that always run, then as counts over a real
// copy of the feeds, where that stands beside the checkout.

async function findings(secfixes: Secfixes, packages: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const {database} = await databaseOf(secfixes, files)
  return findIn(database, 'v3.19', packages)
}

function findIn(database: AdvisoryDatabase, branch: string, packages: readonly string[]): string[] {
  const advisories = database.load(branch)
  if (advisories === null) throw new Error(`no ${branch}`)
  const {matches} = matchPackages([{advisories, reason: '', packages: packages.map(installed)}], id =>
    database.rate(id),
  )
  return matches.map(({fix}) => `${fix.id} < ${fix.fixedVersion}`)
}

describe('1. what the feed is', () => {
  test('names are origins: binaries match through o:, and by P: only where that is missing', async () => {
    const fixes = {busybox: {'1.36.1-r16': ['CVE-2023-42366']}}
    expect(await findings(fixes, ['ssl_client 1.36.1-r15 busybox', 'busybox-binsh 1.36.1-r15 busybox'])).toHaveLength(1)
    expect(await findings(fixes, ['busybox 1.36.1-r15'])).toHaveLength(1)
    expect(await findings(fixes, ['busybox 1.36.1-r15 busybox-fork'])).toEqual([])
  })

  test('both repositories of a branch count, and a branch without community is one', async () => {
    const files = {
      'secdb/v3.19/community.json': secdbOf('v3.19', 'community', {clamav: {'1.2.2-r0': ['CVE-2024-20290']}}),
    }
    expect(
      await findings({musl: {'1.2.5-r1': ['CVE-2020-1234']}}, ['clamav 1.2.1-r0', 'musl 1.2.4-r0'], files),
    ).toHaveLength(2)
  })

  test('another branch is never borrowed from', async () => {
    const files = {'secdb/v3.18/main.json': secdbOf('v3.18', 'main', {zlib: {'1.2.13-r2': ['CVE-2023-45853']}})}
    expect(await findings({}, ['zlib 1.2.13-r0'], files)).toEqual([])
  })

  test('lists may be empty objects', async () => {
    const empty = '{"distroversion": "v3.19", "reponame": "community", "packages": {}}'
    expect(await findings({a: {'2.8.0-r0': []}}, ['a 1'], {'secdb/v3.19/community.json': empty})).toEqual([])
  })

  test('edge calls itself an alpha, and branches sort by number', () => {
    expect([branchOf('3.22.0_alpha20250108', null), branchOf('3.19_alpha20230901', null)]).toEqual(['edge', 'edge'])
    expect(['v3.10', 'v3.9'].sort(compareBranches)).toEqual(['v3.9', 'v3.10'])
  })
})

describe('3. fix version 0', () => {
  test('is never a finding, not even for what apk orders below 0', async () => {
    expect(compareVersions('0_rc1-r0', '0')).toBeLessThan(0)
    expect(await findings({a: {'0': ['CVE-2021-42377']}}, ['a 0_alpha', 'a 0_rc1-r0', 'a 0_git20200101-r0'])).toEqual(
      [],
    )
  })

  test('suppresses the same id from elsewhere', async () => {
    const files = {'secdb/v3.19/community.json': secdbOf('v3.19', 'community', {a: {'9-r0': ['CVE-2021-42377']}})}
    expect(await findings({a: {'0': ['CVE-2021-42377']}}, ['a 1-r0'], files)).toEqual([])
  })
})

describe('4. id strings', () => {
  test('no fix is lost, whatever names it', async () => {
    const ids = ['CVE-2020-11740 CVE-2020-11741 XSA-313', 'XSA-207', 'CVE-46838', 'CVE_2019-2426', 'CVE-2017-17434-1']
    expect(await findings({xen: {'4-r1': ids}}, ['xen 4-r0'])).toEqual([
      'CVE-2017-17434 < 4-r1',
      'CVE-2019-2426 < 4-r1',
      'CVE-2020-11740 < 4-r1',
      'CVE-2020-11741 < 4-r1',
      'CVE-46838 < 4-r1',
      'XSA-207 < 4-r1',
    ])
  })

  test('a comment that negates makes a rejection', async () => {
    expect(
      await findings({'cifs-utils': {'6.13-r0': ['CVE-2020-14342 (not actually applicable)']}}, ['cifs-utils 6.1-r0']),
    ).toEqual([])
  })
})

describe('5. one CVE at several fix versions', () => {
  test.each([
    [{'1.1.4-r0': ['CVE-2023-27561'], '1.1.4-r7': ['CVE-2023-27561']}, '1.1.4-r3', '1.1.4-r7'],
    [
      {'103.0.5060.134-r0': ['CVE-2023-27561'], '103.0.5060.53-r0': ['CVE-2023-27561']},
      '103.0.5060.60-r0',
      '103.0.5060.134-r0',
    ],
    [{'6.6.4p1-r2': ['CVE-2023-27561'], '6.6.4p1-r1': ['CVE-2023-27561']}, '6.6.3-r0', '6.6.4p1-r2'],
  ])('%j: the highest counts, once', async (fixes, version, highest) => {
    expect(await findings({a: fixes}, [`a ${version}`])).toEqual([`CVE-2023-27561 < ${highest}`])
    expect(await findings({a: fixes}, [`a ${highest}`])).toEqual([])
  })

  test('the others are kept, oldest first', async () => {
    const id = ['CVE-2018-12126 odd^id=x', 'MDS odd^1%=x']
    const {database} = await databaseOf({a: {'9-r0': id, '1.9-r0': id, '1.10-r0': id, '1.9~x^y-r0': ['XSA-1']}})
    const fixes = database.load('v3.19')?.byOrigin.get('a')?.fixes
    expect(fixes?.flatMap(({fixedVersion, ids}) => ids.map(({id, earlier}) => [id, fixedVersion, ...earlier]))).toEqual(
      [
        ['XSA-1', '1.9~x^y-r0'],
        ['CVE-2018-12126', '9-r0', '1.9-r0', '1.10-r0'],
        ['MDS odd^1%=x', '9-r0', '1.9-r0', '1.10-r0'],
      ],
    )
  })
})

describe('6. fix versions that apk refuses', () => {
  test.each<[before: string, fix: string]>([
    ['6.6.2p1-r0', '6.6.2p1-r2'],
    ['1.9.5p1-r0', '1.9.5p2-r0'],
    ['3.3.3p1-r2', '3.3.3p1-r3'],
    ['4.8.0-r0', '4.8.0.-r1'],
    ['1.18-r1', '1.18.-r2'],
    ['0.8.21.r1', '0.8.21.r2'],
    ['10.0.11-r0', '10.0.11-0'],
    ['2021-03-27-r4', '2021-03-27-r5'],
    ['57-1-r1', '57-1-r2'],
  ])('%s against %s is a finding that says why', async (before, fix) => {
    expect(await findings({a: {[fix]: ['CVE-2020-1234']}}, [`a ${before}`])).toHaveLength(1)
    expect(orderForMatching(before, fix).note).toContain('not well-formed')
    expect(orderForMatching(fix, fix)).toEqual({order: 'fixed', note: null})
  })

  test('a fix without revision is reached by the first', async () => {
    const fixes = {curl: {'7.51.0': ['CVE-2016-8615']}}
    expect(await findings(fixes, ['curl 7.51.0-r0'])).toEqual([])
    expect(await findings(fixes, ['curl 7.50.3-r5'])).toHaveLength(1)
  })
})

test.each<[a: string, b: string]>([
  ['1.0', '1.0-r0'],
  ['1.0_rc1', '1.0'],
  ['1.0', '1.0_p1'],
  ['1.0', '1.0a'],
  ['1.0', '1.001'],
  ['1.0015', '1.002'],
])('7. %s < %s', (a, b) => expect(compareVersions(a, b)).toBeLessThan(0))

test('8. a CVE without a vector is unscored, not harmless', async () => {
  const {database} = await databaseOf({a: {'1-r0': ['CVE-2024-31146 XSA-461']}})
  expect(database.rate('CVE-2024-31146').cvss).toEqual([])
})

const feeds = shared('feeds')

describe.skipIf(!feeds)('counts over a copy of the feeds', () => {
  const folder = feeds ?? ''
  type Document = {packages: {pkg: {name: string; secfixes: Record<string, string[]>}}[]}
  const rows = feeds ? readRows(folder) : []
  const shipped = openDatabase(join(import.meta.dirname, '../../data'))
  const isCve = (id: string) => /^CVE-\d{4}-\d{4,}$/.test(id)

  interface Row {
    readonly branch: string
    readonly repository: string
    readonly origin: string
    readonly version: string
    readonly text: string
  }

  function readRows(root: string): Row[] {
    const found: Row[] = []
    for (const branch of readdirSync(join(root, 'secdb'), {withFileTypes: true})) {
      if (!branch.isDirectory()) continue
      for (const name of readdirSync(join(root, 'secdb', branch.name)).filter(name => name.endsWith('.json'))) {
        const {packages} = JSON.parse(readFileSync(join(root, 'secdb', branch.name, name), 'utf8')) as Document
        for (const {pkg} of packages) {
          for (const [version, ids] of Object.entries(pkg.secfixes)) {
            const place = {branch: branch.name, repository: name.replace('.json', ''), origin: pkg.name, version}
            for (const text of ids) found.push({...place, text})
          }
        }
      }
    }
    return found
  }

  test('2. every branch and repository', () => {
    const table = readFileSync(join(folder, 'QUIRKS.md'), 'utf8').matchAll(
      /^\| (v[\d.]+|edge) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|/gm,
    )
    let seen = 0
    for (const [, branch, repository, ...numbers] of table) {
      const here = rows.filter(row => row.branch === branch && row.repository === repository)
      const ids = here.flatMap(({text}) => parseIDs(text).ids.map(({id}) => id))
      expect([branch, repository, ...numbers.map(Number)]).toEqual([
        branch,
        repository,
        new Set(here.map(({origin}) => origin)).size,
        new Set(here.map(({origin, version}) => `${origin} ${version}`)).size,
        here.length,
        new Set(ids.filter(isCve)).size,
        // The column is headed "ids", and counts packages.
        new Set(here.filter(({version}) => version === '0').map(({origin}) => origin)).size,
      ])
      seen++
    }
    expect(seen).toBe(41)
  })

  test('2. totals', () => {
    expect(rows).toHaveLength(85_277)
    expect(new Set(rows.map(({version}) => version)).size).toBe(4201)
    expect(new Set(rows.map(({origin}) => origin)).size).toBe(799)
    expect(new Set(rows.flatMap(({text}) => parseIDs(text).ids.map(({id}) => id)).filter(isCve)).size).toBe(7656)
  })

  test('3. fix version 0: 43 packages, 88 pairs with an id string', () => {
    const rejected = rows.filter(({version}) => version === '0')
    expect(new Set(rejected.map(({origin}) => origin)).size).toBe(43)
    expect(new Set(rejected.map(({origin, text}) => `${origin} ${text}`)).size).toBe(88)
  })

  test('3. no pair has both "0" and a real version', () => {
    const versions = new Map<string, Set<string>>()
    for (const {branch, origin, version, text} of rows) {
      const key = `${branch} ${origin} ${text}`
      versions.set(key, (versions.get(key) ?? new Set()).add(version))
    }
    expect([...versions].filter(([, set]) => set.has('0') && set.size > 1)).toEqual([])
  })

  test.each([
    ['busybox', ['CVE-2021-42373', 'CVE-2021-42376', 'CVE-2021-42377']],
    ['openssl', ['CVE-2022-2274', 'CVE-2023-4807']],
    ['zlib', ['CVE-2023-45853']],
    ['tar', ['CVE-2021-37701']],
    ['openssh', ['CVE-2023-38408']],
  ])('3. %s of v3.21 is not affected by %j', (origin, ids) => {
    const rejected = shipped
      .load('v3.21')
      ?.byOrigin.get(origin)
      ?.rejected.map(({id}) => id)
    expect(rejected).toEqual(expect.arrayContaining(ids))
    const found = findIn(
      shipped,
      'v3.21',
      ['0_alpha', '0_rc1-r0', '0-r0'].map(version => `${origin} ${version}`),
    )
    expect(found.filter(text => ids.some(id => text.startsWith(`${id} `)))).toEqual([])
  })

  test('3. versions below "0": the naive comparison is not safe', () => {
    expect(['0_alpha', '0_rc1-r0'].filter(version => compareVersions(version, '0') >= 0)).toEqual([])
    const above = ['0-r0', '0_git20200101-r0', '0.9.8-r0']
    expect(above.filter(version => compareVersions(version, '0') <= 0)).toEqual([])
  })

  test('3. 367 ranges of OSV are empty: from 0 to 0', async () => {
    let empty = 0
    const bytes = readFileSync(join(folder, 'osv/Alpine/all.zip'))
    const source = {
      sizeBytes: bytes.length,
      read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
    }
    for (const entry of listZip(source, 'all.zip')) {
      const body = readZipEntry(source, entry, 1 << 24, entry.name)
      const text = Buffer.from(body.read(0, body.sizeBytes)).toString('utf8')
      for (const {ranges = []} of JSON.parse(text).affected ?? []) {
        for (const {events} of ranges) {
          const says = JSON.stringify(events)
          if (says.includes('{"introduced":"0"}') && says.includes('{"fixed":"0"}')) empty++
        }
      }
    }
    expect(empty).toBe(367)
  })

  test('4. id strings: none is dropped, nearly all name a CVE', () => {
    const parsed = new Map([...new Set(rows.map(({text}) => text))].map(text => [text, parseIDs(text)]))
    expect(rows.filter(({text}) => isCve(text))).toHaveLength(81_108)
    const named = (text: string) => text.match(/CVE-\d{4}-\d{4,}/g)?.length ?? 0
    expect(rows.filter(({text}) => named(text) === 1 && !isCve(text))).toHaveLength(3797)
    expect(rows.filter(({text}) => named(text) > 1)).toHaveLength(37)
    expect(rows.filter(({text}) => named(text) === 0)).toHaveLength(335)
    const idsOf = (text: string) => parsed.get(text)?.ids ?? []
    expect(rows.filter(({text}) => idsOf(text).length === 0)).toEqual([])
    // 335 hold no CVE as they stand; 3 of these write it as CVE_.
    expect(rows.filter(({text}) => !idsOf(text).some(({id}) => isCve(id)))).toHaveLength(332)
    // 37 hold more than one; 1 of these holds the same twice.
    expect(rows.filter(({text}) => idsOf(text).length > 1)).toHaveLength(36)
    expect(
      [...parsed]
        .filter(([, {rejected}]) => rejected)
        .map(([text]) => text)
        .sort(),
    ).toEqual(['CVE-2020-14342 (Not affected, requires --with-systemd)', 'CVE-2020-14342 (not actually applicable)'])
  })

  test('4. every kind of string, as often as it is there, and what is made of it', () => {
    const texts = rows.map(({text}) => text)
    const count = (form: RegExp) => texts.filter(text => form.test(text)).length
    const distinct = (form: RegExp) => new Set(texts.filter(text => form.test(text))).size
    // With an alias of Xen, after one blank, or after two or three.
    expect(count(/^CVE-\d{4}-\d{4,} XSA-\d+$/)).toBe(3393)
    expect(count(/^CVE-\d{4}-\d{4,} {2,3}XSA-\d+$/)).toBe(34)
    expect(count(/ {2}/)).toBe(34)
    for (const text of texts.filter(text => /^CVE-\d{4}-\d{4,} +XSA-\d+$/.test(text))) {
      const [id, alias] = text.split(/ +/)
      expect(parseIDs(text)).toEqual({ids: [{id, aliases: [alias]}], rejected: false})
    }
    // No CVE at all: the name of another tracker is the id.
    const others: [form: RegExp, count: number, distinct: number][] = [
      [/^XSA-\d+$/, 238, 27],
      [/^GHSA-\S+$/, 19, 4],
      [/^RUSTSEC-\S+$/, 14, 4],
      [/^ALPINE-\d+$/, 17, 2],
      [/^ZDI-CAN-\d+$/, 11, 6],
      [/^DW\d+-\d+$/, 12, 4],
      [/^wnpa-sec-\S+$/, 4, 4],
      [/^YSA-2024-01$/, 3, 1],
      [/^ZBX-11023$/, 1, 1],
      [/^GHSL-2021-045$/, 1, 1],
    ]
    for (const [form, strings, kinds] of others) {
      expect([form, count(form), distinct(form)]).toEqual([form, strings, kinds])
      for (const text of texts.filter(text => form.test(text)))
        expect(parseIDs(text)).toEqual({ids: [{id: text, aliases: []}], rejected: false})
    }
    // What is broken.
    expect(count(/^CVE-2017-17434-[12]$/)).toBe(14)
    expect([count(/^CVE-46838$/), count(/^CVE_2019-2426$/), count(/^CVE-2021-35940\.patch$/)]).toEqual([4, 3, 1])
    const broken: [text: string, id: string][] = [
      ['CVE-2021-35940.patch', 'CVE-2021-35940'],
      ['CVE-2017-17434-1', 'CVE-2017-17434'],
      ['CVE-2017-17434-2', 'CVE-2017-17434'],
      ['CVE-46838', 'CVE-46838'],
      ['CVE_2019-2426', 'CVE-2019-2426'],
      ['CVE-????-????? TS-2024-005', 'TS-2024-005'],
      ['CVE-2022-????? XSA-398', 'XSA-398'],
      ['CVE N/A ZBX-11023', 'ZBX-11023'],
    ]
    for (const [text, id] of broken) {
      expect([text, texts.includes(text)]).toEqual([text, true])
      expect(parseIDs(text).ids).toEqual([{id, aliases: []}])
    }
    // Blanks at the ends, tabs and other alphabets were not found; 15 are repeated within their list.
    expect(count(/^\s|\s$|\t|[^\x20-\x7e]/)).toBe(0)
    const lists = new Map<string, string[]>()
    for (const {branch, repository, origin, version, text} of rows) {
      const key = `${branch} ${repository} ${origin} ${version}`
      const list = lists.get(key)
      if (list === undefined) lists.set(key, [text])
      else list.push(text)
    }
    const repeated = [...lists.values()].flatMap(list => list.filter((text, index) => list.indexOf(text) < index))
    expect(repeated).toHaveLength(15)
    expect(new Set(repeated)).toEqual(new Set(['CVE-2021-46022', 'CVE-2021-29980', 'CVE-2024-47774']))
  })

  test('4. what others lose on the same feeds, piton has', () => {
    const tokens = (text: string) => text.split(/\s+/)
    const idsOf = (text: string) => parseIDs(text).ids.map(({id}) => id)
    // Tokens that begin with CVE- and nothing else: 325 strings dropped, 25 ids that nobody assigned.
    const dropped = rows.filter(({text}) => !tokens(text).some(token => token.startsWith('CVE-')))
    expect(dropped).toHaveLength(325)
    expect(dropped.filter(({text}) => idsOf(text).length === 0)).toEqual([])
    const bogus = rows.flatMap(({text}) => tokens(text).filter(token => token.startsWith('CVE-') && !isCve(token)))
    expect(bogus).toHaveLength(25)
    // The first CVE of a string, else a GHSA: 37 CVEs lost, 303 strings dropped.
    const first = (text: string) => tokens(text.replaceAll('CVE_', 'CVE-')).find(token => token.startsWith('CVE-'))
    const second = rows.flatMap(({text}) => {
      const cves = idsOf(text).filter(isCve)
      return cves.length > 1 ? cves.filter(id => id !== first(text)) : []
    })
    expect(second).toHaveLength(37)
    const nothing = rows.filter(({text}) => first(text) === undefined && !/(?:^|\s)GHSA-/.test(text))
    expect(nothing).toHaveLength(303)
    expect(nothing.filter(({text}) => idsOf(text).length === 0)).toEqual([])
    // The string as it is for an id: 4169 are none.
    expect(rows.filter(({text}) => !isCve(text))).toHaveLength(4169)
    // main alone: nothing of community, which has 5413 triples in v3.21.
    const community = rows.filter(({branch, repository}) => branch === 'v3.21' && repository === 'community')
    const triples = community.flatMap(({origin, version, text}) =>
      idsOf(text)
        .filter(isCve)
        .map(id => `${origin} ${id} ${version}`),
    )
    expect(new Set(triples).size).toBe(5413)
  })

  test('4. every id of every string is in the database that ships, under its origin and branch', () => {
    let pairs = 0
    for (const branch of shipped.branches()) {
      const wanted = new Set<string>()
      for (const {branch: own, origin, text} of rows) {
        if (own === branch) for (const {id} of parseIDs(text).ids) wanted.add(`${origin} ${id}`)
      }
      const held = [...(shipped.load(branch)?.byOrigin.values() ?? [])].flatMap(({origin, fixes, rejected}) =>
        [...rejected, ...fixes.flatMap(({ids}) => ids)].map(({id}) => `${origin} ${id}`),
      )
      expect([branch, held.sort()]).toEqual([branch, [...wanted].sort()])
      pairs += held.length
    }
    expect(pairs).toBe(85_020)
  })

  test.each([
    ['intel-ucode', 'CVE-2018-12126', ['20190514a-r0', '20190618-r0', '20191112-r0']],
    ['runc', 'CVE-2023-27561', ['1.1.4-r0', '1.1.4-r7']],
    ['libarchive', 'CVE-2024-26256', ['3.7.4-r0', '3.7.5-r0']],
    ['chromium', 'CVE-2022-2163', ['103.0.5060.53-r0', '103.0.5060.134-r0']],
  ])('5. %s of edge fixes %s in %j: the last counts', (origin, id, versions) => {
    const last = versions.at(-1)
    for (const version of versions) {
      const found = findIn(shipped, 'edge', [`${origin} ${version}`]).filter(text => text.startsWith(`${id} `))
      expect([version, found]).toEqual([version, version === last ? [] : [`${id} < ${last}`]])
    }
  })

  test('5. 238 ids stand at several fix versions, 58 of them distinct', () => {
    const versions = new Map<string, Set<string>>()
    for (const {branch, repository, origin, version, text} of rows) {
      for (const {id} of parseIDs(text).ids) {
        const key = `${branch} ${repository} ${origin} ${id}`
        versions.set(key, (versions.get(key) ?? new Set()).add(version))
      }
    }
    const several = [...versions].filter(([, set]) => set.size > 1).map(([key]) => key.split(' '))
    expect(several).toHaveLength(238)
    expect(new Set(several.map(([, , origin, id]) => `${origin} ${id}`)).size).toBe(58)

    const origins = shipped.branches().flatMap(branch => [...(shipped.load(branch)?.byOrigin.values() ?? [])])
    const ids = origins.flatMap(({fixes}) => fixes.flatMap(({ids}) => ids))
    expect(ids.filter(({earlier}) => earlier.length > 0)).toHaveLength(238)
  })

  test('6. 20 fix versions are malformed, 5 of them for apk-tools 2.x too', () => {
    const versions = [...new Set(rows.map(({version}) => version))]
    const malformed = versions.filter(version => !isValidVersion(version))
    expect(malformed.sort()).toEqual(quotedIn('6').filter(text => versions.includes(text) && !isValidVersion(text)))
    expect(malformed).toHaveLength(20)
    expect(malformed.filter(version => !isValidLegacy(version))).toHaveLength(5)
    expect(
      versions.filter(version => version !== '0' && isValidVersion(version) && !/-r\d+$/.test(version)),
    ).toHaveLength(34)
  })

  /** What a section of the page quotes, sorted, each once. */
  function quotedIn(section: string): string[] {
    const page = readFileSync(join(folder, 'QUIRKS.md'), 'utf8')
    const text = page.split(/^## /m).find(part => part.startsWith(`${section}. `)) ?? ''
    return [...new Set([...text.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted))].sort()
  }

  test('8. severities, KEV and EPSS reach the database', async () => {
    const to = temporaryFolder()
    const warnings: string[] = []
    const summary = await buildDatabase({from: folder, to, warn: ({message}) => warnings.push(message)})
    expect(summary).toMatchObject({date: '2025-01-04', branches: 21, rated: 7397})
    expect(warnings).toEqual([])
    const database = openDatabase(to)
    const ids = new Set(rows.flatMap(({text}) => parseIDs(text).ids.map(({id}) => id)))
    const ratings = [...ids].map(id => database.rate(id))
    const having = (...versions: string[]) =>
      ratings.filter(({cvss}) => cvss.some(({version}) => versions.includes(version))).length
    expect([having('2.0'), having('3.0'), having('3.1'), having('4.0'), having('3.0', '3.1')]).toEqual([
      342, 2557, 5659, 27, 7377,
    ])
    expect(ratings.filter(({kev}) => kev)).toHaveLength(96)
    expect(ratings.filter(({epss}) => epss !== null)).toHaveLength(5312)
    expect(findIn(database, 'v3.21', ['libssl3 3.3.2-r0 openssl'])).toContain('CVE-2024-9143 < 3.3.2-r3')
    const busybox = database
      .load('v3.21')
      ?.byOrigin.get('busybox')
      ?.rejected.map(({id}) => id)
    expect(busybox).toEqual(expect.arrayContaining(['CVE-2021-42373', 'CVE-2021-42376', 'CVE-2021-42377']))
  })

  test('the database that ships is made of these feeds', async () => {
    const to = temporaryFolder()
    await buildDatabase({from: folder, to, warn: () => {}})
    const shipped = join(import.meta.dirname, '../../data')
    for (const file of readdirSync(to, {recursive: true}) as string[]) {
      if (file.endsWith('.tsv'))
        expect(readFileSync(join(shipped, file), 'utf8') === readFileSync(join(to, file), 'utf8')).toBe(true)
    }
  })
})
