import {createHash} from 'node:crypto'
import {compareText} from '../../model/text.js'
import type {Base} from '../base.js'
import type {CompiledAdvisories} from '../compile-branches.js'
import {readIndex} from '../feeds/severity.js'
import {isCve} from '../feeds/shape.js'
import type {FeedStore} from './feed-store.js'
import type {RatingQuestion} from './sync.js'

/**
 * Which ids are to be rated, and which of them have no rating yet.
 * @param advisories null where they are those of the older database, on which `store` may know the answer
 */
export function ratingQuestion(
  store: FeedStore,
  base: Base | null,
  advisories: readonly CompiledAdvisories[] | null,
): RatingQuestion {
  const {compiled} = store.state
  const wanted = once(() => {
    const known = advisories ?? (base?.names() ?? []).map(name => base?.advisories(name) as CompiledAdvisories)
    return new Set(known.flatMap(({ids}) => ids))
  })
  // To read all ids and ratings takes longer than all else where nothing has changed: only new ones are looked at.
  if (advisories === null && compiled !== null) {
    const rated = ratedIDs(store, store.changed)
    return {wanted, wantedHash: compiled.wanted, unrated: compiled.unrated.filter(id => !rated.has(id))}
  }
  const rated = ratedIDs(
    store,
    store.list('severity').map(name => `severity/${name}`),
  )
  for (const id of base?.rows('severities.tsv').keys() ?? []) rated.add(id)
  return {wanted, wantedHash: hashOfAll(wanted()), unrated: unratedOf(wanted(), rated)}
}

/** Ids that these copies have a rating of. */
function ratedIDs(store: FeedStore, paths: readonly string[]): Set<string> {
  const tables = paths.filter(path => path.startsWith('severity/') && path.endsWith('.tsv'))
  return new Set(tables.flatMap(path => readIndex(store.read(path) ?? '').map(({id}) => id)))
}

/** CVEs that are not among the rated, newest first. */
export function unratedOf(wanted: Iterable<string>, rated: ReadonlySet<string>): string[] {
  const key = (id: string) => id.slice(4).split('-').map(Number)
  return [...wanted]
    .filter(id => isCve(id) && !rated.has(id))
    .sort((a, b) => {
      const [[yearA = 0, numberA = 0], [yearB = 0, numberB = 0]] = [key(a), key(b)]
      return yearB - yearA || numberB - numberA
    })
}

/** A hash of texts, in whatever order they come. */
export function hashOfAll(texts: Iterable<string>): string {
  return createHash('sha256')
    .update([...texts].sort(compareText).join('\n'))
    .digest('hex')
}

function once<T>(make: () => T): () => T {
  let made: {readonly value: T} | null = null
  return () => {
    made ??= {value: make()}
    return made.value
  }
}
