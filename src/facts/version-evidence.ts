import {orderForMatching} from '../apk/version.js'

/** Why a version is taken to come from another branch. */
export type Evidence = 'held' | 'unnamed' | 'newer'

/** The versions of one origin that one branch is known to have had. */
export class KnownVersions {
  /** What its repository held when somebody read its index. */
  readonly held: ReadonlySet<string>
  /** The newest of all, without the revision of the package; null where there is none. */
  readonly newest: string | null
  /** The newest of each series: of 3.1 where there is 3.1.4-r2. */
  readonly newestOf: ReadonlyMap<string, string>

  /**
   * @param held versions in its package index
   * @param fixes versions in which its advisories say that something was fixed
   */
  constructor(held: readonly string[], fixes: readonly string[]) {
    const newestOf = new Map<string, string>()
    let newest: string | null = null
    for (const version of [...held, ...fixes].map(upstreamOf)) {
      const ofSeries = newestOf.get(seriesOf(version))
      if (ofSeries === undefined || isNewer(version, ofSeries)) newestOf.set(seriesOf(version), version)
      if (newest === null || isNewer(version, newest)) newest = version
    }
    this.held = new Set(held)
    this.newest = newest
    this.newestOf = newestOf
  }
}

/**
 * Does an installed version come from another branch, whose repository apk could take it from as well as from the
 * image's own? apk does not note it, so only what the branches are known to have had can tell:
 * `held`, the other repository had exactly it; `unnamed`, the image's own branch is not known to have had the package;
 * `newer`, it is past every version of the image's own branch, in a series that only the other has gone on with.
 * @returns null where it is, or may as well be, of the image's own branch
 */
export function evidenceOf(version: string, own: KnownVersions, other: KnownVersions): Evidence | null {
  if (own.held.has(version) || other.newest === null) return null
  if (other.held.has(version)) return 'held'
  if (own.newest === null) return 'unnamed'
  // Where the other branch is not known to have gone past the own one either, a new version tells nothing.
  if (!isNewer(upstreamOf(version), own.newest) || !isNewer(other.newest, own.newest)) return null
  const series = seriesOf(version)
  if (!own.newestOf.has(series)) return 'newer'
  // A later point release of the own series is what a branch gets over time, unless the other went on with that series.
  const others = other.newestOf.get(series)
  return others !== undefined && isNewer(others, own.newest) ? 'newer' : null
}

function isNewer(version: string, than: string): boolean {
  return orderForMatching(than, version).order === 'older'
}

/** Without the revision of the package. */
function upstreamOf(version: string): string {
  return version.replace(/-r\d+$/, '')
}

function seriesOf(version: string): string {
  return /^\d+(?:\.\d+)?/.exec(version)?.[0] ?? version
}
