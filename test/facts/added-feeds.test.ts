import {expect, test} from 'vitest'
import {formatBranch, parseBranch} from '../../src/advisory/branch-file.js'
import {heldByFeeds} from '../../src/facts/added-feeds.js'
import {databaseOf} from '../advisory/feeds-folder.js'
import {packageOf, repositoryOf} from '../support/facts.js'

/** A feed that names these origins. */
function feedOf(name: string, origins: readonly string[]) {
  const advisories = origins.map(origin => ({
    origin,
    repository: 'corp',
    fixes: [{fixedVersion: '9-r0', ids: [{id: 'CVE-2030-1', aliases: [], earlier: []}]}],
    rejected: [],
  }))
  return parseBranch(Buffer.from(formatBranch(name, '2025-06-01', advisories)), name)
}

test('a feed that somebody added speaks of packages that Alpine does not name, or that are pinned elsewhere', async () => {
  const {database: alpine} = await databaseOf({openssl: {'3.1.7-r0': ['CVE-2024-6119']}})
  const feeds = new Map(
    [feedOf('corp', ['corp-agent', 'openssl', 'gosu']), feedOf('wolfi', ['corp-agent'])].map(one => [one.branch, one]),
  )
  const database = {
    location: alpine.location,
    date: alpine.date,
    releases: alpine.releases,
    branches: () => alpine.branches(),
    feeds: () => [...feeds.keys()],
    count: () => 0,
    load: (name: string) => feeds.get(name) ?? alpine.load(name),
    rate: (id: string) => alpine.rate(id),
  }
  const own = alpine.load('v3.19')
  if (own === null) throw new Error('no v3.19')
  const packages = [
    packageOf({name: 'corp-agent'}),
    packageOf({name: 'libssl3', origin: 'openssl'}),
    packageOf({name: 'libcrypto3', origin: 'openssl', repositoryTag: 'corp'}),
    packageOf({name: 'zlib'}),
  ]
  const repositories = [repositoryOf(), repositoryOf({tag: 'corp', branch: null, name: null})]
  const apk = {databasePath: '', packages, repositories, world: [], keys: []}
  const held = heldByFeeds(apk, own, database).map(
    ({advisories, packages, reason}) => `${advisories.branch} ${packages.map(({name}) => name).join(' ')}: ${reason}`,
  )
  expect(held).toEqual([
    'corp libcrypto3: it names them, and they are pinned to no repository of Alpine',
    'corp corp-agent: it names them, and the advisories of v3.19 do not',
  ])
  expect(heldByFeeds(apk, own, alpine)).toEqual([])
})
