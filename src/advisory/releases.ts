import type {AlpineRelease} from '../model/advisory.js'
import {compareBranches, isBranch} from './branch.js'
import {isDate} from './format.js'

/**
 * Rows of a table of releases: `branch released end-of-life latest`, and with a fifth column the musl version. Lines of
 * another shape are left out. Ordered by branch, oldest first.
 */
export function parseReleases(text: string): AlpineRelease[] {
  const releases: AlpineRelease[] = []
  for (const line of text.split('\n')) {
    const [branch = '', released = '', endOfLife = '', latest = '', musl = ''] = line.trimEnd().split('\t')
    if (line.startsWith('#') || !isBranch(branch) || !isDate(released) || !isDate(endOfLife)) continue
    releases.push({branch, released, endOfLife, latest, musl: musl || null})
  }
  return releases.sort((a, b) => compareBranches(a.branch, b.branch))
}

/** The lines of `data/releases.tsv`, as {@link parseReleases} reads them. */
export function formatReleases(releases: readonly AlpineRelease[]): string {
  return releases
    .map(
      ({branch, released, endOfLife, latest, musl}) =>
        `${[branch, released, endOfLife, latest, musl ?? ''].join('\t')}\n`,
    )
    .join('')
}

/** Reads which musl each branch ships, `{releases: {"3.19": {musl}}}`; a document of another shape tells of none. */
export function parseMuslVersions(text: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>()
  let document: {releases?: unknown} | null
  try {
    document = JSON.parse(text)
  } catch {
    return versions
  }
  for (const [release, facts] of Object.entries(document?.releases ?? {})) {
    const {musl} = (facts ?? {}) as {musl?: unknown}
    if (typeof musl === 'string' && /^[\w.~-]{1,100}$/.test(musl)) versions.set(`v${release}`, musl)
  }
  return versions
}
