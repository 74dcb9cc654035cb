import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {matchPackages} from '../../src/advisory/match.js'
import {offersOf} from '../../src/advisory/offers.js'
import {compilePackageVersions} from '../../src/advisory/package-versions.js'
import type {Offer} from '../../src/model/advisory.js'
import {databaseOf, installed} from './feeds-folder.js'

const secfixes = {openssl: {'3.1.4-r3': ['CVE-2024-1'], '3.1.6-r0': ['CVE-2024-2'], '4.8.0.-r1': ['CVE-2024-3']}}

/** What is offered for each id, where the index of one architecture names these. */
async function offers(index: readonly string[] | null, architecture = 'x86_64', branch = 'v3.19') {
  const {database, folder} = await databaseOf(secfixes)
  const packages = (index ?? []).map(text => {
    const {name, version} = installed(text)
    return {name, version, origin: name, provides: [], priority: 0, buildTime: 1_700_000_000}
  })
  const tables = compilePackageVersions([{repository: `${branch}/main`, branch, architecture, packages}])
  for (const [path, text] of index === null ? [] : tables) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text)
  }
  const advisories = database.load('v3.19')
  if (advisories === null) throw new Error('no v3.19')
  const images = ['libssl3 3.1.4-r2 openssl', 'libcrypto3 3.1.4-r2 openssl'].map(installed)
  const {matches} = matchPackages(
    [{advisories, reason: '', packages: images}],
    id => database.rate(id),
    offersOf(folder),
  )
  return matches.map(({fix, offer}): [string, Offer | null] => [fix.id, offer])
}

const date = '2023-11-14'
const nothing = ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3'].map(id => [id, null])

test.each<[what: string, args: Parameters<typeof offers>, expected: unknown]>([
  ['no index', [null], nothing],
  ['an index of another branch', [['libssl3 3.1.8-r0', 'libcrypto3 3.1.8-r0'], 'x86_64', 'v3.18'], nothing],
  ['an index of another architecture', [['libssl3 3.1.8-r0', 'libcrypto3 3.1.8-r0'], 'riscv64'], nothing],
  ['an index that has one of the packages', [['libssl3 3.1.8-r0']], nothing],
  [
    'a fix that is listed, but not published',
    [['libssl3 3.1.4-r5', 'libcrypto3 3.1.4-r5']],
    [
      ['CVE-2024-1', {version: '3.1.4-r5', date, hasFix: true}],
      ['CVE-2024-2', {version: '3.1.4-r5', date, hasFix: false}],
      ['CVE-2024-3', {version: '3.1.4-r5', date, hasFix: false}],
    ],
  ],
  [
    'packages of which one lags behind: the fix is there when both have it',
    [['libssl3 3.1.8-r0', 'libssl3 3.1.7-r0', 'libcrypto3 3.1.4-r3']],
    [
      ['CVE-2024-1', {version: '3.1.4-r3', date, hasFix: true}],
      ['CVE-2024-2', {version: '3.1.4-r3', date, hasFix: false}],
      ['CVE-2024-3', {version: '3.1.4-r3', date, hasFix: false}],
    ],
  ],
])('%s', async (_what, args, expected) => expect(await offers(...args)).toEqual(expected))
