import {createHash} from 'node:crypto'
import {createReadStream, rmSync} from 'node:fs'
import {basename} from 'node:path'
import {FeedBody} from '../feeds/body.js'
import type {Feed, FeedDocument, FeedRequest, RatedID, RatingFeed, Trust} from '../feeds/feed.js'
import {dayOf, stampPath} from '../feeds/secdb.js'
import {formatIndex, readIndex} from '../feeds/severity.js'
import {feedLimits} from '../limits.js'
import type {FeedStore} from './feed-store.js'
import {unwritable} from './files.js'
import {namesIn} from './listing.js'
import type {Origin, Validators} from './origin.js'

/** What the work tells of its progress. */
export interface UpdateEvent {
  readonly feed: string
  /** Documents that are done, and how many there are as far as is known. */
  readonly done: number
  readonly total: number
}

/** A document, or all of a feed, that could not be had. */
export interface FeedFailure {
  readonly feed: string
  /** null: all of the feed. */
  readonly path: string | null
  readonly error: unknown
}

/** What is asked, and how. */
export interface SyncOptions {
  readonly store: FeedStore
  readonly origin: Origin
  readonly trust: Trust
  readonly request: Pick<FeedRequest, 'branches' | 'architectures' | 'env'>
  readonly signal: AbortSignal
  readonly now: () => number
  readonly on: (event: UpdateEvent) => void
}

/** The ids that are to be rated. */
export interface RatingQuestion {
  readonly wanted: () => ReadonlySet<string>
  /** A hash of them. */
  readonly wantedHash: string
  readonly unrated: readonly string[]
}

/** Brings the copies of feeds up to date: asks for what has changed, checks it, and lays it over what was there. */
export class FeedSync {
  readonly failures: FeedFailure[] = []
  /** Documents that were asked for, and of these that were new. */
  readonly counts = {asked: 0, fresh: 0}
  readonly #options: SyncOptions
  #done = 0
  #total = 0

  constructor(options: SyncOptions) {
    this.#options = options
  }

  /** Feeds whose documents are kept. */
  async documents(feeds: readonly Feed[]): Promise<void> {
    const plans = await Promise.all(feeds.map(feed => this.#plan(feed, {wanted: () => new Set(), unrated: []})))
    const tasks = plans.flat()
    this.#total += tasks.length
    const isStamp = ({document}: Task) => document.path === stampPath
    // It says of which day the rest is.
    await this.#each(tasks.filter(isStamp))
    await this.#each(tasks.filter(task => !isStamp(task)))
  }

  /** A feed of which only the ratings of the wanted ids are kept. */
  async ratings(feed: RatingFeed, question: RatingQuestion): Promise<void> {
    const tasks = await this.#plan(feed, question)
    this.#total += tasks.length
    const rated = new Map<string, RatedID>()
    const take = async (body: FeedBody, document: FeedDocument) => {
      const wanted = question.wanted()
      for await (const one of feed.rate(body, document)) if (wanted.has(one.id)) rated.set(one.id, one)
    }
    await this.#each(tasks, {hash: question.wantedHash, take})
    const days = tasks.flatMap(({document}) => this.#options.store.known(document.path)?.asOf ?? [])
    if (rated.size > 0) this.#keepRatings(feed, rated, days.sort().at(-1) ?? this.#today())
    this.#forgetRecords(feed, tasks)
  }

  async #plan(feed: Feed, question: Pick<RatingQuestion, 'wanted' | 'unrated'>): Promise<Task[]> {
    const {origin, request} = this.#options
    try {
      const documents = await feed.plan({
        ...request,
        isService: origin.isService,
        get wanted() {
          return question.wanted()
        },
        unrated: question.unrated,
        list: (path, url) => this.#list(feed, path, url),
      })
      return documents.flatMap(document => {
        const address = origin.addressOf(document)
        return address === null ? [] : [{feed, document, address}]
      })
    } catch (error) {
      this.failures.push({feed: feed.name, path: null, error})
      return []
    }
  }

  /** What is in a folder of the feeds: as the origin can see, or as a page of it says. */
  async #list(feed: Feed, path: string, url: string | null): Promise<readonly string[] | null> {
    const {origin, store} = this.#options
    const names = origin.names(path)
    if (names !== null) return names
    const page: FeedDocument = {
      path: `${path}/index.html`,
      url,
      form: 'page',
      limitBytes: feedLimits.listingBytes,
      isOptional: !origin.isService,
    }
    // Servers that list folders do so under the name of the folder.
    for (const document of origin.isService ? [page] : [page, {...page, place: `${path}/`}]) {
      const address = origin.addressOf(document)
      if (address === null) return null
      const outcome = await this.#fetch({feed, document, address}, null)
      const text = outcome === 'absent' ? null : store.read(document.path)
      if (text !== null) return namesIn(text, address)
    }
    return null
  }

  /** As many at once as is polite. */
  async #each(tasks: readonly Task[], rating: Rating | null = null): Promise<void> {
    let next = 0
    const worker = async () => {
      for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
        await this.#obtain(task, rating)
        this.#options.on({feed: task.feed.name, done: ++this.#done, total: this.#total})
      }
    }
    await Promise.all(Array.from({length: Math.min(feedLimits.atOnce, tasks.length)}, worker))
  }

  /** Has one document; that it cannot be had is noted, and the older stays. */
  async #obtain(task: Task, rating: Rating | null): Promise<void> {
    try {
      await this.#fetch(task, rating)
    } catch (error) {
      this.failures.push({feed: task.feed.name, path: task.document.path, error})
    }
  }

  async #fetch({feed, document, address}: Task, rating: Rating | null): Promise<'new' | 'same' | 'absent'> {
    const {store, origin, trust, signal} = this.#options
    const {path} = document
    const wanted = rating !== null && document.absentHours === undefined ? rating.hash : null
    const hours = document.absentHours ?? feedLimits.absentHours
    if (document.isOptional && store.isAbsent(address, hours)) return 'absent'
    if (document.absentHours !== undefined && this.#wasAsked(path, document.absentHours)) return 'same'
    const file = store.incoming(address)
    try {
      const known = store.validators(path, address, wanted)
      this.counts.asked++
      const fetched = await origin.fetch(document, known, file, signal)
      if (fetched.kind === 'absent') store.absent(address, hours)
      if (fetched.kind === 'same') store.confirm(path, this.#day(path, known) ?? store.known(path)?.asOf ?? '')
      if (fetched.kind !== 'new') return fetched.kind
      const asOf = this.#day(path, fetched.validators) ?? this.#today()
      const sha256 = await hashOf(file)
      if (store.has(path, sha256, wanted)) {
        store.confirm(path, asOf, {address, ...fetched.validators})
        rmSync(file, {force: true})
        return 'same'
      }
      const body = new FeedBody(file, path)
      if (document.form !== 'page') await feed.check(body, document, trust)
      if (rating !== null) await rating.take(body, document)
      if (document.form !== 'page') this.counts.fresh++
      const arrival = {feed: feed.name, document, address, validators: fetched.validators, asOf, wanted}
      store.arrive(arrival, sha256, rating === null ? file : null)
      if (rating !== null) rmSync(file, {force: true})
      return 'new'
    } catch (error) {
      rmSync(file, {force: true})
      throw unwritable(error, file)
    }
  }

  /** Records of single ids change rarely: one that was asked for not long ago is not asked for again. */
  #wasAsked(path: string, hours: number): boolean {
    const known = this.#options.store.known(path)
    const ageMs = known === null ? Number.NaN : this.#options.now() - Date.parse(known.asked)
    return ageMs >= 0 && ageMs < hours * 3_600_000
  }

  /** The day that a document is of: of the secdb, what its stamp says; of others, when they were changed. */
  #day(path: string, validators: Validators | null): string | null {
    if (path.startsWith('secdb/')) {
      const stamp = this.#options.store.read(stampPath)
      if (stamp !== null && path !== stampPath) return dayOf(stamp)
      if (this.#options.origin.isService) return this.#today()
    }
    const day = new Date(validators?.lastModified ?? '')
    return Number.isNaN(day.getTime()) ? null : day.toISOString().slice(0, 10)
  }

  #today(): string {
    return new Date(this.#options.now()).toISOString().slice(0, 10)
  }

  /** Lays new ratings, as of a day, over those that earlier updates took from the same feed. */
  #keepRatings(feed: RatingFeed, rated: ReadonlyMap<string, RatedID>, day: string): void {
    const {store} = this.#options
    const path = ratingsPath(feed)
    const older = readIndex(store.read(path) ?? '').map(one => [one.id, one] as const)
    store.stage(path, formatIndex(new Map([...older, ...rated]).values(), day))
  }

  /** What was known of records that are not asked for any more, because their ids have a rating now. */
  #forgetRecords(feed: RatingFeed, tasks: readonly Task[]): void {
    const {documents} = this.#options.store.state
    const asked = new Set(tasks.map(({document}) => document.path))
    for (const [path, known] of documents) if (known.feed === feed.name && !asked.has(path)) documents.delete(path)
  }
}

/** Where ratings of a feed are kept: `severity/nvd.tsv`. */
export function ratingsPath({name}: RatingFeed): string {
  return `severity/${basename(name)}.tsv`
}

interface Task {
  readonly feed: Feed
  readonly document: FeedDocument
  readonly address: string
}

interface Rating {
  readonly hash: string
  take(body: FeedBody, document: FeedDocument): Promise<void>
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
