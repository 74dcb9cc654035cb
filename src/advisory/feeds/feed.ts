import type {SigningKeys} from '../../apk/signing-keys.js'
import type {Secret} from '../../model/secret.js'
import type {FeedBody} from './body.js'

/** Names that `piton db update --only` takes. */
export const feedNames = [
  'secdb',
  'rejections',
  'releases',
  'kev',
  'epss',
  'severity',
  'cve-list',
  'osv',
  'nvd',
  'nvd-api',
  'redhat',
  'apkindex',
  'wolfi',
  'chainguard',
  'minimos',
] as const
export type FeedName = (typeof feedNames)[number]

/** One file of a feed. */
export interface FeedDocument {
  /** Its place in a folder of feeds and on a mirror. */
  readonly path: string
  /** Where it is on a mirror, if that is elsewhere than its path says: a page that lists a folder. */
  readonly place?: string
  /** Its address at the service; null where only mirrors and folders have it. */
  readonly url: string | null
  /** How its bytes begin. A web page in their place is told by it before the rest is read. */
  readonly form: 'json' | 'gzip' | 'zip' | 'text' | 'page'
  readonly limitBytes: number
  /** Is it no failure where there is none? */
  readonly isOptional: boolean
  /** Hours for which it is then believed that there is none. */
  readonly absentHours?: number
  /** Headers that are for the service alone, by name. */
  readonly secrets?: Readonly<Record<string, Secret>>
  /** Pause between two requests that the service asks for. */
  readonly paceMs?: number
}

/** What a feed is asked for, and what it may ask back. */
export interface FeedRequest {
  /** Branches of Alpine; null for all that there are. */
  readonly branches: readonly string[] | null
  /** Whose package indexes are wanted. */
  readonly architectures: readonly string[]
  /** Ids that some advisory names … */
  readonly wanted: ReadonlySet<string>
  /** … and those of them that have no rating, the newest first. */
  readonly unrated: readonly string[]
  /** Where keys of services are named. */
  readonly env: NodeJS.ProcessEnv
  /** Does it go to the services themselves, not to a mirror or a folder? */
  readonly isService: boolean
  /** Names in a folder of the feeds; null where nothing lists them. */
  list(path: string, url: string | null): Promise<readonly string[] | null>
}

/** Whom a feed may come from, where it is signed. */
export interface Trust {
  readonly keys: SigningKeys
}

/** One source of facts: where it is, how often it is worth asking, what it gives, how to tell that a copy is whole. */
export interface Feed {
  readonly name: FeedName | `feed:${string}`
  /** Who publishes it. */
  readonly title: string
  /** What the database has from it. */
  readonly gives: string
  /** Where people read about it. */
  readonly home: string
  readonly licence: string
  /** How often its publisher renews it, in hours. */
  readonly everyHours: number
  /** Is it asked for unless `--only` says otherwise? */
  readonly byDefault: boolean
  /**
   * The documents to ask for.
   * @throws {DatabaseError} DATABASE_FEED where nothing says which there are
   */
  plan(request: FeedRequest): Promise<readonly FeedDocument[]>
  /**
   * Is it what it should be? Asked before it replaces an older copy.
   * @throws {PitonError}
   */
  check(body: FeedBody, document: FeedDocument, trust: Trust): void | Promise<void>
}

/** What one source says of one vulnerability. */
export interface RatedID {
  readonly id: string
  readonly ratings: readonly {readonly vector: string; readonly source: string}[]
}

/** A feed of CVSS vectors. Its documents are too large to keep: the vectors of the wanted ids are all that stays. */
export interface RatingFeed extends Feed {
  /**
   * Each vulnerability of a document, also one without vectors.
   * @throws {PitonError}
   */
  rate(body: FeedBody, document: FeedDocument): AsyncIterable<RatedID>
}

export function isRatingFeed(feed: Feed): feed is RatingFeed {
  return 'rate' in feed
}
