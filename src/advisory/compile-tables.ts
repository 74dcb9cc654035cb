import type {AlpineRelease, CvssRating, Epss} from '../model/advisory.js'
import {compareText} from '../model/text.js'
import type {Warn} from '../model/warning.js'
import type {Base} from './base.js'
import {compareBranches} from './branch.js'
import {loadScore} from './cvss-score.js'
import {formatEpss, parseEpss} from './exploits.js'
import type {Feeds} from './feed-folder.js'
import {epssText, isBetterEpss, isEpssFile, readEpss} from './feeds/epss.js'
import {kevPath, readKev} from './feeds/kev.js'
import {readReleases, releasesPath, releaseTablePath} from './feeds/releases.js'
import {severityPath} from './feeds/severity.js'
import {formatHeader, isDate} from './format.js'
import {formatReleases, parseMuslVersions, parseReleases} from './releases.js'
import {compareRatings, formatRatings, parseRatings, readSeverities} from './severities.js'
import {formatTable} from './sorted-table.js'

/** A file of the database. */
export type TableFile = readonly [path: string, text: string]

/** What the tables are made from. */
export interface TableInput {
  readonly feeds: Feeds
  /** Ids that some advisory names: nothing is kept of others. */
  readonly wanted: ReadonlySet<string>
  /** An older database, for what the feeds do not have. */
  readonly base: Base | null
  /** Take the feeds also where they are older. */
  readonly force?: boolean
  readonly warn: Warn
}

function table(kind: string, date: string | null, source: string, lines: string): TableFile {
  return [`${kind}.tsv`, formatHeader({kind, date, source, fields: new Map()}) + lines]
}

/** Vectors of every source, rated. A source that rates an id anew replaces what it said of it before. */
export async function severitiesTable({
  feeds,
  wanted,
  base,
  warn,
}: TableInput): Promise<{file: TableFile; rated: number}> {
  const names = feeds.list('severity').filter(name => name.endsWith('.tsv'))
  const texts = names.map(name => feeds.read(`severity/${name}`) ?? '')
  if (names.length === 0 && base === null) warnMissing(severityPath, warn)
  const fresh = readSeverities(texts.join('\n'), wanted, await loadScore(), warn)
  for (const [id, columns] of base?.rows('severities.tsv') ?? []) {
    if (wanted.has(id)) fresh.set(id, joinRatings(fresh.get(id) ?? [], parseRatings(columns)))
  }
  const date = newestOf([...texts.map(firstDate), base?.date('severities.tsv', 'severities') ?? null])
  const lines = formatTable(fresh, formatRatings)
  return {
    file: table('severities', date, 'CVSS vectors of NVD, OSV, CVE records and Red Hat', lines),
    rated: fresh.size,
  }
}

function joinRatings(fresh: readonly CvssRating[], older: readonly CvssRating[]): CvssRating[] {
  const sources = new Set(fresh.map(({source}) => source))
  const vectors = new Set(fresh.map(({vector}) => vector))
  const kept = older.filter(({source, vector}) => !sources.has(source) && !vectors.has(vector))
  return [...fresh, ...kept].sort(compareRatings)
}

/** The newer of the catalogue and the older database's. */
export function kevTable({feeds, wanted, base, force, warn}: TableInput): TableFile {
  const text = feeds.read(kevPath)
  const baseDate = base?.date('kev.tsv', 'kev') ?? null
  if (text === null && base === null) warnMissing(kevPath, warn)
  const {date, added} = readKev(text ?? '{"vulnerabilities": []}', wanted, kevPath)
  const isOlder = text === null || (force !== true && (date ?? '') < (baseDate ?? ''))
  if (base === null || !isOlder) return kevFile(date, added)
  const rows = [...base.rows('kev.tsv')].filter(([id]) => wanted.has(id))
  return kevFile(baseDate, new Map(rows.map(([id, [day = '']]) => [id, day])))
}

function kevFile(date: string | null, added: ReadonlyMap<string, string>): TableFile {
  return table(
    'kev',
    date,
    'CISA known exploited vulnerabilities',
    formatTable(added, day => day),
  )
}

/** The best score of each id, from every file and from the older database. */
export function epssTable({feeds, wanted, base, warn}: TableInput): TableFile {
  const names = feeds.list('epss').filter(isEpssFile)
  const texts = names.map(name => [`epss/${name}`, epssTextOf(feeds, `epss/${name}`)] as const)
  const scores = new Map<string, Epss>(readEpss(new Map(texts), wanted, warn))
  for (const [id, columns] of base?.rows('epss.tsv') ?? []) {
    const older = parseEpss(columns)
    if (older !== null && wanted.has(id) && isBetterEpss(older, scores.get(id))) scores.set(id, older)
  }
  const date = newestOf([...scores.values()].map(({date}) => date))
  return table('epss', date, 'FIRST EPSS', formatTable(scores, formatEpss))
}

function epssTextOf(feeds: Feeds, path: string): string {
  const bytes = feeds.readBytes(path)
  return bytes === null ? '' : epssText(bytes, path)
}

/** What Alpine publishes, over a collected table, over the older database; which musl a branch ships only these know. */
export function releasesTable({feeds, base}: TableInput): TableFile {
  const published = feeds.read(releasesPath)
  const collected = feeds.read(releaseTablePath)
  const musl = parseMuslVersions(feeds.read('../libc/alpine-musl.json') ?? '{}')
  const older = base?.text('releases.tsv') ?? ''
  const releases = new Map<string, AlpineRelease>()
  for (const source of [
    parseReleases(older),
    parseReleases(collected ?? ''),
    published === null ? [] : readReleases(published, releasesPath),
  ]) {
    for (const release of source) {
      const known = musl.get(release.branch) ?? release.musl ?? releases.get(release.branch)?.musl ?? null
      releases.set(release.branch, {...release, musl: known})
    }
  }
  const date = newestOf([firstDate(collected ?? ''), base?.date('releases.tsv', 'releases') ?? null])
  const sorted = [...releases.values()].sort((a, b) => compareBranches(a.branch, b.branch))
  return table('releases', date, 'Alpine release branches', formatReleases(sorted))
}

export function warnMissing(path: string, warn: Warn): void {
  warn({code: 'FEED_MISSING', message: `there is no ${path}: the database will have nothing from it`})
}

function newestOf(dates: readonly (string | null)[]): string | null {
  return (
    dates
      .flatMap(date => date ?? [])
      .sort(compareText)
      .at(-1) ?? null
  )
}

/** The first date in the comment that a table begins with. */
function firstDate(text: string): string | null {
  const comment = /^#[^\n]*/.exec(text)?.[0] ?? ''
  return comment.match(/\d{4}-\d{2}-\d{2}/g)?.find(isDate) ?? null
}
