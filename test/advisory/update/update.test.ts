import {existsSync, readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {openDatabase} from '../../../src/advisory/database.js'
import {feeds} from '../../../src/advisory/feeds/index.js'
import {readManifest} from '../../../src/advisory/manifest.js'
import {FolderOrigin} from '../../../src/advisory/update/folder-origin.js'
import {PitonError} from '../../../src/model/errors.js'
import {type FeedServer, feedServer} from '../../support/feed-server.js'
import {writeFiles} from '../../support/files.js'
import {fixesOf, refreshing, secdbText, smallFeeds} from '../../support/small-feeds.js'

/** Statuses of all answers since the last look, each with how often. */
function statuses(server: FeedServer): Record<number, number> {
  const found: Record<number, number> = {}
  for (const {status} of server.answered.splice(0)) found[status] = (found[status] ?? 0) + 1
  return found
}

const only = (...names: string[]) => feeds.filter(({name}) => names.includes(name))

test('a refreshed database is used, says where it is from, and is in the same form as what ships', async () => {
  const server = await feedServer(smallFeeds())
  const {update, places, shipped} = await refreshing()
  const result = await update(server.url)
  expect(result).toMatchObject({before: '2025-12-01', isChanged: true, failures: [], warnings: []})
  expect(result.database.date).toBe('2026-01-15')
  const database = openDatabase(places.database)
  expect([database.branches(), database.count('v3.19'), database.rate('CVE-2025-1001').cvss[0]?.source]).toEqual([
    ['v3.18', 'v3.19', 'edge'],
    31,
    'nvd',
  ])
  expect(readdirSync(join(places.database, 'advisories'))).toEqual(readdirSync(join(shipped, 'advisories')))
  const manifest = readManifest(places.database)
  expect(manifest?.feeds.find(({name}) => name === 'secdb')).toEqual({
    name: 'secdb',
    from: server.url,
    asOf: '2026-01-15',
  })
})

test.each([
  ['by tags', {etag: true, lastModified: false}],
  ['by times', {etag: false, lastModified: true}],
  ['by tags, compressed', {etag: true, gzip: true}],
])('a second update is told that nothing has changed: %s', async (_what, options) => {
  const server = await feedServer(smallFeeds(), options)
  const {update, places} = await refreshing()
  await update(server.url)
  const first = readlinkSync(places.database)
  expect(Object.keys(statuses(server))).toEqual(['200', '404'])
  const result = await update(server.url)
  expect([result.isChanged, result.fresh, result.failures]).toEqual([false, 0, []])
  // What was not there is not asked for again on the same day.
  expect(statuses(server)).toEqual({304: 13})
  expect(readlinkSync(places.database)).toBe(first)
})

test('servers that tell nothing are read again, and what is the same makes no new database', async () => {
  const server = await feedServer(smallFeeds(), {etag: false, lastModified: false, listing: true})
  const {update, places} = await refreshing()
  await update(server.url)
  const first = readlinkSync(places.database)
  expect((await update(server.url)).isChanged).toBe(false)
  expect(readlinkSync(places.database)).toBe(first)
})

test('new advisories are told by branch; only what changed is fetched', async () => {
  const files = smallFeeds()
  const server = await feedServer(files)
  const {update} = await refreshing()
  await update(server.url)
  statuses(server)
  files.set(
    'secdb/v3.19/main.json',
    secdbText('v3.19', 'main', {
      ...fixesOf(),
      openssl: {'3.1.8-r0': ['CVE-2026-1'.padEnd(13, '0')], '0': ['CVE-2026-2000']},
    }),
  )
  files.set('secdb/last-update', '2026-01-16\n')
  const result = await update(server.url)
  expect(result.changes).toEqual([
    {
      branch: 'v3.19',
      advisories: 33,
      isNew: false,
      removed: 0,
      added: [
        {id: 'CVE-2026-2000', origin: 'openssl', fixedVersion: null},
        {id: 'CVE-2026-1000', origin: 'openssl', fixedVersion: '3.1.8-r0'},
      ],
    },
  ])
  expect(result.database.load('v3.18')?.date).toBe('2026-01-16')
  // The document, the stamp, and the ratings: two more ids are wanted of these.
  expect(statuses(server)[200]).toBe(3)
})

test('one branch, and one feed: the others stay as they were', async () => {
  const files = smallFeeds()
  const server = await feedServer(files)
  const {update} = await refreshing()
  const one = await update(server.url, {branches: ['v3.19'], feeds: only('secdb')})
  expect(['v3.18', 'v3.19', 'edge'].map(branch => one.database.load(branch)?.date)).toEqual([
    '2025-12-01',
    '2026-01-15',
    '2025-12-01',
  ])
  const kev = await update(server.url, {feeds: only('kev')})
  expect(readFileSync(join(kev.database.location, 'kev.tsv'), 'utf8')).toContain('date=2026-01-15')
  expect(['v3.18', 'v3.19'].map(branch => kev.database.load(branch)?.date)).toEqual(['2025-12-01', '2026-01-15'])
  const unknown = await update(server.url, {branches: ['v3.99'], feeds: only('secdb')})
  expect(unknown.failures.map(({error}) => (error as Error).message)).toEqual(['the secdb has no branch v3.99'])
})

test('a feed without branches is fetched when it is asked for, and stays', async () => {
  const files = smallFeeds()
  files.set(
    'wolfi/security.json',
    '{"reponame": "os", "packages": [{"pkg": {"name": "curl", "secfixes": {"8-r0": ["CVE-2026-1000"]}}}]}',
  )
  const server = await feedServer(files)
  const {update} = await refreshing()
  expect((await update(server.url)).database.feeds()).toEqual([])
  const asked = await update(server.url, {feeds: only('wolfi')})
  expect(asked.database.feeds()).toEqual(['wolfi'])
  expect(asked.changes).toMatchObject([{branch: 'wolfi', advisories: 1, isNew: true}])
  files.set('secdb/last-update', '2026-01-17\n')
  const later = await update(server.url)
  expect([later.database.date, later.database.load('wolfi')?.byOrigin.get('curl')?.fixes[0]?.fixedVersion]).toEqual([
    '2026-01-17',
    '8-r0',
  ])
})

test('ids without a rating are looked up in the CVE list, and those that it does not have not again', async () => {
  const files = smallFeeds()
  const ids = ['CVE-2026-1000', 'CVE-2026-2000']
  files.set('secdb/v3.19/main.json', secdbText('v3.19', 'main', {...fixesOf(), curl: {'8-r0': ids}}))
  const vector = 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H'
  files.set(
    'cve5/2026/1xxx/CVE-2026-1000.json',
    JSON.stringify({cveMetadata: {cveId: ids[0]}, containers: {cna: {metrics: [{cvssV3_1: {vectorString: vector}}]}}}),
  )
  const server = await feedServer(files)
  const {update} = await refreshing()
  const {database} = await update(server.url)
  expect(ids.map(id => database.rate(id).cvss.map(({score, source}) => `${score} ${source}`))).toEqual([
    ['5.5 cve5-cna'],
    [],
  ])
  server.answered.splice(0)
  await update(server.url)
  expect(server.answered.filter(({path}) => path.startsWith('cve5/'))).toEqual([])
})

test('a folder serves as well as a web server', async () => {
  const {update, places} = await refreshing()
  const from = writeFiles(join(places.home, '..', 'mirror'), smallFeeds())
  const result = await update('http://127.0.0.1:1', {origin: new FolderOrigin(from)})
  expect([result.failures, result.database.date]).toEqual([[], '2026-01-15'])
  const again = await update('http://127.0.0.1:1', {origin: new FolderOrigin(from)})
  expect([again.isChanged, again.fresh]).toEqual([false, 0])
  expect(() => new FolderOrigin(join(from, 'nothing'))).toThrow('is no folder')
})

test('where nothing ships and nothing can be fetched there is nothing to use', async () => {
  const {update} = await refreshing(null)
  await expect(update('http://127.0.0.1:1/')).rejects.toThrow(expect.objectContaining({code: 'DATABASE_NOT_FOUND'}))
})

test('where nothing ships the feeds are enough', async () => {
  const server = await feedServer(smallFeeds())
  const {update} = await refreshing(null)
  const {database, before} = await update(server.url)
  expect([before, database.date, database.count('edge')]).toEqual([null, '2026-01-15', 31])
})

test('of older databases one is kept, and nothing of what was fetched lies about', async () => {
  const files = smallFeeds()
  const server = await feedServer(files)
  const {update, places} = await refreshing()
  let now = Date.parse('2026-01-20T00:00:00Z')
  for (const day of ['16', '17', '18', '19']) {
    files.set('secdb/last-update', `2026-01-${day}\n`)
    now = Date.now() + 3_600_000 * Number(day)
    await update(server.url, {now: () => now})
  }
  expect(readdirSync(places.generations)).toHaveLength(2)
  expect(readdirSync(places.incoming)).toEqual([])
  expect(existsSync(places.lock)).toBe(false)
})

describe('a database that somebody put there by hand', () => {
  test('is replaced, and kept aside', async () => {
    const server = await feedServer(smallFeeds())
    const {update, places, shipped} = await refreshing()
    const {cpSync} = await import('node:fs')
    cpSync(shipped, places.database, {recursive: true})
    await update(server.url)
    expect(statSync(join(places.database, 'manifest.json')).isFile()).toBe(true)
    expect(readdirSync(places.generations).filter(name => name.startsWith('0-found'))).toHaveLength(1)
  })
})

test('every failure is one that piton knows', async () => {
  const {update} = await refreshing()
  const {failures, isChanged} = await update('http://127.0.0.1:1/')
  expect(isChanged).toBe(false)
  expect(failures.length).toBeGreaterThan(0)
  for (const {error} of failures) expect(error).toBeInstanceOf(PitonError)
})
