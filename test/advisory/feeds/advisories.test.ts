import {readdirSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import {apkIndex} from '../../../src/advisory/feeds/apk-index.js'
import {epss, epssText} from '../../../src/advisory/feeds/epss.js'
import type {Feed, FeedDocument} from '../../../src/advisory/feeds/feed.js'
import {feedNames} from '../../../src/advisory/feeds/feed.js'
import {feeds} from '../../../src/advisory/feeds/index.js'
import {jsonItems} from '../../../src/advisory/feeds/json-items.js'
import {kev} from '../../../src/advisory/feeds/kev.js'
import {readRejections, rejections} from '../../../src/advisory/feeds/rejections.js'
import {readReleases, releases} from '../../../src/advisory/feeds/releases.js'
import {dayOf, secdb} from '../../../src/advisory/feeds/secdb.js'
import {ownFeed} from '../../../src/advisory/feeds/security-json.js'
import {wolfi} from '../../../src/advisory/feeds/wolfi.js'
import type {Warning} from '../../../src/model/warning.js'
import {file, tarOf} from '../../support/tar.js'
import {databaseOf, secdbOf} from '../feeds-folder.js'
import {bodyOf, requestOf} from './feed-cases.js'

const trust = {keys: new Map()}
const paths = async (feed: Feed, request: Parameters<typeof requestOf>[0] = {}) =>
  (await feed.plan(requestOf(request))).map(({path}) => path)
const document = (path: string): FeedDocument => ({path, url: null, form: 'json', limitBytes: 1e6, isOptional: false})
const check = async (feed: Feed, path: string, content: string | Uint8Array) =>
  feed.check(bodyOf(content, path), document(path), trust)

test('every name has its feed, every feed its words, and addresses are HTTPS', async () => {
  expect(new Set(feeds.map(({name}) => name))).toEqual(new Set(feedNames))
  const request = requestOf({
    listing: ['v3.21'],
    branches: ['v3.21'],
    architectures: ['x86_64'],
    unrated: ['CVE-2024-1000'],
    wanted: new Set(['CVE-2024-1000']),
  })
  for (const feed of feeds) {
    expect([feed.title, feed.gives, feed.home, feed.licence].filter(text => text.length < 3)).toEqual([])
    for (const {url, path, limitBytes} of await feed.plan(request)) {
      expect(url).toMatch(/^https:\/\/[a-z.-]+\//)
      expect(path).toMatch(/^[a-z0-9]+\//)
      expect(limitBytes).toBeGreaterThan(0)
    }
  }
})

test('what is licensed to who fetches it, and what is large, is only fetched on request', () => {
  expect(feeds.filter(({byDefault}) => byDefault).map(({name}) => name)).toEqual([
    'secdb',
    'rejections',
    'releases',
    'kev',
    'epss',
    'severity',
    'cve-list',
  ])
})

describe('secdb', () => {
  test('every branch that is listed, the oldest first; no other names', async () => {
    expect(await paths(secdb, {listing: ['edge', 'last-update', 'license.txt', 'v3.10', 'v3.9', '..']})).toEqual([
      'secdb/last-update',
      ...['v3.9', 'v3.10', 'edge'].flatMap(branch => [`secdb/${branch}/main.json`, `secdb/${branch}/community.json`]),
    ])
  })

  test('one branch; no branch that is not there', async () => {
    expect(await paths(secdb, {listing: ['edge', 'v3.9'], branches: ['v3.9']})).toHaveLength(3)
    await expect(paths(secdb, {listing: ['edge', 'v3.9'], branches: ['v3.8']})).rejects.toThrow('has no branch v3.8')
    await expect(paths(secdb, {listing: []})).rejects.toThrow('does not list its branches')
    await expect(paths(secdb, {})).rejects.toThrow('does not list its branches')
  })

  test.each<[what: string, text: string, message: string]>([
    ['an empty object', '{}', 'reponame or distroversion is not a string'],
    ['null', 'null', 'not a JSON object'],
    ['a list', '[]', 'not a JSON object'],
    ['a page', '<html>', 'it is not JSON'],
    ['another branch', secdbOf('v3.18', 'main', {}), 'says that it is v3.18/main'],
    ['another repository', secdbOf('v3.19', 'community', {}), 'says that it is v3.19/community'],
    [
      'packages that are no list',
      '{"distroversion":"v3.19","reponame":"main","packages":{"a":1}}',
      'packages is not a list',
    ],
  ])('refuses %s', async (_what, text, message) => {
    await expect(check(secdb, 'secdb/v3.19/main.json', text)).rejects.toThrow(message)
  })

  test.each(['{}', 'null', '[]'])('packages may be %s', async packages => {
    await check(secdb, 'secdb/v3.19/main.json', `{"distroversion":"v3.19","reponame":"main","packages":${packages}}`)
  })

  test.each([
    ['2025-01-04\n', '2025-01-04'],
    ['1735948801\n', '2025-01-04'],
    ['2025-01-04T00:15:00Z', '2025-01-04'],
  ])('a stamp of %j', (text, day) => expect(dayOf(text)).toBe(day))

  test.each(['', 'yesterday', '2025-13-01', '<html>'])('a stamp of %j is none', async text => {
    await expect(check(secdb, 'secdb/last-update', text)).rejects.toThrow('holds no date')
  })
})

describe('rejections', () => {
  const archive = (files: Readonly<Record<string, string>>) =>
    gzipSync(tarOf(Object.entries(files).map(([name, text]) => file(`security-rejections-master/${name}`, text))))
  const main = 'dnsmasq:\n  - CVE-2021-45951\n  - CVE-2021-45952\nnginx:\n  - CVE-2020-12345 # disputed\n'

  test('are ids by package and repository', async () => {
    const warnings: Warning[] = []
    const bytes = archive({
      'main.yaml': `${main}"bad name": [CVE-2020-1]\nempty: []\ntext: no\n`,
      'community.yaml': '',
      'README.md': '#',
    })
    const found = await readRejections(bytes, 'a', warning => warnings.push(warning))
    expect([...found].map(([repository, byOrigin]) => [repository, Object.fromEntries(byOrigin)])).toEqual([
      [
        'main',
        {
          dnsmasq: [
            {id: 'CVE-2021-45951', aliases: []},
            {id: 'CVE-2021-45952', aliases: []},
          ],
          nginx: [{id: 'CVE-2020-12345', aliases: []}],
        },
      ],
      ['community', {}],
    ])
    expect(warnings).toHaveLength(3)
  })

  test('count as the version "0" in every branch', async () => {
    const files = {
      'secdb/v3.18/main.json': secdbOf('v3.18', 'main', {nginx: {'1-r0': ['CVE-2020-12345', 'CVE-2020-1111']}}),
    }
    const {database} = await databaseOf(
      {},
      {...files, 'rejections/security-rejections.tar.gz': archive({'main.yaml': main})},
    )
    for (const branch of ['v3.18', 'v3.19']) {
      const nginx = database.load(branch)?.byOrigin.get('nginx')
      expect(nginx?.rejected.map(({id}) => id)).toEqual(['CVE-2020-12345'])
      expect(nginx?.fixes.flatMap(({ids}) => ids.map(({id}) => id)) ?? []).toEqual(
        branch === 'v3.18' ? ['CVE-2020-1111'] : [],
      )
    }
  })

  test.each<[what: string, bytes: Uint8Array | string]>([
    ['an archive of something else', archive({'README.md': ''})],
    ['what is no archive', gzipSync('hello')],
    ['a page', '<html>'],
    ['what is no YAML', archive({'main.yaml': 'invalid: yaml: content: ['})],
    ['a list', archive({'main.yaml': '- CVE-2020-1'})],
    ['aliases that multiply', archive({'main.yaml': 'a: &a [CVE-2020-1]\nb: [*a, *a]'})],
    ['a cut archive', archive({'main.yaml': main}).subarray(0, 60)],
  ])('%s is refused', async (_what, bytes) => {
    await expect(check(rejections, 'rejections/security-rejections.tar.gz', bytes)).rejects.toThrow(
      /rejections|archive/,
    )
  })

  test('an archive that inflates without end is not read to it', async () => {
    const bomb = gzipSync(tarOf([file('x/big.bin', Buffer.alloc(80 << 20))]))
    await expect(check(rejections, 'rejections/security-rejections.tar.gz', bomb)).rejects.toThrow(
      'inflates to more than such an archive has',
    )
  })
})

test('feeds without branches are one document, also one of the user', async () => {
  const own = ownFeed('corp', 'https://apk.example.org/security.json')
  expect([await paths(wolfi), await paths(own)]).toEqual([['wolfi/security.json'], ['feeds/corp/security.json']])
  await check(wolfi, 'wolfi/security.json', '{"reponame": "os", "packages": []}')
  await expect(check(wolfi, 'wolfi/security.json', '{}')).rejects.toThrow('not a secdb document')
})

describe('EPSS', () => {
  test('the file of today from the service; what a mirror has from there', async () => {
    expect(await paths(epss)).toEqual(['epss/epss_scores-current.csv.gz'])
    expect(
      await paths(epss, {isService: false, listing: ['a-2024-01-01.csv', '../x.csv', 'readme.txt', 'b.csv.gz']}),
    ).toEqual(['epss/a-2024-01-01.csv', 'epss/b.csv.gz'])
    expect(await paths(epss, {isService: false})).toEqual(['epss/epss_scores-current.csv.gz'])
  })

  test.each([
    'cve,epss\nCVE-2020-1234,0.5\n',
    'cve,epss,percentile\n',
    '#model_version:v2023.03.01,score_date:2024-10-15T00:00:00+0000\ncve,epss,percentile\n',
  ])('accepts %j, compressed or not', async text => {
    await check(epss, 'epss/x.csv', text)
    await check(epss, 'epss/x.csv.gz', gzipSync(text))
  })

  test('refuses pages and cut archives', async () => {
    await expect(check(epss, 'epss/x.csv', '<html>')).rejects.toThrow('does not begin with the columns of EPSS')
    expect(() => epssText(gzipSync('cve,epss\n'.repeat(100)).subarray(0, 20), 'x')).toThrow('does not inflate')
    // 0.94 of 0.94321 would be as good a score.
    await expect(check(epss, 'epss/x.csv', 'cve,epss\nCVE-2020-1234,0.9')).rejects.toThrow('in the middle of a line')
  })
})

test.each(['{}', 'null', '[]', '{"vulnerabilities": {}}', '<html>'])('KEV refuses %j', async text => {
  await expect(check(kev, 'kev/x.json', text)).rejects.toThrow(expect.objectContaining({code: 'DATABASE_FEED'}))
})

describe('releases', () => {
  const branch = {
    rel_branch: 'v3.21',
    branch_date: '2024-11-18',
    eol_date: '2026-11-01',
    releases: [
      {version: '3.21.10', date: '2026-01-02'},
      {version: '3.21.9', date: '2025-10-08'},
      {version: '3.21.0', date: '2024-12-05'},
    ],
  }
  const text = (...branches: unknown[]) => JSON.stringify({latest_stable: 'v3.21', release_branches: branches})

  test('first and newest release of each branch; edge has no end', () => {
    const found = readReleases(
      text(
        branch,
        {rel_branch: 'edge'},
        {...branch, rel_branch: 'v3.9', releases: [{version: '3.9.6'}], eol_date: '2020-11-01'},
        null,
      ),
      'releases.json',
    )
    expect(found).toEqual([
      {branch: 'v3.9', released: '2024-11-18', endOfLife: '2020-11-01', latest: '3.9.6', musl: null},
      {branch: 'v3.21', released: '2024-12-05', endOfLife: '2026-11-01', latest: '3.21.10', musl: null},
    ])
  })

  test('what Alpine publishes goes over a table, which knows musl', async () => {
    const {database} = await databaseOf(
      {},
      {
        'alpine/releases.json': text(branch),
        'alpine/releases.tsv':
          '# 2026-01-01\nv3.21\t2024-12-05\t2026-11-01\t3.21.2\t1.2.5-r8\nv3.9\t2019-01-29\t2020-11-01\t3.9.6\n',
      },
    )
    expect(database.releases.map(({branch: name, latest, musl}) => [name, latest, musl])).toEqual([
      ['v3.9', '3.9.6', null],
      ['v3.21', '3.21.10', '1.2.5-r8'],
    ])
  })

  test.each([
    ['alpine/releases.json', '{}'],
    ['alpine/releases.json', '{"release_branches": []}'],
    ['alpine/releases.json', 'null'],
    ['alpine/releases.tsv', '<html>'],
  ])('%s: refuses %s', async (path, content) => {
    await expect(check(releases, path, content)).rejects.toThrow(expect.objectContaining({code: 'DATABASE_FEED'}))
  })
})

test('package indexes need a branch and an architecture, and a signature of Alpine', async () => {
  expect(await paths(apkIndex, {branches: ['v3.21'], architectures: ['x86_64', 'aarch64']})).toEqual([
    'apkindex/v3.21/main/x86_64/APKINDEX.tar.gz',
    'apkindex/v3.21/main/aarch64/APKINDEX.tar.gz',
    'apkindex/v3.21/community/x86_64/APKINDEX.tar.gz',
    'apkindex/v3.21/community/aarch64/APKINDEX.tar.gz',
  ])
  await expect(paths(apkIndex, {branches: ['v3.21']})).rejects.toThrow('by branch and architecture')
  await expect(
    check(apkIndex, 'apkindex/v3.21/main/x86_64/APKINDEX.tar.gz', gzipSync(tarOf([file('APKINDEX', 'P:a\nV:1-r0\n')]))),
  ).rejects.toThrow('is not signed')
})

describe('items of a large list', () => {
  async function items(text: string, pieceBytes: number): Promise<unknown[]> {
    const bytes = Buffer.from(text)
    async function* pieces() {
      // One buffer for all, as streams may do.
      const chunk = Buffer.alloc(pieceBytes)
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const length = bytes.copy(chunk, 0, at, at + pieceBytes)
        yield chunk.subarray(0, length)
      }
    }
    const found: unknown[] = []
    for await (const item of jsonItems(pieces(), 'list', 'feed')) found.push(item)
    return found
  }

  const tricky = {
    other: {list: [1]},
    'li\\"st': [2],
    text: 'list":[',
    list: [{a: '}],"\\'}, [1, [2]], 'x,y', 7, null, {}],
    after: ['é'],
  }
  test.each([1, 2, 3, 7, 1000])('in pieces of %i bytes', async pieceBytes => {
    expect(await items(JSON.stringify(tricky), pieceBytes)).toEqual(tricky.list)
    expect(await items(JSON.stringify(tricky, null, 2), pieceBytes)).toEqual(tricky.list)
    expect(await items('{"list": []}', pieceBytes)).toEqual([])
  })

  test.each<[text: string, message: string]>([
    ['{"list": [1, 2', 'ends too soon'],
    ['{"list": {"a": 1}}', 'has no list of list'],
    ['[1]', 'has no list of list'],
    ['', 'has no list of list'],
    ['{"list": [}]}', 'closes more than it opens'],
    ['{"list": [{1}]}', 'is not JSON'],
    [']', 'closes more than it opens'],
  ])('%j: %s', async (text, message) => {
    await expect(items(text, 5)).rejects.toThrow(message)
  })
})

test('a folder of feeds may hold what is never shipped, and the database has nothing of it', async () => {
  const {folder} = await databaseOf(
    {},
    {'wolfi/security.json': '{"reponame":"os","packages":[{"pkg":{"name":"a","secfixes":{"1-r0":["CVE-2020-1"]}}}]}'},
  )
  expect(readdirSync(`${folder}/advisories`)).toEqual(['v3.19.tsv'])
})
