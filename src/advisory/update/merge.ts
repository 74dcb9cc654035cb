import type {Warn} from '../../model/warning.js'
import type {Base} from '../base.js'
import {type CompiledAdvisories, compileBranches, compileFeed} from '../compile-branches.js'
import type {Feed} from '../feeds/feed.js'
import {kevPath, readKev} from '../feeds/kev.js'
import {dayOf, secdbPath, stampPath} from '../feeds/secdb.js'
import {securityPath} from '../feeds/security-json.js'
import type {FeedStore} from './feed-store.js'
import {refusalOf} from './plausible.js'
import type {FeedFailure} from './sync.js'

/** What copies of feeds are laid over an older database with. */
export interface MergeOptions {
  readonly store: FeedStore
  readonly base: Base | null
  /** Feeds without branches that there may be copies of. */
  readonly feeds: readonly Feed[]
  /** Take also what is implausible. */
  readonly force: boolean
  readonly warn: Warn
  readonly fail: (failure: FeedFailure) => void
}

/** Advisories of every branch and feed: of the copies where these are good, else of the older database. */
export async function mergeAdvisories(options: MergeOptions): Promise<CompiledAdvisories[]> {
  const {store, base, feeds, warn} = options
  const stamp = store.read(stampPath)
  const dayOfBranch = (branch: string) =>
    store.known(secdbPath(branch, 'main'))?.asOf || (stamp === null ? '' : dayOf(stamp))
  const fresh = [
    ...(await compileBranches(store, dayOfBranch, warn)).map(
      one => [one, 'secdb', (path: string) => path.startsWith(`secdb/${one.name}/`)] as const,
    ),
    ...feeds.flatMap(feed => {
      const path = securityPath(feed.name)
      const one = compileFeed(store, feed, store.known(path)?.asOf ?? '', warn)
      return one === null ? [] : [[one, feed.name, (name: string) => name === path] as const]
    }),
  ]
  const merged = new Map((base?.names() ?? []).map(name => [name, base?.advisories(name) as CompiledAdvisories]))
  for (const [one, feed, isOfIt] of fresh) {
    if (isAccepted(options, one, merged.get(one.name), feed, isOfIt)) merged.set(one.name, one)
  }
  return [...merged.values()]
}

function isAccepted(
  {store, force, fail}: MergeOptions,
  one: CompiledAdvisories,
  older: CompiledAdvisories | undefined,
  feed: string,
  isOfIt: (path: string) => boolean,
): boolean {
  const refusal = older === undefined ? null : refusalOf(`${feed} ${one.name}`, older, one)
  if (refusal === null) return true
  // A copy that this update did not ask for is no news: the older database knew it.
  if (!store.hasSeen(isOfIt)) return false
  if (force) return true
  store.drop(isOfIt)
  fail({feed, path: null, error: refusal})
  return false
}

/** Takes back a catalogue of exploited vulnerabilities that is implausible. */
export function judgeKev({store, base, force, fail}: MergeOptions, wanted: ReadonlySet<string>): void {
  const text = store.changed.includes(kevPath) ? store.read(kevPath) : null
  if (text === null || base === null || force) return
  const {date, added} = readKev(text, wanted, kevPath)
  const older = {date: base.date('kev.tsv', 'kev') ?? '', count: base.rows('kev.tsv').size}
  const refusal = refusalOf('kev', older, {date: date ?? older.date, count: added.size})
  if (refusal === null) return
  store.drop(path => path === kevPath)
  fail({feed: 'kev', path: null, error: refusal})
}
