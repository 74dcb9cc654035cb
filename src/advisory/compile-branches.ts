import type {Warn} from '../model/warning.js'
import {compareBranches, isBranch} from './branch.js'
import {formatBranch} from './branch-file.js'
import {compileBranch, type OriginAdvisories} from './compile.js'
import type {Feeds} from './feed-folder.js'
import type {Feed} from './feeds/feed.js'
import {type Rejections, readRejections, rejectionsPath} from './feeds/rejections.js'
import {repositories, secdbPath} from './feeds/secdb.js'
import {securityPath} from './feeds/security-json.js'
import type {SecdbEntry} from './secdb.js'
import {parseSecdb, type Secdb} from './secdb.js'

/** The advisories of one branch, or of one feed without branches, as they stand in a database. */
export interface CompiledAdvisories {
  /** `v3.19`, `edge`; `wolfi`. */
  readonly name: string
  /** YYYY-MM-DD. */
  readonly date: string
  /** Its file. */
  readonly text: string
  /** (origin, id) pairs. */
  readonly count: number
  /** Their ids, in the order of the file. */
  readonly ids: readonly string[]
}

function compiled(
  name: string,
  date: string,
  origins: readonly OriginAdvisories[],
  source?: string,
): CompiledAdvisories {
  const ids = origins.flatMap(idsOf)
  return {name, date, text: formatBranch(name, date, origins, source), count: ids.length, ids}
}

/**
 * Every branch of the secdb, oldest first. The first have no community repository.
 * @param dayOf the day of a branch's documents
 */
export async function compileBranches(
  feeds: Feeds,
  dayOf: (branch: string) => string,
  warn: Warn,
): Promise<CompiledAdvisories[]> {
  const rejected = await rejectionsOf(feeds, warn)
  const files = new Map<string, Secdb[]>()
  for (const folder of feeds.list('secdb')) {
    for (const repository of repositories) {
      const path = secdbPath(folder, repository)
      const text = feeds.read(path)
      if (text === null) continue
      const secdb = parseSecdb(text, path, warn)
      const branch = secdb.branch ?? folder
      if (isBranch(branch)) files.set(branch, [...(files.get(branch) ?? []), secdb])
      else warn({code: 'SECDB_BAD_BRANCH', message: `${path}: ${JSON.stringify(branch)} is no branch; it is left out`})
    }
  }
  return [...files]
    .sort(([a], [b]) => compareBranches(a, b))
    .map(([branch, parts]) => compiled(branch, dayOf(branch), compileBranch([...parts, ...rejected], branch, warn)))
}

/** The advisories of a feed that has no branches; null where the folder has no copy of it. */
export function compileFeed(feeds: Feeds, feed: Feed, date: string, warn: Warn): CompiledAdvisories | null {
  const path = securityPath(feed.name)
  const text = feeds.read(path)
  if (text === null) return null
  const name = feed.name.replace(/^feed:/, '')
  return compiled(name, date, compileBranch([parseSecdb(text, path, warn)], name, warn), feed.title)
}

export function idsOf({fixes, rejected}: OriginAdvisories): string[] {
  return [...rejected, ...fixes.flatMap(({ids}) => ids)].map(({id}) => id)
}

/** What Alpine rejects in every branch, as if the secdb said so under the version "0". */
async function rejectionsOf(feeds: Feeds, warn: Warn): Promise<Secdb[]> {
  const archive = feeds.readBytes(rejectionsPath)
  if (archive === null) return []
  const found: Rejections = await readRejections(archive, rejectionsPath, warn)
  return [...found].map(([repository, byOrigin]) => ({
    branch: null,
    repository,
    entries: [...byOrigin].flatMap(([origin, ids]) =>
      ids.map(({id, aliases}): SecdbEntry => ({origin, fixedVersion: null, id, aliases})),
    ),
  }))
}
