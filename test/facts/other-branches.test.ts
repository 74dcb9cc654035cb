import {expect, test} from 'vitest'
import {openOrigins} from '../../src/advisory/origins.js'
import {type HeldElsewhere, heldElsewhere} from '../../src/facts/other-branches.js'
import type {InstalledPackage, Repository} from '../../src/model/package.js'
import {databaseOf, secdbOf} from '../advisory/feeds-folder.js'
import {packageOf, repositoryOf} from '../support/facts.js'

const edgeLine = {branch: 'edge', name: 'main', line: 3} as const

interface Clues {
  readonly packages: readonly InstalledPackage[]
  readonly repositories?: readonly Repository[]
  readonly world?: readonly string[]
  readonly commands?: readonly (string | null)[]
}

async function elsewhere({packages, repositories = [], world = [], commands = []}: Clues): Promise<HeldElsewhere[]> {
  const {database} = await databaseOf(
    {openssl: {'3.1.7-r0': ['CVE-2024-6119']}},
    {
      'secdb/edge/main.json': secdbOf('edge', 'main', {
        openssl: {'3.3.2-r0': ['CVE-2024-6119']},
        gosu: {'1.17-r3': ['CVE-2024-1000']},
      }),
      'secdb/v3.20/main.json': secdbOf('v3.20', 'main', {openssl: {'3.3.2-r0': ['CVE-2024-6119']}}),
    },
  )
  const own = database.load('v3.19')
  if (own === null) throw new Error('no v3.19')
  const apk = {databasePath: 'lib/apk/db/installed', packages, repositories, world, keys: []}
  return heldElsewhere({apk, commands}, own, database, openOrigins(database.location))
}

const openssl = packageOf({name: 'libssl3', version: '3.3.0-r0', origin: 'openssl', layer: 1})
const gosu = packageOf({name: 'gosu', version: '1.17-r0', layer: 1})
const pinned = packageOf({name: 'gosu', version: '1.17-r0', repositoryTag: 'edge'})
const tagged = (overrides: Partial<Repository>) => repositoryOf({...edgeLine, tag: 'edge', ...overrides})

const cases: [what: string, clues: Clues, found: string[]][] = [
  ['nothing tells', {packages: [openssl, gosu], repositories: [repositoryOf()]}, []],
  [
    'a tag and its line',
    {packages: [openssl, pinned], repositories: [repositoryOf(), tagged({name: 'testing'})]},
    ['edge etc/apk/repositories:3 (gosu): pinned to @edge, which is edge/testing by etc/apk/repositories:3'],
  ],
  [
    'a tag of two lines of one branch',
    {packages: [pinned], repositories: [tagged({}), tagged({line: 4, name: 'community'})]},
    ['edge etc/apk/repositories:3 (gosu): pinned to @edge, which is edge/main by etc/apk/repositories:3'],
  ],
  [
    'a tag in world',
    {packages: [gosu], world: ['gosu@new'], repositories: [tagged({tag: 'new'})]},
    ['edge etc/apk/repositories:3 (gosu): pinned to @new, which is edge/main by etc/apk/repositories:3'],
  ],
  [
    'a tag whose line is gone, by its name',
    {packages: [packageOf({...gosu, repositoryTag: 'edge-testing'})]},
    ['edge null (gosu): pinned to @edge-testing: no repository has that tag any more, its name says edge'],
  ],
  ['a tag that only begins like a branch', {packages: [packageOf({...gosu, repositoryTag: 'edgeware'})]}, []],
  ['a tag whose line tells no branch', {packages: [pinned], repositories: [tagged({branch: null, name: null})]}, []],
  ['a tag of the own branch', {packages: [pinned], repositories: [tagged({branch: 'v3.19'})]}, []],
  ['a branch that the database lacks', {packages: [pinned], repositories: [tagged({branch: 'v3.23'})]}, []],
  [
    'a line without a tag, and versions that the own branch did not have',
    {
      packages: [openssl, gosu, packageOf({...openssl, name: 'libcrypto3', version: '3.1.8-r0'})],
      repositories: [repositoryOf(edgeLine)],
    },
    [
      'edge etc/apk/repositories:3 (libssl3): etc/apk/repositories:3 lists edge/main, and the version is newer than any that v3.19 is known to have had',
      'edge etc/apk/repositories:3 (gosu): etc/apk/repositories:3 lists edge/main, and advisories of edge name it, those of v3.19 do not',
    ],
  ],
  [
    'a command, for the packages of its layer',
    {
      packages: [openssl, packageOf({...openssl, name: 'libcrypto3', layer: 0})],
      commands: [null, 'RUN apk add --repository https://dl-cdn.alpinelinux.org/alpine/v3.20/main libssl3'],
    },
    [
      'v3.20 null (libssl3): the command of layer 2 names v3.20/main, and the version is newer than any that v3.19 is known to have had',
    ],
  ],
  [
    'a virtual package never',
    {packages: [packageOf({...gosu, name: '.deps'})], repositories: [repositoryOf(edgeLine)]},
    [],
  ],
]
for (const [what, clues, found] of cases) {
  test(`where packages come from: ${what}`, async () => {
    const held = await elsewhere(clues)
    expect(
      held.map(({advisories, line, packages, reason}) => {
        return `${advisories.branch} ${line} (${packages.map(({name}) => name).join(' ')}): ${reason}`
      }),
    ).toEqual(found)
  })
}
