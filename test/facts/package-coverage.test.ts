import {expect, test} from 'vitest'
import {compileOrigins, openOrigins, originsPath} from '../../src/advisory/origins.js'
import {coverageOf, coverPackages} from '../../src/facts/package-coverage.js'
import type {InstalledPackage, Repository} from '../../src/model/package.js'
import {databaseOf, folderOf} from '../advisory/feeds-folder.js'
import {elfFileOf, packageOf, repositoryOf} from '../support/facts.js'

interface Target {
  readonly packages: readonly InstalledPackage[]
  readonly repositories?: readonly Repository[]
  /** What the indexes of these repositories hold, by origin. */
  readonly indexes?: Readonly<Record<string, readonly string[]>>
  readonly branch?: string
}

async function cover({packages, repositories = [repositoryOf()], indexes = {}, branch = 'v3.19'}: Target) {
  const {database} = await databaseOf({openssl: {'3.1.7-r0': ['CVE-2024-6119']}})
  const advisories = database.load(branch)
  const held = advisories === null ? [] : [{advisories, reason: '', packages}]
  const text = compileOrigins(
    Object.entries(indexes).map(([repository, origins]) => {
      const named = origins.map(name => ({name, version: '1-r0', origin: name, provides: [], priority: 0}))
      return {repository, packages: named.map(one => ({...one, buildTime: 1736000000}))}
    }),
  )
  const origins = openOrigins(folderOf(text === null ? {} : {[originsPath]: text}))
  const apk = {databasePath: '', packages, repositories, world: [], keys: []}
  return coverPackages(apk, held, origins)
}

const both = {'v3.19/main': ['openssl', 'zlib'], 'v3.19/community': ['jq']}
const libssl = packageOf({name: 'libssl3', origin: 'openssl'})
const jq = packageOf({name: 'jq'})
const corp = packageOf({name: 'corp-agent'})
const pinned = packageOf({name: 'gosu', repositoryTag: 'x'})
const tagged = (overrides: Partial<Repository>) => repositoryOf({tag: 'x', line: 3, ...overrides})

const cases: [what: string, target: Target, coverage: string[]][] = [
  ['what the advisories name', {packages: [libssl]}, ['named']],
  ['what they do not name, without an index', {packages: [jq, corp]}, ['unknown', 'unknown']],
  [
    'what the index of a branch holds',
    {packages: [libssl, jq], indexes: both},
    ['named', 'listed: in the index of v3.19/community'],
  ],
  [
    'what no repository of the branch holds',
    {packages: [corp], indexes: both},
    ['uncovered: in no repository of v3.19, by their indexes of 2025-01-04'],
  ],
  ['one repository alone does not tell', {packages: [corp], indexes: {'v3.19/main': ['zlib']}}, ['unknown']],
  ['nor does the index of another branch', {packages: [jq], indexes: {'v3.18/community': ['jq']}}, ['unknown']],
  [
    'where apk takes packages of another branch too',
    {packages: [corp], indexes: both, repositories: [repositoryOf(), repositoryOf({branch: 'edge'})]},
    ['unknown'],
  ],
  [
    'what is pinned to testing',
    {packages: [pinned], repositories: [tagged({branch: 'edge', name: 'testing'})]},
    ['uncovered: pinned to @x, which is edge/testing by etc/apk/repositories:3: there are no advisories for it'],
  ],
  [
    'what is pinned to a repository of somebody else',
    {packages: [pinned], repositories: [tagged({branch: null, name: null})]},
    ['uncovered: pinned to @x, which is none of Alpine by etc/apk/repositories:3: there are no advisories for it'],
  ],
  ['what is pinned to main', {packages: [pinned], repositories: [tagged({branch: 'edge'})]}, ['unknown']],
  ['what is pinned to a tag without a line', {packages: [pinned]}, ['unknown']],
  ['a virtual package', {packages: [packageOf({name: '.deps'})]}, []],
  ['a branch without advisories', {packages: [libssl, corp], branch: 'v3.23'}, ['uncovered', 'uncovered']],
]
for (const [what, target, coverage] of cases) {
  test(`coverage: ${what}`, async () => {
    const found = [...(await cover(target)).values()]
    expect(found.map(({kind, reason}) => (reason === null ? kind : `${kind}: ${reason}`))).toEqual(coverage)
  })
}

test('files count by the package that owns them', async () => {
  const packages = await cover({packages: [libssl, jq, corp], indexes: both})
  const files = ['libssl3', 'libssl3', 'jq', 'corp-agent', null, 'of another manager'].map(name =>
    elfFileOf({package: name}),
  )
  expect(coverageOf(packages, files)).toMatchObject({
    packages: {named: 1, listed: 1, unknown: 0, uncovered: 1},
    files: {named: 2, listed: 1, unknown: 1, uncovered: 1, unowned: 1},
  })
})
