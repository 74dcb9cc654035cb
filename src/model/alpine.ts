import type {AlpineRelease} from './advisory.js'

/** Is the release past the last day on which it gets fixes? Days are YYYY-MM-DD. */
export function isEndOfLife({endOfLife}: Pick<AlpineRelease, 'endOfLife'>, today: string): boolean {
  return today > endOfLife
}

/** The newest release that gets fixes today; undefined where the table knows none. */
export function newestSupported(releases: readonly AlpineRelease[], today: string): AlpineRelease | undefined {
  return releases.findLast(release => release.released <= today && !isEndOfLife(release, today))
}

/**
 * The first release after `branch` that gets fixes for some time yet; undefined where the table knows none.
 * @param releases oldest first
 * @param days so much time, from today
 */
export function nearestSupported(
  releases: readonly AlpineRelease[],
  branch: string,
  today: string,
  days: number,
): AlpineRelease | undefined {
  const later = releases.slice(releases.findIndex(release => release.branch === branch) + 1)
  return later.find(({released, endOfLife}) => released <= today && daysBetween(today, endOfLife) > days)
}

/** Whole days from one YYYY-MM-DD to another; negative where that is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / (24 * 60 * 60 * 1000))
}

/**
 * Since when the community repository of a branch has no support of its own: Alpine keeps it up until the next release,
 * and only main until the end of life. Null where there is no next release yet.
 * @param releases oldest first
 */
export function endOfCommunity(
  releases: readonly AlpineRelease[],
  branch: string,
  today: string,
): AlpineRelease | null {
  const index = releases.findIndex(release => release.branch === branch)
  const next = index < 0 ? undefined : releases[index + 1]
  return next === undefined || next.released > today ? null : next
}

/** The line of a Dockerfile that moves to a release: `FROM alpine:3.21`. */
export function fromLine(version: string): string {
  return `FROM alpine:${version.replace(/^v/, '')}`
}

/** Is `version` an earlier patch release of the same branch as `latest`? 3.19.0 is, of 3.19.9. */
export function isOlderPatch(version: string, latest: string): boolean {
  const [own, newest] = [version, latest].map(text => /^(\d+\.\d+)\.(\d+)$/.exec(text))
  return own?.[1] !== undefined && own[1] === newest?.[1] && Number(own[2]) < Number(newest[2])
}
