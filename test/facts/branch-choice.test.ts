import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {formatBranch, parseBranch} from '../../src/advisory/branch-file.js'
import {compileBranch} from '../../src/advisory/compile.js'
import type {AdvisoryDatabase} from '../../src/advisory/database.js'
import {parseSecdb} from '../../src/advisory/secdb.js'
import {type BranchClues, chooseBranch} from '../../src/facts/branch-choice.js'
import {matchWith} from '../../src/facts/matching.js'
import {databaseOf, secdbOf} from '../advisory/feeds-folder.js'
import {packageOf, releaseOf, repositoryOf} from '../support/facts.js'
import {shared} from '../support/shared.js'

/** A database of v3.19 and edge, and of another feed if that is given. */
async function databaseWith(name: string | null, text = ''): Promise<AdvisoryDatabase> {
  const edge = secdbOf('edge', 'main', {zlib: {'1.3-r0': ['CVE-2023-45853']}})
  const {database} = await databaseOf({zlib: {'1.3-r0': ['CVE-2023-45853']}}, {'secdb/edge/main.json': edge})
  if (name === null) return database
  const origins = compileBranch([parseSecdb(text, name, () => {})], name, () => {})
  const own = parseBranch(Buffer.from(formatBranch(name, '2025-06-01', origins)), name)
  return {
    location: database.location,
    date: database.date,
    releases: database.releases,
    branches: () => database.branches(),
    feeds: () => [name],
    count: branch => database.count(branch),
    load: branch => (branch === name ? own : database.load(branch)),
    rate: id => database.rate(id),
  }
}

const wolfi = releaseOf({id: 'wolfi', version: '20230201', branch: null, prettyName: 'Wolfi'})
const postmarket = releaseOf({id: 'postmarketos', version: 'v24.06', branch: null, prettyName: 'postmarketOS v24.06'})
const wolfiFeed = JSON.stringify({
  reponame: 'os',
  packages: [{pkg: {name: 'zlib', secfixes: {'9-r0': ['CVE-2030-1']}}}],
})
const ownRepository = repositoryOf({url: 'http://mirror.postmarketos.org/v24.06', branch: null, name: null})

const cases: [what: string, clues: Partial<BranchClues>, feed: boolean, chosen: string][] = [
  ['os-release', {}, false, 'v3.19: etc/os-release: VERSION_ID=3.19.0'],
  [
    'alpine-release alone',
    {release: releaseOf({path: 'etc/alpine-release'})},
    false,
    'v3.19: etc/alpine-release: 3.19.0',
  ],
  [
    'edge',
    {release: releaseOf({version: '3.22.0_alpha20250108', branch: 'edge'})},
    false,
    'edge: etc/os-release: VERSION_ID=3.22.0_alpha20250108 is a build of edge',
  ],
  [
    'a branch that the database lacks',
    {release: releaseOf({version: '3.30.1', branch: 'v3.30'})},
    false,
    'null: etc/os-release: VERSION_ID=3.30.1 is of v3.30, which the database of 2025-01-04 lacks',
  ],
  [
    'a version that is none',
    {release: releaseOf({version: 'next', branch: null})},
    false,
    'null: etc/os-release: VERSION_ID=next names no branch of Alpine',
  ],
  ['no release file', {release: null}, false, 'null: there is no os-release or alpine-release'],
  ['a system with a feed', {release: wolfi}, true, 'wolfi: etc/os-release: ID=wolfi VERSION_ID=20230201'],
  [
    'a system whose feed nobody fetched',
    {release: wolfi, repositories: [repositoryOf()]},
    false,
    'null: etc/os-release: ID=wolfi VERSION_ID=20230201: the database of 2025-01-04 has no advisories of wolfi',
  ],
  [
    'a system that takes packages from Alpine',
    {release: postmarket, repositories: [ownRepository, repositoryOf()]},
    false,
    'v3.19: etc/os-release: ID=postmarketos VERSION_ID=v24.06, and etc/apk/repositories:1 lists v3.19 of Alpine',
  ],
  [
    'one that takes them from several branches',
    {release: postmarket, repositories: [repositoryOf(), repositoryOf({branch: 'edge'})]},
    false,
    'null: etc/os-release: ID=postmarketos VERSION_ID=v24.06 is no release of Alpine',
  ],
  [
    'one that does not',
    {release: postmarket, repositories: [ownRepository]},
    false,
    'null: etc/os-release: ID=postmarketos VERSION_ID=v24.06 is no release of Alpine',
  ],
]
for (const [what, clues, feed, chosen] of cases) {
  test(`the advisories of ${what}`, async () => {
    const database = await databaseWith(feed ? 'wolfi' : null, wolfiFeed)
    const {branch, reason} = chooseBranch(
      {release: releaseOf(), assumedBranch: null, repositories: [], ...clues},
      database,
    )
    expect(`${branch}: ${reason}`).toBe(chosen)
  })
}

for (const id of ['wolfi', 'chainguard', 'minimos']) {
  const path = shared(`feeds/${id}/security.json`)
  test.skipIf(path === null)(`packages of ${id} are held against its own feed, of its own date`, async () => {
    const text = readFileSync(path ?? '', 'utf8')
    const [{pkg}] = JSON.parse(text).packages
    const [[fixed, [vulnerability]]] = Object.entries<string[]>(pkg.secfixes) as [[string, [string]]]
    const packages = [packageOf({name: pkg.name, version: '0.0.1-r0'}), packageOf({name: 'zlib', version: '0.0.1-r0'})]
    const apk = {databasePath: 'usr/lib/apk/db/installed', packages, repositories: [], world: [], keys: []}
    const release = releaseOf({id, branch: null})
    const {matches, info} = matchWith(await databaseWith(id, text), {release, assumedBranch: null}, {apk, commands: []})
    expect(info).toMatchObject({branch: id, date: '2025-06-01', others: []})
    const found = matches.map(({fix}) => `${fix.branch} ${fix.origin} ${fix.id}`)
    expect(found).toContain(`${id} ${pkg.name} ${vulnerability.slice(0, 18).split(' ')[0]}`)
    expect(fixed).not.toBe('0')
    expect(found.filter(text => !text.startsWith(`${id} `))).toEqual([])
  })
}
