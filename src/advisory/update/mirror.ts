import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseError, PitonError} from '../../model/errors.js'
import type {Warning} from '../../model/warning.js'
import {WarningList} from '../../model/warnings.js'
import type {Base} from '../base.js'
import {compareBranches, isBranch} from '../branch.js'
import {isEpssFile} from '../feeds/epss.js'
import type {RatedID} from '../feeds/feed.js'
import {dayOf, stampPath} from '../feeds/secdb.js'
import {formatIndex, readIndex, severityPath} from '../feeds/severity.js'
import {parseRatings} from '../severities.js'
import {FeedStore} from './feed-store.js'
import {replaceFile, unwritable} from './files.js'
import {Generations} from './generations.js'
import {withLock} from './lock.js'
import {judgeKev, mergeAdvisories} from './merge.js'
import type {FeedFailure} from './sync.js'
import {type FetchOptions, fetchFeeds} from './update.js'
import {usableDatabase} from './usable.js'

export interface MirrorResult {
  readonly folder: string
  /** YYYY-MM-DD of the secdb in it. */
  readonly date: string
  readonly branches: number
  readonly failures: readonly FeedFailure[]
  readonly warnings: readonly Warning[]
  readonly asked: number
  readonly fresh: number
}

/**
 * Writes copies of feeds to a folder that a web server can hand out: what `piton db update --mirror` reads. Ratings of
 * all sources stand in one table there, so that who reads it need not ask each of them.
 * @throws {DatabaseError} DATABASE_NOT_FOUND where it has no branch of Alpine in the end, DATABASE_UNWRITABLE
 */
export async function mirrorFeeds(folder: string, options: FetchOptions): Promise<MirrorResult> {
  const own = join(folder, '.piton')
  const places = {feeds: folder, incoming: join(own, 'incoming'), state: join(own, 'state.json')}
  try {
    mkdirSync(own, {recursive: true})
    return await withLock(join(own, 'lock'), () => mirror(folder, places, options), options.onWait)
  } catch (error) {
    throw unwritable(error, folder)
  }
}

async function mirror(
  folder: string,
  places: ConstructorParameters<typeof FeedStore>[0],
  options: FetchOptions,
): Promise<MirrorResult> {
  const now = options.now ?? Date.now
  const store = new FeedStore(places, now)
  const warnings = new WarningList()
  try {
    const before = usableDatabase(new Generations(options.places), options.shipped)
    const {sync, merge, advisories: merged} = await fetchFeeds(options, store, before, warnings, () => false)
    const advisories = merged ?? (await mergeAdvisories(merge))
    const wanted = new Set(advisories.flatMap(({ids}) => ids))
    judgeKev(merge, wanted)
    store.commit()
    const branches = store.list('secdb').filter(isBranch).sort(compareBranches)
    const stamp = store.read(stampPath)
    if (branches.length === 0) {
      const [failure] = sync.failures
      const why = failure?.error instanceof PitonError ? `: ${failure.error.message}` : ''
      throw new DatabaseError('DATABASE_NOT_FOUND', `${folder} has no branch of Alpine, and none was fetched${why}`, {
        hint: 'Try again later, or from another mirror: --mirror URL.',
        cause: failure?.error,
      })
    }
    const date = stamp === null ? (store.documents().find(({feed}) => feed === 'secdb')?.asOf ?? '') : dayOf(stamp)
    if (stamp === null) replaceFile(join(folder, stampPath), `${date}\n`)
    replaceFile(join(folder, severityPath), formatIndex(ratings(store, merge.base, wanted), date))
    replaceFile(join(folder, 'secdb/index.html'), pageOf([...branches.map(name => `${name}/`), 'last-update']))
    replaceFile(join(folder, 'epss/index.html'), pageOf(store.list('epss').filter(isEpssFile)))
    const {failures, counts} = sync
    return {folder, date, branches: branches.length, failures, warnings: warnings.toArray(), ...counts}
  } finally {
    store.clean()
  }
}

/** What is known of the wanted ids: from the feeds, and, of other sources, from the database that there is. */
function ratings(store: FeedStore, base: Base | null, wanted: ReadonlySet<string>): Iterable<RatedID> {
  const known = new Map<string, RatedID>()
  const names = store.list('severity').filter(name => name.endsWith('.tsv') && `severity/${name}` !== severityPath)
  const fresh = names.flatMap(name => readIndex(store.read(`severity/${name}`) ?? ''))
  for (const {id, ratings: list} of fresh) {
    if (wanted.has(id)) known.set(id, {id, ratings: [...(known.get(id)?.ratings ?? []), ...list]})
  }
  for (const [id, columns] of base?.rows('severities.tsv') ?? []) {
    const sources = new Set(known.get(id)?.ratings.map(({source}) => source))
    const older = parseRatings(columns).filter(({source}) => !sources.has(source))
    if (wanted.has(id)) known.set(id, {id, ratings: [...(known.get(id)?.ratings ?? []), ...older]})
  }
  return known.values()
}

/** A page as web servers make it for a folder, where one does not. The same names make the same bytes. */
function pageOf(names: readonly string[]): string {
  const links = names.map(name => `<a href="${name}">${name}</a>\n`)
  return `<!DOCTYPE html>\n<title>Index</title>\n<pre>\n${links.join('')}</pre>\n`
}
