import {compareText} from '../model/text.js'

/** The branch of the rolling release. */
export const edge = 'edge'

/** Orders branches by number, so that v3.9 comes before v3.10; edge is the newest, and names that are no branch follow. */
export function compareBranches(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)]
  return (left[0] === right[0] ? left[1] - right[1] : left[0] - right[0]) || compareText(a, b)
}

/** `v3.19` or `edge`. */
export function isBranch(text: string): boolean {
  return text === edge || /^v\d{1,3}\.\d{1,3}$/.test(text)
}

/**
 * The branch that an image follows. Images of edge call themselves by the release that they will become, as an alpha:
 * `3.22.0_alpha20250108`.
 * @param versionID VERSION_ID of os-release; '' where there is none
 * @param alpineRelease text of etc/alpine-release
 * @returns `v3.19`, `edge`, or null where neither tells
 */
export function branchOf(versionID: string, alpineRelease: string | null): string | null {
  const versions = [versionID, alpineRelease ?? ''].map(version => version.trim())
  if (versions.some(version => version === edge || version.includes('_alpha'))) return edge
  for (const version of versions) {
    const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})(?!\d)/.exec(version) ?? []
    if (major !== undefined && minor !== undefined) return `v${Number(major)}.${Number(minor)}`
  }
  return null
}

function rank(branch: string): readonly [major: number, minor: number] {
  const [, major, minor] = /^v(\d+)\.(\d+)$/.exec(branch) ?? []
  if (major === undefined) return [branch === edge ? Number.MAX_SAFE_INTEGER : Number.POSITIVE_INFINITY, 0]
  return [Number(major), Number(minor)]
}
