import type {AlpineRelease} from './advisory.js'

/** Is the release past the last day on which it gets fixes? Days are YYYY-MM-DD. */
export function isEndOfLife({endOfLife}: Pick<AlpineRelease, 'endOfLife'>, today: string): boolean {
  return today > endOfLife
}

/** The newest release that gets fixes today; undefined where the table knows none. */
export function newestSupported(releases: readonly AlpineRelease[], today: string): AlpineRelease | undefined {
  return releases.findLast(release => release.released <= today && !isEndOfLife(release, today))
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
