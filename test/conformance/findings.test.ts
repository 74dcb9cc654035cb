import {execFileSync} from 'node:child_process'
import {readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {buildDatabase} from '../../src/advisory/build.js'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import {matchPackages} from '../../src/advisory/match.js'
import type {Match} from '../../src/model/advisory.js'
import {scan} from '../../src/scan.js'
import {parsePlatform} from '../../src/source/platform.js'
import {packageOf} from '../support/facts.js'
import {temporaryFolder} from '../support/files.js'
import {shared} from '../support/shared.js'
import {compare, type Fixes, findTriples, isWellFormed, readBranch, readInstalled} from './small-secdb.js'

const feeds = shared('feeds')
const secdb = shared('feeds/secdb')
const vectors = shared('feeds/apk-version-vectors.tsv')
const rootfs = shared('corpus/rootfs')
const images = shared('corpus/images')

const folder = temporaryFolder()
let database: AdvisoryDatabase
beforeAll(async () => {
  if (feeds === null) return
  await buildDatabase({from: feeds, to: folder, warn: () => {}})
  database = openDatabase(folder)
})
afterAll(() => rmSync(folder, {recursive: true, force: true}))

test.skipIf(vectors === null)('the small comparison is as apk-tools compares', () => {
  const lines = readFileSync(vectors ?? '', 'utf8').split('\n')
  const rows = lines.map(line => line.split('\t')).filter(([, op = '']) => ['<', '=', '>'].includes(op))
  const wellFormed = rows.filter(([a = '', , b = '']) => isWellFormed(a) && isWellFormed(b))
  expect([rows.length, rows.length - wellFormed.length]).toEqual([359, 0])
  const signs = {'<': -1, '=': 0, '>': 1} as const
  for (const [a = '', op = '', b = ''] of wellFormed) {
    expect([a, op, b, Math.sign(compare(a, b))]).toEqual([a, op, b, signs[op as keyof typeof signs]])
  }
})

/** As the small reading writes them. */
function triplesOf(matches: readonly Pick<Match, 'fix' | 'packages'>[]): string[] {
  return matches.flatMap(({fix, packages}) => packages.map(({name}) => `${fix.id} ${fix.origin} ${name}`)).sort()
}

async function scanned(target: string, platform: string | null = null) {
  const {report} = await scan(target, {
    database,
    policy: {checks: ['vulnerabilities']},
    platform: platform === null ? null : parsePlatform(platform),
    today: '2025-01-10',
  })
  const triples = report.findings
    .filter(({family}) => family === 'vulnerability')
    .flatMap(({rule, origin, packages}) => packages.map(({name}) => `${rule} ${origin} ${name}`))
  return {report, triples: triples.sort()}
}

/** Nothing of a branch that the feed does not have. */
function fixesOf(branch: string): Fixes {
  return readdirSync(secdb ?? '').includes(branch) ? readBranch(secdb ?? '', branch) : new Map()
}

const tarballs = rootfs === null ? [] : readdirSync(rootfs).filter(name => name.endsWith('.tar.gz'))

describe.skipIf(rootfs === null || secdb === null)('root file systems: what is found, and nothing else', () => {
  for (const name of tarballs) {
    test(name, async () => {
      const path = join(rootfs ?? '', name)
      const member = execFileSync('tar', ['tzf', path], {encoding: 'utf8'}).match(/^.*lib\/apk\/db\/installed$/m)?.[0]
      const installed = execFileSync('tar', ['xzOf', path, member ?? ''], {encoding: 'utf8', maxBuffer: 2 ** 28})
      const fixes = fixesOf(`v${/alpine-(\d+\.\d+)/.exec(name)?.[1]}`)
      const {report, triples} = await scanned(`rootfs:${path}`)
      expect(triples).toEqual(findTriples(readInstalled(installed), fixes))
      expect(report.packages.map(({name}) => name).sort()).toEqual(
        readInstalled(installed)
          .map(({name}) => name)
          .sort(),
      )
      // A change of these is a change of what is reported.
      const counts = {'3.1.4': 0, '3.6.3': 0, '3.9.0': 28, '3.19.0': 30, '3.23.2': 0}
      expect(triples).toHaveLength(counts[/alpine-([\d.]+)/.exec(name)?.[1] as keyof typeof counts])
    })
  }
})

const archives: [target: string, platform?: string][] = [
  ['multi-gzip.oci.tar'],
  ['multi-zstd.oci.tar'],
  ['multi-mixed.oci.tar'],
  ['multi.docker.tar'],
  ['single-aarch64.docker.tar.gz'],
  ['index-nested-attest.oci.tar', 'linux/amd64'],
  ['index-nested-attest.oci.tar', 'linux/arm64'],
  ['index-nested-attest.oci.tar', 'linux/arm/v6'],
  ['index-flat.layout', 'linux/arm64'],
  ['docker-archive:legacy-two-images.docker.tar:old:3.9'],
  ['docker-archive:legacy-two-images.docker.tar:old:3.9-app'],
  ['db-without-files.oci.tar'],
  ['real-containerd-alpine-3.14.tar'],
]

describe.skipIf(images === null || secdb === null)('images: what is found, and nothing else', () => {
  for (const [target, platform] of archives) {
    test([target, platform].join(' '), async () => {
      const [, scheme = '', rest = ''] = /^(docker-archive:)?(.*)$/.exec(target) ?? []
      const {report, triples} = await scanned(`${scheme}${join(images ?? '', rest)}`, platform ?? null)
      const others = report.database?.others ?? []
      const expected = [
        ...findTriples(report.packages, fixesOf(report.release?.branch ?? '')),
        ...others.flatMap(({branch, packages}) => {
          const taken = report.packages.filter(({name}) => packages.includes(name))
          return findTriples(taken, fixesOf(branch))
        }),
      ]
      expect(triples).toEqual([...new Set(expected)].sort())
    })
  }
})

describe.skipIf(secdb === null)('every branch: an old version of every package', () => {
  const branches = secdb === null ? [] : readdirSync(secdb).filter(name => /^(?:v|edge)/.test(name))
  for (const branch of branches) {
    test(branch, () => {
      const fixes = readBranch(secdb ?? '', branch)
      const versionsOf = (origin: string) => [...new Set([...(fixes.get(origin)?.values() ?? [])].flat())]
      // Two readings of malformed versions are compared in test/advisory/quirks.test.ts.
      const origins = [...fixes.keys()].filter(origin => versionsOf(origin).every(isWellFormed))
      expect(fixes.size - origins.length).toBeLessThan(10)
      const packages = origins.flatMap(origin => {
        const versions = versionsOf(origin).sort(compare)
        const middle = versions[versions.length >> 1]
        return [versions[0], middle, versions.at(-1), '0-r0'].flatMap((version, n) => {
          return version === undefined ? [] : [packageOf({name: `${origin}-${n}`, version, origin})]
        })
      })
      const advisories = database.load(branch)
      const held = advisories === null ? [] : [{advisories, reason: '', packages}]
      const triples = triplesOf(matchPackages(held, id => database.rate(id)).matches)
      expect(triples).toEqual(findTriples(packages, fixes))
      expect(triples.length).toBeGreaterThan(200)
    })
  }
})
