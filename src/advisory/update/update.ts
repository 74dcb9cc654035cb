import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseSigningKeys} from '../../apk/signing-keys.js'
import {DatabaseError} from '../../model/errors.js'
import type {Warning} from '../../model/warning.js'
import {WarningList} from '../../model/warnings.js'
import {Base} from '../base.js'
import type {CompiledAdvisories} from '../compile-branches.js'
import {type AdvisoryDatabase, openDatabase} from '../database.js'
import {type Feed, isRatingFeed, type Trust} from '../feeds/feed.js'
import {placeOf} from '../feeds/secdb.js'
import {feedLimits} from '../limits.js'
import {fileOf, hashOf} from '../manifest.js'
import {type BranchChange, compareDatabases} from './changes.js'
import {FeedStore} from './feed-store.js'
import {unwritable} from './files.js'
import {Generations} from './generations.js'
import {withLock} from './lock.js'
import {makeDatabase} from './make-database.js'
import {type MergeOptions, mergeAdvisories} from './merge.js'
import type {Origin} from './origin.js'
import type {CachePlaces} from './places.js'
import {hashOfAll, ratingQuestion, unratedOf} from './rating-question.js'
import {type FeedFailure, FeedSync, type UpdateEvent} from './sync.js'
import {openUsable, usableDatabase} from './usable.js'

/** What is fetched, from where, and how it is told. */
export interface FetchOptions {
  readonly places: CachePlaces
  /** Folder of the database that ships with the program. */
  readonly shipped: string
  readonly origin: Origin
  readonly feeds: readonly Feed[]
  /** null for every branch. */
  readonly branches: readonly string[] | null
  readonly architectures: readonly string[]
  /** Take also what is older or has lost half of it. */
  readonly force: boolean
  readonly env: NodeJS.ProcessEnv
  readonly now?: () => number
  readonly on?: (event: UpdateEvent) => void
  /** Another process is at it: who. */
  readonly onWait?: (holder: string) => void
}

export interface UpdateOptions extends FetchOptions {
  /** `piton/0.1.0` */
  readonly by: string
}

export interface UpdateResult {
  /** The database that is in use now. */
  readonly database: AdvisoryDatabase
  /** Day of the one before; null where there was none. */
  readonly before: string | null
  readonly isChanged: boolean
  readonly changes: readonly BranchChange[]
  /** What could not be had: of it the older data stay. */
  readonly failures: readonly FeedFailure[]
  readonly warnings: readonly Warning[]
  /** Documents that were asked for, and of these that had changed. */
  readonly asked: number
  readonly fresh: number
}

/**
 * Refreshes the database of the cache. Whatever fails, what was there before stays in use: a document is checked before
 * it counts, and a database is complete before it is.
 * @throws {DatabaseError} DATABASE_NOT_FOUND where there is nothing to use, neither old nor new
 */
export async function updateDatabase(options: UpdateOptions): Promise<UpdateResult> {
  const {places} = options
  try {
    return await withLock(places.lock, () => update(options), options.onWait)
  } catch (error) {
    const failure = unwritable(error, places.home)
    if (!(failure instanceof DatabaseError) || failure.code === 'DATABASE_NOT_FOUND') throw failure
    const database = usableDatabase(new Generations(places), options.shipped)
    if (database === null) throw failure
    const kept = {before: database.date, isChanged: false, changes: [], warnings: [], asked: 0, fresh: 0}
    return {...kept, database, failures: [{feed: 'update', path: null, error: failure}]}
  }
}

/** The update itself, while the lock is held. */
async function update(options: UpdateOptions): Promise<UpdateResult> {
  const now = options.now ?? Date.now
  const generations = new Generations(options.places)
  const before = usableDatabase(generations, options.shipped, true)
  const store = new FeedStore(options.places, now)
  const warnings = new WarningList()
  try {
    const fetched = await fetchFeeds(options, store, before, warnings, () => isUnchanged(options, store, generations))
    const {sync, merge, advisories} = fetched
    const {failures, counts} = sync
    markChecked(options, store, failures)
    const common = {failures, ...counts, before: before?.date ?? null}
    if (advisories === null && store.changed.length === 0 && before !== null) {
      store.commit()
      return {...common, database: before, isChanged: false, changes: [], warnings: []}
    }
    const made = await makeDatabase(merge, advisories ?? (await mergeAdvisories(merge)))
    const digests = hashOf(new Map([...made.texts].map(([path, text]) => [path, fileOf(text)])))
    const current = generations.usable(true)
    const isSame = current?.isLinked === true && hashOf(current.manifest.files) === digests
    const about = {date: made.date, made: new Date(now()).toISOString(), by: options.by, feeds: store.sources()}
    const {folder} = isSame ? current : await generations.add(made.texts, about, now())
    store.state.compiled = {
      inputs: inputsOf(options, store),
      database: digests,
      wanted: hashOfAll(made.wanted),
      unrated: unratedOf(made.wanted, made.rated),
    }
    store.commit()
    const database = openDatabase(folder)
    const changes = compareDatabases(before, database)
    return {...common, database, isChanged: !isSame, changes, warnings: warnings.toArray()}
  } finally {
    store.clean()
    generations.prune(now())
  }
}

/** What was fetched, and how it is laid over what there was. */
export interface FetchedFeeds {
  readonly sync: FeedSync
  readonly merge: MergeOptions
  /** null: as they were. */
  readonly advisories: readonly CompiledAdvisories[] | null
}

/**
 * Fetches what has changed: first what names ids, then what rates them.
 * @param before the older database
 * @param isSame are the copies, after the first part, those that it was made of?
 */
export async function fetchFeeds(
  options: FetchOptions,
  store: FeedStore,
  before: AdvisoryDatabase | null,
  warnings: WarningList,
  isSame: () => boolean,
): Promise<FetchedFeeds> {
  const {origin, feeds, branches, architectures, env, force, shipped, now = Date.now, on = () => {}} = options
  const stop = new AbortController()
  const overdue = () => stop.abort(new DatabaseError('DATABASE_FEED', 'all of it takes too long'))
  const timer = setTimeout(overdue, feedLimits.updateMs)
  const request = {branches, architectures, env}
  const sync = new FeedSync({store, origin, trust: trustOf(shipped), request, signal: stop.signal, now, on})
  const base = before === null ? null : new Base(before.location)
  const merge: MergeOptions = {
    store,
    base,
    feeds: feeds.filter(feed => !isRatingFeed(feed)),
    force,
    warn: warning => warnings.add(warning),
    fail: failure => sync.failures.push(failure),
  }
  try {
    await sync.documents(merge.feeds)
    dropTornBranches(store, sync.failures)
    const unchanged = !store.hasSeen(() => true) || isSame()
    const advisories = unchanged ? null : await mergeAdvisories(merge)
    for (const feed of feeds.filter(isRatingFeed)) await sync.ratings(feed, ratingQuestion(store, base, advisories))
    return {sync, merge, advisories}
  } finally {
    clearTimeout(timer)
  }
}

/** Keys are read where something is signed. */
function trustOf(shipped: string): Trust {
  const path = join(shipped, 'apk/keys.tsv')
  return {
    get keys() {
      return parseSigningKeys(readFileSync(path, 'utf8'), path)
    },
  }
}

/** Repositories of one branch are of one day, or none of them is new. */
function dropTornBranches(store: FeedStore, failures: readonly FeedFailure[]): void {
  for (const {path} of failures) {
    const branch = path === null ? undefined : placeOf(path)?.branch
    if (branch !== undefined) store.drop(name => name.startsWith(`secdb/${branch}/`))
  }
}

/** Is the database in use made of just these copies? */
function isUnchanged(options: UpdateOptions, store: FeedStore, generations: Generations): boolean {
  const {compiled} = store.state
  const current = generations.usable(true)
  if (compiled === null || current?.isLinked !== true) return false
  return compiled.inputs === inputsOf(options, store) && compiled.database === hashOf(current.manifest.files)
}

/** A hash of everything that a database is made from, but the ratings. */
function inputsOf({by, shipped}: UpdateOptions, store: FeedStore): string {
  const documents = store.documents().map(({path, sha256, asOf}) => `${path} ${sha256} ${asOf}`)
  return hashOfAll([by, openUsable(shipped)?.date ?? '', ...documents])
}

function markChecked({feeds, now = Date.now}: UpdateOptions, store: FeedStore, failures: readonly FeedFailure[]): void {
  const wasAsked = feeds.some(({name}) => name === 'secdb')
  if (wasAsked && !failures.some(({feed}) => feed === 'secdb')) store.state.checked = new Date(now()).toISOString()
}
