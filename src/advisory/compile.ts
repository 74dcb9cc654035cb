import {orderForMatching} from '../apk/version.js'
import {compareText} from '../model/text.js'
import type {Warn} from '../model/warning.js'
import type {AdvisoryID} from './ids.js'
import type {Secdb, SecdbEntry} from './secdb.js'

/** What one branch says of one origin package, ready to be matched. */
export interface OriginAdvisories {
  readonly origin: string
  /** `main` or `community`. */
  readonly repository: string
  /** Each id once, under the version that fixes it; in the order of the versions' text. */
  readonly fixes: readonly VersionFixes[]
  /** Ids that the package is not affected by. */
  readonly rejected: readonly AdvisoryID[]
}

export interface VersionFixes {
  readonly fixedVersion: string
  readonly ids: readonly FixedID[]
}

/** An id under the version that counts, and what else the feed says of it. */
export interface FixedID extends AdvisoryID {
  /** Other versions under which the feed lists it: fixes that were not complete. Oldest first; nearly always none. */
  readonly earlier: readonly string[]
}

/**
 * Joins the repositories of one branch. An id that stands under several versions (a first fix was incomplete) counts
 * under the highest; one that stands under "not affected" counts as that, whatever else is said of it.
 */
export function compileBranch(files: readonly Secdb[], branch: string, warn: Warn): OriginAdvisories[] {
  const origins = new Map<string, {repository: string; ids: Map<string, SecdbEntry[]>}>()
  for (const {repository, entries} of files) {
    for (const entry of entries) {
      const {ids} = getOrSet(origins, entry.origin, () => ({repository, ids: new Map()}))
      getOrSet(ids, entry.id, () => []).push(entry)
    }
  }
  const compiled: OriginAdvisories[] = []
  for (const [origin, {repository, ids}] of sorted(origins)) {
    const fixes = new Map<string, FixedID[]>()
    const rejected: AdvisoryID[] = []
    for (const [id, entries] of sorted(ids)) {
      const versions = entries.flatMap(({fixedVersion}) => fixedVersion ?? [])
      const aliases = [...new Set(entries.flatMap(entry => entry.aliases))].sort()
      if (versions.length === entries.length) {
        const {last, earlier} = inOrder(versions)
        getOrSet(fixes, last, () => []).push({id, aliases, earlier})
        continue
      }
      rejected.push({id, aliases})
      if (versions.length === 0) continue
      const message = `${branch}: ${origin} is both not affected by ${id} and fixed in ${versions.join(', ')}`
      warn({code: 'SECDB_CONTRADICTION', message})
    }
    compiled.push({
      origin,
      repository,
      fixes: sorted(fixes).map(([fixedVersion, ids]) => ({fixedVersion, ids})),
      rejected,
    })
  }
  return compiled
}

/** Versions that may be malformed: the newest is the last, from the lowest text up, that no earlier one has reached. */
function inOrder(versions: readonly string[]): {readonly last: string; readonly earlier: readonly string[]} {
  const distinct = [...new Set(versions)].sort()
  const last = distinct.reduce((best, version) => (hasReached(best, version) ? best : version))
  const earlier = distinct.filter(version => version !== last)
  return {last, earlier: earlier.sort((a, b) => Number(hasReached(a, b)) - Number(hasReached(b, a)))}
}

function hasReached(version: string, fix: string): boolean {
  return orderForMatching(version, fix).order === 'fixed'
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareText(a, b))
}

function getOrSet<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
