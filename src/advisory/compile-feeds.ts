import type {AlpineRelease} from '../model/advisory.js'
import {DatabaseError} from '../model/errors.js'
import type {Warn} from '../model/warning.js'
import {compareBranches, isBranch} from './branch.js'
import {branchPath, formatBranch} from './branch-file.js'
import {compileBranch, type OriginAdvisories} from './compile.js'
import {loadScore} from './cvss-score.js'
import {formatEpss, readEpss, readKev} from './exploits.js'
import type {Feeds} from './feeds.js'
import {formatHeader, isDate} from './format.js'
import {compileOrigins, originsPath} from './origins.js'
import {formatReleases, parseMuslVersions, parseReleases} from './releases.js'
import {parseSecdb, type Secdb} from './secdb.js'
import {formatRatings, readSeverities} from './severities.js'
import {compileSoProviders, readIndexes, soProvidersPath} from './so-providers.js'
import {formatTable} from './sorted-table.js'

export interface CompiledFeeds {
  /** Text of each file of the database, by its path in it. */
  readonly files: ReadonlyMap<string, string>
  /** YYYY-MM-DD of the secdb. */
  readonly date: string
  readonly branches: number
  /** (origin, id) pairs of all branches. */
  readonly advisories: number
  /** Distinct ids … */
  readonly ids: number
  /** … and how many of them have a CVSS rating. */
  readonly rated: number
}

/**
 * Compiles a folder of feeds. The same feeds make the same text: dates come from the feeds, never from the clock, and
 * every list is sorted. What describes a vulnerability is kept only where an advisory names it.
 * @throws {DatabaseError} DATABASE_FEED
 */
export async function compileFeeds(feeds: Feeds, warn: Warn): Promise<CompiledFeeds> {
  const date = secdbDate(feeds.require('secdb/last-update'))
  const branches = readBranches(feeds, warn)
  const pairs = [...branches.values()].flatMap(origins => origins.flatMap(idsOf))
  const wanted: ReadonlySet<string> = new Set(pairs)

  const index = optional(feeds, 'severity/cvss.tsv', warn) ?? ''
  const severities = readSeverities(index, wanted, await loadScore(), warn)
  const catalogue = optional(feeds, 'kev/known_exploited_vulnerabilities.json', warn) ?? '{"vulnerabilities": []}'
  const kev = readKev(catalogue, wanted, 'kev/known_exploited_vulnerabilities.json')
  const epss = readEpss(epssFiles(feeds), wanted, warn)
  const table = optional(feeds, 'alpine/releases.tsv', warn) ?? ''
  const releases = withMusl(parseReleases(table), feeds)
  const providers = await compileSoProviders(feeds)
  const origins = compileOrigins(await readIndexes(feeds))
  if (providers === null) warnMissing('apkindex', warn)

  const file = (kind: string, date: string | null, source: string, lines: string): [string, string] => [
    `${kind}.tsv`,
    formatHeader({kind, date, source, fields: new Map()}) + lines,
  ]
  const newest = [...epss.values()]
    .map(({date}) => date ?? '')
    .sort()
    .at(-1)
  return {
    files: new Map([
      ...[...branches].map(([branch, origins]): [string, string] => [
        branchPath(branch),
        formatBranch(branch, date, origins),
      ]),
      file(
        'severities',
        firstDate(index),
        'CVSS vectors of NVD, OSV, CVE records and Red Hat',
        formatTable(severities, formatRatings),
      ),
      file(
        'kev',
        kev.date,
        'CISA known exploited vulnerabilities',
        formatTable(kev.added, added => added),
      ),
      file('epss', newest || null, 'FIRST EPSS', formatTable(epss, formatEpss)),
      file('releases', firstDate(table), 'Alpine release branches', formatReleases(releases)),
      ...(providers === null ? [] : [[soProvidersPath, providers] as const]),
      ...(origins === null ? [] : [[originsPath, origins] as const]),
    ]),
    date,
    branches: branches.size,
    advisories: pairs.length,
    ids: wanted.size,
    rated: severities.size,
  }
}

/** The day of the copy: as YYYY-MM-DD, or in seconds since 1970. */
function secdbDate(text: string): string {
  const stamp = text.trim()
  const day = /^\d{9,11}$/.test(stamp) ? new Date(Number(stamp) * 1000).toISOString().slice(0, 10) : stamp.slice(0, 10)
  if (isDate(day)) return day
  throw new DatabaseError('DATABASE_FEED', `secdb/last-update holds no date: ${JSON.stringify(stamp.slice(0, 60))}`, {
    hint: 'Write the day on which the secdb was copied into it, as YYYY-MM-DD.',
  })
}

/** Every branch, oldest first. The first have no community repository. */
function readBranches(feeds: Feeds, warn: Warn): ReadonlyMap<string, OriginAdvisories[]> {
  const files = new Map<string, Secdb[]>()
  for (const folder of feeds.list('secdb')) {
    for (const repository of ['main', 'community']) {
      const path = `secdb/${folder}/${repository}.json`
      const text = feeds.read(path)
      if (text === null) continue
      const secdb = parseSecdb(text, path, warn)
      const branch = secdb.branch ?? folder
      if (isBranch(branch)) files.set(branch, [...(files.get(branch) ?? []), secdb])
      else warn({code: 'SECDB_BAD_BRANCH', message: `${path}: ${JSON.stringify(branch)} is no branch; it is left out`})
    }
  }
  if (files.size === 0) feeds.require('secdb/edge/main.json')
  const branches = [...files].sort(([a], [b]) => compareBranches(a, b))
  return new Map(branches.map(([branch, parts]) => [branch, compileBranch(parts, branch, warn)]))
}

function idsOf({fixes, rejected}: OriginAdvisories): string[] {
  return [...rejected, ...fixes.flatMap(({ids}) => ids)].map(({id}) => id)
}

function epssFiles(feeds: Feeds): ReadonlyMap<string, string> {
  const names = feeds.list('epss').filter(name => name.endsWith('.csv'))
  return new Map(names.map(name => [`epss/${name}`, feeds.read(`epss/${name}`) ?? '']))
}

/** Which musl a branch ships is not in the feeds; it stands beside them, where somebody has collected it. */
function withMusl(releases: readonly AlpineRelease[], feeds: Feeds): AlpineRelease[] {
  const versions = parseMuslVersions(feeds.read('../libc/alpine-musl.json') ?? '{}')
  return releases.map(release => ({...release, musl: versions.get(release.branch) ?? release.musl}))
}

function optional(feeds: Feeds, path: string, warn: Warn): string | null {
  const text = feeds.read(path)
  if (text === null) warnMissing(path, warn)
  return text
}

function warnMissing(path: string, warn: Warn): void {
  warn({code: 'FEED_MISSING', message: `there is no ${path}: the database will have nothing from it`})
}

/** The first date in the comment that a table begins with. */
function firstDate(text: string): string | null {
  const comment = /^#[^\n]*/.exec(text)?.[0] ?? ''
  return comment.match(/\d{4}-\d{2}-\d{2}/g)?.find(isDate) ?? null
}
