import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {feeds} from '../../../src/advisory/feeds/index.js'
import {filesIn} from '../../../src/advisory/manifest.js'
import {HttpOrigin} from '../../../src/advisory/update/http-origin.js'
import {type MirrorResult, mirrorFeeds} from '../../../src/advisory/update/mirror.js'
import type {FetchOptions} from '../../../src/advisory/update/update.js'
import {netLimits} from '../../../src/model/limits.js'
import {feedServer} from '../../support/feed-server.js'
import {quick} from '../../support/pull.js'
import {type Refreshing, refreshing, secdbText, smallFeeds} from '../../support/small-feeds.js'

async function mirror(
  {places, shipped}: Refreshing,
  folder: string,
  url: string,
  overrides: Partial<FetchOptions> = {},
): Promise<MirrorResult> {
  const limits = {...netLimits, ...quick, headMs: 10_000, idleMs: 10_000}
  const origin = new HttpOrigin({mirror: url, userAgent: 'piton/test', env: {}, limits})
  const chosen = feeds.filter(({byDefault}) => byDefault)
  const common = {branches: null, architectures: [], force: false, env: {}}
  try {
    return await mirrorFeeds(folder, {places, shipped, origin, feeds: chosen, ...common, ...overrides})
  } finally {
    origin.close()
  }
}

const folderOf = ({places}: Refreshing) => join(places.home, '../mirror')

test('a mirror that piton writes gives the database that its own source gives', async () => {
  const source = await feedServer(smallFeeds())
  const one = await refreshing()
  const folder = folderOf(one)
  const result = await mirror(one, folder, source.url)
  expect(result).toMatchObject({date: '2026-01-15', branches: 3, failures: [], warnings: []})
  // A web server that lists nothing: all is found by the pages that are there.
  const copy = await feedServer(folder, {listing: false})
  await one.update(copy.url)
  const other = await refreshing()
  await other.update(source.url)
  const [ours, theirs] = [one, other].map(({places}) => filesIn(places.database))
  // When the ratings were collected is another day, and all that differs.
  expect(
    [...(ours ?? [])].filter(([path, {sha256}]) => theirs?.get(path)?.sha256 !== sha256).map(([path]) => path),
  ).toEqual(['severities.tsv'])
  expect([...(ours?.keys() ?? [])]).toEqual([...(theirs?.keys() ?? [])])
})

test('run again, it fetches what has changed; what fails stays as it was', async () => {
  const files = smallFeeds()
  const source = await feedServer(files)
  const machine = await refreshing()
  const folder = folderOf(machine)
  await mirror(machine, folder, source.url)
  const second = await mirror(machine, folder, source.url)
  expect([second.fresh, second.failures]).toEqual([0, []])
  const before = readFileSync(join(folder, 'secdb/v3.19/main.json'), 'utf8')
  files.set('secdb/v3.19/main.json', secdbText('v3.19', 'main', {}))
  files.set('secdb/last-update', '2026-01-16\n')
  const third = await mirror(machine, folder, source.url)
  expect(third.failures.map(({error}) => (error as Error).message)).toEqual([
    expect.stringContaining('more than half are gone'),
  ])
  expect(readFileSync(join(folder, 'secdb/v3.19/main.json'), 'utf8')).toBe(before)
})

test('of one branch it lists one branch', async () => {
  const source = await feedServer(smallFeeds())
  const machine = await refreshing()
  const folder = folderOf(machine)
  await mirror(machine, folder, source.url, {branches: ['v3.19']})
  expect(readdirSync(join(folder, 'secdb')).sort()).toEqual(['index.html', 'last-update', 'v3.19'])
  expect(readFileSync(join(folder, 'secdb/index.html'), 'utf8').match(/href="[^"]+"/g)).toEqual([
    'href="v3.19/"',
    'href="last-update"',
  ])
})

test('where nothing can be had there is no mirror', async () => {
  const machine = await refreshing()
  await expect(mirror(machine, folderOf(machine), 'http://127.0.0.1:9/')).rejects.toThrow(
    expect.objectContaining({
      code: 'DATABASE_NOT_FOUND',
      message: expect.stringMatching(/has no branch of Alpine, and none was fetched: .*the connection was refused/),
    }),
  )
})
