import type {Warn} from '../model/warning.js'
import type {Base} from './base.js'
import {compareBranches, isBranch} from './branch.js'
import {branchPath} from './branch-file.js'
import {type CompiledAdvisories, compileBranches} from './compile-branches.js'
import {epssTable, kevTable, releasesTable, severitiesTable, type TableFile, warnMissing} from './compile-tables.js'
import type {FeedFolder, Feeds} from './feed-folder.js'
import {dayOf, stampPath} from './feeds/secdb.js'
import {compileOrigins, originsPath} from './origins.js'
import {readIndexes} from './repository-indexes.js'
import {compileSoProviders, soProvidersPath} from './so-providers.js'

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
export async function compileFeeds(feeds: FeedFolder, warn: Warn): Promise<CompiledFeeds> {
  const date = dayOf(feeds.require(stampPath))
  const branches = await compileBranches(feeds, () => date, warn)
  if (branches.length === 0) feeds.require('secdb/edge/main.json')
  const indexes = await readIndexes(feeds)
  if (indexes.length === 0) warnMissing('apkindex', warn)
  const providers = compileSoProviders(indexes)
  const origins = compileOrigins(indexes)
  const more: TableFile[] = [
    ...(providers === null ? [] : [[soProvidersPath, providers] as const]),
    ...(origins === null ? [] : [[originsPath, origins] as const]),
  ]
  return {date, ...(await compileDatabase({feeds, advisories: branches, base: null, more, warn}))}
}

/** What a database is made from. */
export interface DatabaseInput {
  readonly feeds: Feeds
  /** Of branches, and of feeds without them. */
  readonly advisories: readonly CompiledAdvisories[]
  readonly base: Base | null
  /** Take the feeds also where they are older. */
  readonly force?: boolean
  /** Files that are finished. */
  readonly more: readonly TableFile[]
  readonly warn: Warn
}

/** The files of a database, and what there is to say of it. */
export async function compileDatabase({
  feeds,
  advisories,
  base,
  force = false,
  more,
  warn,
}: DatabaseInput): Promise<Omit<CompiledFeeds, 'date'>> {
  const sorted = [...advisories].sort((a, b) => compareBranches(a.name, b.name))
  const pairs = sorted.flatMap(({ids}) => ids)
  const wanted: ReadonlySet<string> = new Set(pairs)
  const input = {feeds, wanted, base, force, warn}
  const {file: severities, rated} = await severitiesTable(input)
  return {
    files: new Map([
      ...sorted.map(({name, text}): TableFile => [branchPath(name), text]),
      severities,
      kevTable(input),
      epssTable(input),
      releasesTable(input),
      ...more,
    ]),
    branches: sorted.filter(({name}) => isBranch(name)).length,
    advisories: pairs.length,
    ids: wanted.size,
    rated,
  }
}
