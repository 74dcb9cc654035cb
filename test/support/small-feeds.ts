import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {onTestFinished} from 'vitest'
import {buildDatabase} from '../../src/advisory/build.js'
import {feeds} from '../../src/advisory/feeds/index.js'
import {HttpOrigin} from '../../src/advisory/update/http-origin.js'
import {type CachePlaces, cachePlaces} from '../../src/advisory/update/places.js'
import {type UpdateOptions, type UpdateResult, updateDatabase} from '../../src/advisory/update/update.js'
import {type NetLimits, netLimits} from '../../src/model/limits.js'
import {type FeedFiles, pageOf} from './feed-server.js'
import {writeFiles} from './files.js'
import {quick} from './pull.js'
import {file, tarOf} from './tar.js'

/** Packages of each branch: enough that losing half of them is noticed. */
const packages = 30
const branches = ['v3.18', 'v3.19', 'edge']
const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'

/** Secfixes by package: `package1` has CVE-2025-1001, … */
export type Fixes = Record<string, Record<string, string[]>>

export function fixesOf(count = packages): Fixes {
  return Object.fromEntries(
    Array.from({length: count}, (_, index) => [
      `package${index + 1}`,
      {[`1.${index}-r0`]: [`CVE-2025-${1001 + index}`]},
    ]),
  )
}

/** A document of the secdb. */
export function secdbText(branch: string, repository: string, fixes: Fixes): string {
  const list = Object.entries(fixes).map(([name, secfixes]) => ({pkg: {name, secfixes}}))
  return JSON.stringify({distroversion: branch, reponame: repository, packages: list})
}

/** Feeds of three branches in the layout of a mirror. Without edge's community repository. */
export function smallFeeds(day = '2026-01-15'): FeedFiles {
  const ids = Array.from({length: packages}, (_, index) => `CVE-2025-${1001 + index}`)
  const exploited = ids.slice(0, 24).map(cveID => ({cveID, dateAdded: '2025-06-01'}))
  const released = [
    {rel_branch: 'v3.18', eol_date: '2025-05-09', releases: [{version: '3.18.0', date: '2023-05-09'}]},
    {rel_branch: 'v3.19', eol_date: '2027-11-01', releases: [{version: '3.19.0', date: '2023-12-07'}]},
  ]
  return new Map<string, string | Uint8Array>([
    ['secdb/index.html', pageOf([...branches.map(branch => `${branch}/`), 'last-update', 'license.txt'])],
    ['secdb/last-update', `${day}\n`],
    ...branches.map(branch => [`secdb/${branch}/main.json`, secdbText(branch, 'main', fixesOf())] as const),
    ...branches
      .filter(branch => branch !== 'edge')
      .map(branch => [`secdb/${branch}/community.json`, secdbText(branch, 'community', {})] as const),
    [
      'rejections/security-rejections.tar.gz',
      gzipSync(tarOf([file('security-rejections-master/main.yaml', 'package1:\n  - CVE-2025-9001\n')])),
    ],
    ['severity/cvss.tsv', `# as of ${day}\n${ids.map(id => `${id}\tv3.1\t${vector}\tnvd\n`).join('')}`],
    [
      'kev/known_exploited_vulnerabilities.json',
      JSON.stringify({catalogVersion: day.replaceAll('-', '.'), vulnerabilities: exploited}),
    ],
    [
      `epss/epss_scores-${day}.csv`,
      `#model_version:v1,score_date:${day}\ncve,epss,percentile\n${ids.map(id => `${id},0.5,0.9\n`).join('')}`,
    ],
    ['epss/index.html', pageOf([`epss_scores-${day}.csv`])],
    ['alpine/releases.json', JSON.stringify({release_branches: released})],
  ])
}

/** A cache, the database that ships, and how to refresh the one over the other. */
export interface Refreshing {
  readonly cache: string
  readonly places: CachePlaces
  readonly shipped: string
  update(url: string, overrides?: Partial<UpdateOptions>, limits?: Partial<NetLimits>): Promise<UpdateResult>
}

/** What ships is of 2025-12-01, made of the same feeds. */
export async function refreshing(shippedFeeds: FeedFiles | null = smallFeeds('2025-12-01')): Promise<Refreshing> {
  // In memory where there is such a place: hundreds of files come and go, and to a disk that is most of the work.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'piton-update-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const [cache, shipped] = [join(folder, 'cache'), join(folder, 'data')]
  if (shippedFeeds !== null) {
    const from = writeFiles(join(folder, 'feeds'), shippedFeeds)
    await buildDatabase({from, to: shipped, warn: () => {}})
  }
  mkdirSync(join(shipped, 'apk'), {recursive: true})
  copyFileSync(fileURLToPath(new URL('../../data/apk/keys.tsv', import.meta.url)), join(shipped, 'apk/keys.tsv'))
  const places = cachePlaces(cache)
  return {
    cache,
    places,
    shipped,
    async update(url, overrides = {}, more = {}) {
      // Pauses are short; waiting is not, since a machine may be busy.
      const limits = {...netLimits, ...quick, headMs: 10_000, idleMs: 10_000, ...more}
      const origin = new HttpOrigin({mirror: url, userAgent: 'piton/test', env: {}, limits})
      const options: UpdateOptions = {
        places,
        shipped,
        origin,
        feeds: feeds.filter(({byDefault}) => byDefault),
        branches: null,
        architectures: [],
        force: false,
        env: {},
        by: 'piton/test',
        ...overrides,
      }
      try {
        return await updateDatabase(options)
      } finally {
        origin.close()
      }
    },
  }
}
