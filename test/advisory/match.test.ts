import {describe, expect, test} from 'vitest'
import {matchPackages} from '../../src/advisory/match.js'
import {databaseOf, installed, type Secfixes, secdbOf} from './feeds-folder.js'

async function match(secfixes: Secfixes, packages: readonly string[]) {
  const {database} = await databaseOf(secfixes)
  const branch = database.load('v3.19')
  if (branch === null) throw new Error('no v3.19')
  const {matches, rejected, warnings} = matchPackages(
    [{advisories: branch, reason: 'as told', packages: packages.map(installed)}],
    id => database.rate(id),
  )
  return {
    found: matches.map(
      ({fix, packages}) => `${fix.id} ${fix.origin} ${fix.fixedVersion}: ${packages.map(({name}) => name).join(' ')}`,
    ),
    rejected: rejected.map(({id, origin, packages}) => `${id} ${origin}: ${packages.map(({name}) => name).join(' ')}`),
    notes: matches.map(({note}) => note),
    warnings,
  }
}

const openssl = {openssl: {'3.1.4-r3': ['CVE-2023-6129'], '3.1.4-r5': ['CVE-2024-0727'], '0': ['CVE-2022-2274']}}

test.each<[what: string, packages: string[], found: string[]]>([
  [
    'by origin, once for all its packages',
    ['libssl3 3.1.4-r3 openssl', 'libcrypto3 3.1.4-r3 openssl'],
    ['CVE-2024-0727 openssl 3.1.4-r5: libcrypto3 libssl3'],
  ],
  [
    'only those that are older',
    ['libssl3 3.1.4-r5 openssl', 'libcrypto3 3.1.4-r2 openssl'],
    ['CVE-2023-6129 openssl 3.1.4-r3: libcrypto3', 'CVE-2024-0727 openssl 3.1.4-r5: libcrypto3'],
  ],
  ['fixed', ['libssl3 3.1.4-r5 openssl', 'openssl 3.2.0-r0'], []],
  ['not by the binary name of another origin', ['openssl 3.1.4-r0 libretls'], []],
  ['virtual packages never', ['.build-deps 0 openssl', '.openssl 3.1.4-r0 openssl'], []],
  ['nothing installed', [], []],
  ['names of every object', ['constructor 1-r0', '__proto__ 1-r0'], []],
])('%s', async (_what, packages, found) => {
  const result = await match(openssl, packages)
  expect(result.found).toEqual(found)
  expect(result.warnings).toEqual([])
})

test('a rejection is no finding, and is told', async () => {
  const result = await match({a: {'0': ['CVE-2022-2274']}}, ['a-libs 0_alpha1 a', 'b 1'])
  expect(result).toEqual({found: [], rejected: ['CVE-2022-2274 a: a-libs'], notes: [], warnings: []})
})

test('an order that cannot be told is a finding with a note and a warning', async () => {
  const result = await match({opensmtpd: {'6.6.4p1-r1': ['CVE-2020-8794']}}, ['opensmtpd 6.6.4p1-r0'])
  expect(result.found).toEqual(['CVE-2020-8794 opensmtpd 6.6.4p1-r1: opensmtpd'])
  expect(result.notes).toEqual([expect.stringContaining('"6.6.4p1-r0" and "6.6.4p1-r1"')])
  expect(result.warnings).toMatchObject([{code: 'ADVISORY_UNKNOWN_ORDER'}])
})

test('what is said of an order that cannot be told is one sentence, however long the version', async () => {
  const one = {...installed(`a ${'9'.repeat(20_000)}`), origin: ''}
  const {database} = await databaseOf({a: {'1.0-r1': ['CVE-2024-1']}})
  const advisories = database.load('v3.19')
  if (advisories === null) throw new Error('no v3.19')
  const {warnings} = matchPackages([{advisories, reason: '', packages: [one]}], id => database.rate(id))
  const [{message} = {message: ''}] = warnings
  expect(message).toMatch(/^cannot tell whether a 9{50,}\S* has the fixes of a 1\.0-r1: reported as if not$/)
  expect(message.length).toBeLessThan(300)
})

test('an origin with more packages than any has is left out, and that is told', async () => {
  const packages = Array.from({length: 2001}, (_, i) => `p${i} 1-r${i} openssl`)
  const {found, warnings} = await match(openssl, packages)
  expect(found).toEqual([])
  expect(warnings).toMatchObject([{code: 'ADVISORY_LIMIT', hides: true}])
})

test('matches are sorted by origin and id, whatever the order of the database', async () => {
  const secfixes = {b: {'2': ['CVE-2020-2222', 'CVE-2020-1111']}, a: {'3': ['CVE-2020-3333']}}
  expect((await match(secfixes, ['b 1', 'a 1'])).found.map(text => text.slice(0, 13))).toEqual([
    'CVE-2020-3333',
    'CVE-2020-1111',
    'CVE-2020-2222',
  ])
})

describe('several branches', () => {
  const own = {openssl: {'3.1.4-r3': ['CVE-2023-6129'], '3.1.6-r0': ['CVE-2024-4603'], '0': ['CVE-2024-0002']}}
  const edge = {
    openssl: {'3.2.0-r0': ['CVE-2023-6129'], '3.3.0-r2': ['CVE-2024-4603'], '3.3.0-r1': ['CVE-2024-4603']},
    aardvark: {'1.12.2-r0': ['CVE-2024-8418']},
  }

  async function matchBoth(packages: readonly string[], fromEdge: readonly string[]) {
    const {database} = await databaseOf(own, {'secdb/edge/main.json': secdbOf('edge', 'main', edge)})
    const all = packages.map(installed)
    const held = [
      {branch: 'v3.19', reason: 'its own', packages: all},
      {branch: 'edge', reason: 'tagged', packages: all.filter(({name}) => fromEdge.includes(name))},
    ].flatMap(({branch, ...rest}) => {
      const advisories = database.load(branch)
      return advisories === null ? [] : [{advisories, ...rest}]
    })
    return matchPackages(held, id => database.rate(id)).matches
  }

  test('a package from elsewhere is held against that branch too, and the newest fix counts', async () => {
    const [match, ...more] = await matchBoth(['libssl3 3.3.0-r0 openssl'], ['libssl3'])
    expect(more).toEqual([])
    expect(match?.fix).toMatchObject({id: 'CVE-2024-4603', branch: 'edge', fixedVersion: '3.3.0-r2'})
    expect(match?.grounds).toMatchObject([
      {branch: 'v3.19', reason: 'its own', fixVersions: ['3.1.6-r0'], comparisons: [{order: 'fixed'}]},
      {branch: 'edge', reason: 'tagged', fixVersions: ['3.3.0-r1', '3.3.0-r2'], comparisons: [{order: 'older'}]},
    ])
  })

  test('one finding where both are open, with each package once', async () => {
    const matches = await matchBoth(['libssl3 3.1.4-r0 openssl', 'libcrypto3 3.1.4-r0 openssl'], ['libssl3'])
    expect(matches.map(({fix, packages}) => [fix.id, fix.branch, packages.map(({name}) => name).join(' ')])).toEqual([
      ['CVE-2023-6129', 'edge', 'libcrypto3 libssl3'],
      ['CVE-2024-4603', 'edge', 'libcrypto3 libssl3'],
    ])
  })

  test('what only the other branch has a fix for is found', async () => {
    expect(await matchBoth(['aardvark 1.11.0-r0'], ['aardvark'])).toMatchObject([
      {fix: {id: 'CVE-2024-8418', branch: 'edge'}, grounds: [{branch: 'edge'}]},
    ])
    expect(await matchBoth(['aardvark 1.11.0-r0'], [])).toEqual([])
  })
})

test('a match says on what it rests', async () => {
  const {database} = await databaseOf({opensmtpd: {'6.6.4p1-r1': ['CVE-2020-8794'], '6.6.2-r0': ['CVE-2020-8794']}})
  const advisories = database.load('v3.19')
  if (advisories === null) throw new Error('no v3.19')
  const packages = ['a 6.6.4p1-r0 opensmtpd', 'b 7-r0 opensmtpd'].map(installed)
  const {matches} = matchPackages([{advisories, reason: 'etc/os-release', packages}], id => database.rate(id))
  expect(matches.map(({grounds}) => grounds)).toEqual([
    [
      {
        branch: 'v3.19',
        reason: 'etc/os-release',
        repository: 'main',
        date: '2025-01-04',
        fixVersions: ['6.6.2-r0', '6.6.4p1-r1'],
        comparisons: [
          {
            installed: '6.6.4p1-r0',
            packages: ['a'],
            fixed: '6.6.4p1-r1',
            order: 'unknown',
            note: expect.stringContaining('not well-formed'),
          },
          {installed: '7-r0', packages: ['b'], fixed: '6.6.4p1-r1', order: 'fixed', note: null},
        ],
      },
    ],
  ])
})
