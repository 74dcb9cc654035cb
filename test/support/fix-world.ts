import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {buildDatabase} from '../../src/advisory/build.js'
import type {PackageParts} from './alpine.js'
import type {Packages, World} from './docker-build.js'
import {writeFiles} from './files.js'

/** Packages that an image was built from, and what became of them since: `name origin old new`. */
const history: readonly [name: string, origin: string, old: string, now: string, depends?: string][] = [
  ['busybox', 'busybox', '1.36.1-r15', '1.36.1-r19'],
  ['libcrypto3', 'openssl', '3.1.4-r2', '3.1.7-r1'],
  ['libssl3', 'openssl', '3.1.4-r2', '3.1.7-r1'],
  ['musl', 'musl', '1.2.4-r4', '1.2.4-r4'],
  ['curl', 'curl', '8.5.0-r0', '8.9.1-r2', 'libcurl'],
  ['libcurl', 'curl', '8.5.0-r0', '8.9.1-r2', 'nghttp2-libs'],
  ['nghttp2-libs', 'nghttp2', '1.58.0-r0', '1.58.1-r0'],
  ['nginx', 'nginx', '1.24.0-r15', '1.26.3-r0', 'pcre2'],
  ['pcre2', 'pcre2', '10.42-r1', '10.42-r1'],
  ['php82', 'php82', '8.2.13-r0', '8.2.28-r1'],
  ['php82-fpm', 'php82', '8.2.13-r0', '8.2.28-r1'],
  ['git', 'git', '2.43.0-r0', '2.43.7-r0'],
  ['jq', 'jq', '1.7.1-r0', '1.7.1-r0'],
]

/** By origin: the vulnerabilities of the old version, by the version that fixes them. The last fix is the newest version. */
const secfixes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  busybox: {'1.36.1-r19': ['CVE-2031-0001', 'CVE-2031-0002']},
  openssl: {'3.1.5-r0': ['CVE-2031-0003'], '3.1.7-r1': ['CVE-2031-0004', 'CVE-2031-0005']},
  curl: {'8.6.0-r0': ['CVE-2031-0006'], '8.9.1-r2': ['CVE-2031-0007']},
  nghttp2: {'1.58.1-r0': ['CVE-2031-0008']},
  nginx: {'1.26.3-r0': ['CVE-2031-0009']},
  php82: {'8.2.28-r1': ['CVE-2031-0010', 'CVE-2031-0011']},
  git: {'2.43.7-r0': ['CVE-2031-0012']},
}

/** How many vulnerabilities the old versions of these origins have. */
export function countOf(...origins: readonly string[]): number {
  return origins.flatMap(origin => Object.values(secfixes[origin] ?? {}).flat()).length
}

function packagesOf(column: 2 | 3, names?: readonly string[]): Packages {
  return new Map(
    history
      .filter(([name]) => names === undefined || names.includes(name))
      .map(row => {
        const [name, origin, , , depends] = row
        const parts: PackageParts = {name, origin, version: row[column], ...(depends === undefined ? {} : {depends})}
        return [name, parts]
      }),
  )
}

const baseNames = ['busybox', 'libcrypto3', 'libssl3', 'musl']

/** What a newer base image holds is not known: at worst, what the old one did. */
const base: World['base'] = image => ({
  packages: packagesOf(2, baseNames),
  release: /alpine:(3\.19\.\d+)/.exec(image)?.[1] ?? '3.19.0',
})

/** When the image was built. */
export const earlier: World = {base, repository: packagesOf(2)}

/** Of the packages of today, these. */
export function current(...names: readonly string[]): Packages {
  return packagesOf(3, names)
}

/** Today. */
export const now: World = {base, repository: packagesOf(3)}

export function as(user: string, world: World): World {
  return {...world, base: image => ({...world.base(image), user})}
}

/** A database of these vulnerabilities, removed by the caller. */
export async function fixDatabase(): Promise<{readonly folder: string; readonly database: string}> {
  const folder = mkdtempSync(join(tmpdir(), 'piton-fix-'))
  const packages = Object.entries(secfixes).map(([name, fixes]) => ({pkg: {name, secfixes: fixes}}))
  const feeds = writeFiles(join(folder, 'feeds'), [
    ['secdb/last-update', '2025-01-15\n'],
    ['secdb/v3.19/main.json', JSON.stringify({distroversion: 'v3.19', reponame: 'main', packages})],
    ['severity/cvss.tsv', '# cve\tcvss version\tvector\tsource\n'],
    [
      'kev/known_exploited_vulnerabilities.json',
      '{"catalogVersion":"2025.01.10","dateReleased":"2025-01-10T12:00:00Z","vulnerabilities":[]}',
    ],
    [
      'alpine/releases.tsv',
      '# facts (2025-01-15)\nv3.19\t2023-12-07\t2025-11-01\t3.19.9\nv3.20\t2024-05-22\t2026-04-01\t3.20.5\n',
    ],
  ])
  const database = join(folder, 'database')
  await buildDatabase({from: feeds, to: database, warn: () => {}})
  return {folder, database}
}
