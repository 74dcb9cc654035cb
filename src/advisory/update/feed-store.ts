import {createHash} from 'node:crypto'
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {compareText} from '../../model/text.js'
import {FeedFolder, type Feeds} from '../feed-folder.js'
import type {FeedDocument} from '../feeds/feed.js'
import {stampPath} from '../feeds/secdb.js'
import type {FeedSource} from '../manifest.js'
import type {Validators} from './origin.js'
import type {CachePlaces} from './places.js'
import {type KnownDocument, readState, type UpdateState, writeState} from './state.js'

const partsMs = 7 * 24 * 3_600_000

/** What a document that was fetched or confirmed turns out to be. */
export interface Arrival {
  readonly feed: string
  readonly document: FeedDocument
  readonly address: string
  readonly validators: Validators
  readonly asOf: string
  /** Of a document of which only the wanted ids are kept. */
  readonly wanted: string | null
}

/** Copies of the feeds, with those of this update over them until it is decided whether they stay. */
export class FeedStore implements Feeds {
  readonly state: UpdateState
  readonly #places: Pick<CachePlaces, 'feeds' | 'incoming' | 'state'>
  readonly #kept: FeedFolder
  /** Files of this update, by the path that they would have. */
  readonly #staged = new Map<string, string>()
  /** What would be known of them. */
  readonly #arrived = new Map<string, KnownDocument>()
  readonly #now: () => number

  constructor(places: Pick<CachePlaces, 'feeds' | 'incoming' | 'state'>, now: () => number) {
    this.#places = places
    this.#kept = new FeedFolder(places.feeds)
    this.#now = now
    this.state = readState(places.state)
    mkdirSync(places.incoming, {recursive: true})
  }

  /** Paths of what was changed by this update, and stays so far; pages that only list others left out. */
  get changed(): readonly string[] {
    return [...this.#staged.keys()].filter(path => !isPage(path))
  }

  /** Has this update seen such a document, new or as it was? */
  hasSeen(isMeant: (path: string) => boolean): boolean {
    return [...this.#arrived.keys()].some(path => !isPage(path) && isMeant(path))
  }

  read(path: string): string | null {
    return this.readBytes(path)?.toString('utf8') ?? null
  }

  readBytes(path: string): Buffer | null {
    const staged = this.#staged.get(path)
    return staged === undefined ? this.#kept.readBytes(path) : readFileSync(staged)
  }

  list(path: string): readonly string[] {
    const prefix = `${path}/`
    const staged = [...this.#staged.keys()].filter(name => name.startsWith(prefix))
    const names = staged.map(name => name.slice(prefix.length).split('/')[0] ?? '')
    return [...new Set([...this.#kept.list(path), ...names])].sort()
  }

  /** What is known of a document now: of this update, else of an older one. */
  known(path: string): KnownDocument | null {
    return this.#arrived.get(path) ?? this.state.documents.get(path) ?? null
  }

  /** Documents of which copies are kept, pages that list others left out; sorted. */
  documents(): readonly (KnownDocument & {readonly path: string})[] {
    const all = new Map([...this.state.documents, ...this.#arrived])
    return [...all]
      .filter(([path, {sizeBytes}]) => sizeBytes !== null && !isPage(path))
      .map(([path, known]) => ({path, ...known}))
      .sort((a, b) => compareText(a.path, b.path))
  }

  /** The feeds that there are copies of, where from, and of which day the newest is. */
  sources(): readonly FeedSource[] {
    const sources = new Map<string, FeedSource>()
    for (const [path, {feed, address, asOf}] of [...this.state.documents, ...this.#arrived]) {
      if (isPage(path) || path === stampPath) continue
      const known = sources.get(feed)
      if (known !== undefined && known.asOf > asOf) continue
      const from = address.endsWith(`/${path}`) ? address.slice(0, -path.length - 1) : originOf(address)
      sources.set(feed, {name: feed, from, asOf})
    }
    return [...sources.values()].sort((a, b) => compareText(a.name, b.name))
  }

  /** What to ask a server by, where the copy is from there and still as it was put here. */
  validators(path: string, address: string, wanted: string | null): Validators | null {
    const known = this.#intact(path, wanted)
    return known?.address === address ? known : null
  }

  /** Is this the content that there is a copy of already? Servers that know no validators send it each time. */
  has(path: string, sha256: string, wanted: string | null): boolean {
    return this.#intact(path, wanted)?.sha256 === sha256
  }

  /** What is known of a document whose copy is as it was put here. */
  #intact(path: string, wanted: string | null): KnownDocument | null {
    const known = this.state.documents.get(path)
    if (known === undefined || known.wanted !== wanted) return null
    if (known.sizeBytes === null) return known
    const stat = statSync(join(this.#places.feeds, path), {throwIfNoEntry: false})
    return stat?.size === known.sizeBytes && stat.mtimeMs === known.mtimeMs ? known : null
  }

  /** Where a document goes while it is fetched: the same place for the same address, so that it can be taken up again. */
  incoming(address: string): string {
    return join(this.#places.incoming, createHash('sha256').update(address).digest('hex').slice(0, 32))
  }

  /** A document was fetched; its copy is the file, or null where none is kept. */
  arrive(arrival: Arrival, sha256: string, file: string | null): void {
    const {document, feed, address, validators, asOf, wanted} = arrival
    if (file !== null) this.#staged.set(document.path, file)
    this.#arrived.set(document.path, {
      feed,
      address,
      ...{etag: validators.etag, lastModified: validators.lastModified},
      sha256,
      sizeBytes: file === null ? null : statSync(file).size,
      mtimeMs: null,
      asOf,
      asked: new Date(this.#now()).toISOString(),
      wanted,
    })
    this.state.absent.delete(address)
  }

  /** A document is still what it was, as far as its server says, or as its content shows. */
  confirm(path: string, asOf: string, seen: Partial<Pick<KnownDocument, 'address' | keyof Validators>> = {}): void {
    const known = this.state.documents.get(path)
    if (known === undefined) return
    this.#arrived.set(path, {...known, ...seen, asOf, asked: new Date(this.#now()).toISOString()})
  }

  /** A text that was made from documents, to be kept under this path. */
  stage(path: string, text: string): void {
    const file = join(this.#places.incoming, `made-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`)
    writeFileSync(file, text)
    this.#staged.set(path, file)
  }

  /** There is no document at this address. */
  absent(address: string, hours: number): void {
    this.state.absent.set(address, new Date(this.#now() + hours * 3_600_000).toISOString())
  }

  /** Was it told not long ago that there is none? A clock that was set back makes no "not long ago" of years. */
  isAbsent(address: string, hours: number): boolean {
    const left = Date.parse(this.state.absent.get(address) ?? '') - this.#now()
    return left > 0 && left <= hours * 3_600_000
  }

  /** Takes documents of this update back: older copies stay. */
  drop(isDropped: (path: string) => boolean): void {
    for (const path of new Set([...this.#staged.keys(), ...this.#arrived.keys()])) {
      if (!isDropped(path)) continue
      const file = this.#staged.get(path)
      if (file !== undefined) rmSync(file, {force: true})
      this.#staged.delete(path)
      this.#arrived.delete(path)
    }
  }

  /** Makes the documents of this update the copies that are kept, and writes down what is known of them. */
  commit(): void {
    for (const [path, file] of this.#staged) {
      const target = join(this.#places.feeds, path)
      mkdirSync(dirname(target), {recursive: true})
      renameSync(file, target)
    }
    for (const [path, known] of this.#arrived) {
      const stat = known.sizeBytes === null ? null : statSync(join(this.#places.feeds, path), {throwIfNoEntry: false})
      this.state.documents.set(path, {...known, mtimeMs: stat?.mtimeMs ?? known.mtimeMs})
    }
    this.#staged.clear()
    this.#arrived.clear()
    for (const [address, until] of this.state.absent) {
      if (Date.parse(until) < this.#now()) this.state.absent.delete(address)
    }
    writeState(this.#places.state, this.state)
  }

  /** Removes what was fetched and is of no use any more; parts that can be taken up again stay for a week. */
  clean(): void {
    for (const name of readdirSync(this.#places.incoming)) {
      const path = join(this.#places.incoming, name)
      const ageMs = Math.abs(this.#now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0))
      if (!name.includes('.part') || ageMs > partsMs) rmSync(path, {force: true})
    }
  }
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address
}

function isPage(path: string): boolean {
  return path.endsWith('.html')
}
