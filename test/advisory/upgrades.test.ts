import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {heldAgain} from '../../src/advisory/held.js'
import {matchPackages} from '../../src/advisory/match.js'
import {compilePackageVersions} from '../../src/advisory/package-versions.js'
import {KnownUpgrades} from '../../src/advisory/upgrades.js'
import type {DatabaseInfo} from '../../src/model/advisory.js'
import type {InstalledPackage} from '../../src/model/package.js'
import {databaseOf, installed} from './feeds-folder.js'

const packages = ['libssl3 3.1.4-r2 openssl', 'libcrypto3 3.1.4-r2 openssl', 'zlib 1.3-r2', 'odd x..y odd'].map(
  installed,
)

const secfixes = {
  openssl: {'3.1.4-r3': ['CVE-2024-1'], '3.1.6-r0': ['CVE-2024-2'], '3.1.4-r1': ['CVE-2024-3']},
  zlib: {'1.3.1-r0': ['CVE-2024-4']},
  odd: {'1.0-r0': ['CVE-2024-5']},
}

/** Indexes by architecture: `name version`. */
type Index = Readonly<Record<string, readonly string[]>>

async function upgradesOf(index: Index | null) {
  const {database, folder} = await databaseOf(secfixes)
  const info: DatabaseInfo = {location: folder, date: '', branch: 'v3.19', reason: '', advisories: 0, others: []}
  const {matches} = matchPackages(heldAgain(info, packages, database), id => database.rate(id))
  for (const [path, text] of index === null ? [] : tablesOf(index)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
  return new KnownUpgrades({packages, matches, database: info}, database)
}

function tablesOf(index: Index) {
  return compilePackageVersions(
    Object.entries(index).map(([architecture, list]) => ({
      repository: 'v3.19/main',
      branch: 'v3.19',
      architecture,
      packages: list.map(text => {
        const {name, version} = installed(text)
        return {name, version, origin: name, provides: [], priority: 0, buildTime: 1_700_000_000}
      }),
    })),
  )
}

const ids = (keys: ReadonlySet<string>) => [...keys].map(key => key.replace('\0', ' ')).sort()
const changed = (change: (one: InstalledPackage) => string) => packages.map(one => ({...one, version: change(one)}))

test('without an index, the first version that fixes all of an origin', async () => {
  const upgrades = await upgradesOf(null)
  expect([upgrades.indexDate, ...packages.map(one => upgrades.newest(one))]).toEqual([
    null,
    '3.1.6-r0',
    '3.1.6-r0',
    '1.3.1-r0',
    '1.0-r0',
  ])
  expect(upgrades.newest(installed('musl 1.2.4-r2'))).toBe('1.2.4-r2')
})

test('with an index, the newest of the own architecture in it', async () => {
  const upgrades = await upgradesOf({
    x86_64: ['libssl3 3.1.7-r0', 'libcrypto3 3.1.4-r1'],
    aarch64: ['libssl3 3.1.8-r0', 'zlib 1.3.2-r0'],
  })
  expect(upgrades.indexDate).toBe('2023-11-14')
  expect(packages.map(one => upgrades.newest(one))).toEqual(['3.1.7-r0', '3.1.4-r2', '1.3.1-r0', '1.0-r0'])
})

test('the advisories are asked again about other packages', async () => {
  const upgrades = await upgradesOf(null)
  expect(ids(upgrades.stillOpen(packages))).toEqual([
    'CVE-2024-1 openssl',
    'CVE-2024-2 openssl',
    'CVE-2024-4 zlib',
    'CVE-2024-5 odd',
  ])
  expect(ids(upgrades.stillOpen(changed(one => upgrades.newest(one))))).toEqual([])
  expect(ids(upgrades.stillOpen(changed(() => '3.1.4-r3')))).toEqual(['CVE-2024-2 openssl'])
  expect(ids(upgrades.stillOpen(packages.filter(({name}) => name === 'zlib')))).toEqual(['CVE-2024-4 zlib'])
  const one = packages.map(item => (item.name === 'libssl3' ? {...item, version: '3.1.6-r0'} : item))
  expect(ids(upgrades.stillOpen(one))).toContain('CVE-2024-2 openssl')
})
