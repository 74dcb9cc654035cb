import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {buildDatabase} from '../../src/advisory/build.js'
import {writeFiles} from './files.js'

/** Critical, 9.8 by its vector; Alpine fixed it in openssl 3.1.4-r3. */
export const criticalID = 'CVE-2030-0001'
/** Medium, 5.5 by its vector; Alpine fixed it in busybox 1.36.1-r16. */
export const mediumID = 'CVE-2030-0003'

/** Feeds of one branch, v3.19, as of 2026-01-15, in the layout of the services that they stand for. */
export const tinyFeeds: ReadonlyMap<string, string> = new Map([
  ['secdb/last-update', '2026-01-15\n'],
  [
    'secdb/v3.19/main.json',
    JSON.stringify({
      distroversion: 'v3.19',
      reponame: 'main',
      packages: [
        {pkg: {name: 'openssl', secfixes: {'3.1.4-r3': [criticalID], '3.1.4-r1': ['CVE-2030-0002']}}},
        {pkg: {name: 'busybox', secfixes: {'1.36.1-r16': [mediumID]}}},
      ],
    }),
  ],
  ['secdb/v3.19/community.json', JSON.stringify({distroversion: 'v3.19', reponame: 'community', packages: []})],
  [
    'severity/cvss.tsv',
    [
      '# cve\tcvss version\tvector\tsource',
      `${criticalID}\tv3.1\tCVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\tnvd`,
      `${mediumID}\tv3.1\tCVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:N/I:N/A:H\tnvd`,
      '',
    ].join('\n'),
  ],
  [
    'kev/known_exploited_vulnerabilities.json',
    JSON.stringify({catalogVersion: '2026.01.10', dateReleased: '2026-01-10T12:00:00Z', vulnerabilities: []}),
  ],
  [
    'alpine/releases.tsv',
    '# facts (2026-01-15)\nv3.19\t2023-12-07\t2025-11-01\t3.19.9\nv3.23\t2025-12-01\t2027-11-01\t3.23.3\n',
  ],
])

/** A folder with the feeds, and one with the database made of them. Removed by the caller. */
export async function tinyDatabase(): Promise<{
  readonly folder: string
  readonly feeds: string
  readonly database: string
}> {
  const folder = mkdtempSync(join(tmpdir(), 'piton-database-'))
  const feeds = writeFiles(join(folder, 'feeds'), tinyFeeds)
  const database = join(folder, 'database')
  await buildDatabase({from: feeds, to: database, warn: () => {}})
  return {folder, feeds, database}
}
