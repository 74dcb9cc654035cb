import {orderForMatching} from '../apk/version.js'

/** Why a version is taken to come from another branch. */
export type Evidence = 'held' | 'unnamed' | 'newer'

/** The versions of one origin that one branch is known to have had. */
export class KnownVersions {
  /** What its repository held when somebody read its index. */
  readonly held: ReadonlySet<string>
  /** All of them, without the revision of the package … */
  readonly upstream: ReadonlySet<string>
  /** … and only so far as to name a series: `3.1` of 3.1.4-r2. */
  readonly series: ReadonlySet<string>
  /** The newest of {@link upstream}; null where there is none. */
  readonly newest: string | null

  /**
   * @param held versions in its package index
   * @param fixes versions in which its advisories say that something was fixed
   */
  constructor(held: readonly string[], fixes: readonly string[]) {
    const named = [...held, ...fixes]
    this.held = new Set(held)
    this.upstream = new Set(named.map(upstreamOf))
    this.series = new Set(named.map(seriesOf))
    this.newest = [...this.upstream].reduce<string | null>((best, one) => {
      return best === null || isNewer(one, best) ? one : best
    }, null)
  }
}

/**
 * Does an installed version come from another branch, whose repository apk could take it from as well as from the
 * image's own? apk does not note it, so only what the branches are known to have had can tell:
 * `held`, the other repository had exactly it; `unnamed`, the image's own branch is not known to have had the package;
 * `newer`, it is past every version of the image's own branch, and of a series that only the other has gone on to.
 * @returns null where it is, or may as well be, of the image's own branch
 */
export function evidenceOf(version: string, own: KnownVersions, other: KnownVersions): Evidence | null {
  if (own.held.has(version) || other.newest === null) return null
  if (other.held.has(version)) return 'held'
  if (own.newest === null) return 'unnamed'
  const upstream = upstreamOf(version)
  // Where the other branch is not known to have gone past the own one either, a new version tells nothing.
  if (!isNewer(upstream, own.newest) || !isNewer(other.newest, own.newest)) return null
  // A later point release of the same series is what a branch gets over time, unless the other has just that one.
  return !own.series.has(seriesOf(version)) || other.upstream.has(upstream) ? 'newer' : null
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
