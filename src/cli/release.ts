import type {AlpineRelease} from '../model/advisory.js'
import {UsageError} from '../model/errors.js'

/** `v3.20` for what a person may write: `3.20`, `v3.20`, `3.20.1`; `edge`. */
export function branchName(text: string): string {
  return text === 'edge' ? text : `v${text.replace(/^v/, '').split('.').slice(0, 2).join('.')}`
}

/** @throws {UsageError} for a release that Alpine does not have */
export function knownBranch(text: string, releases: readonly AlpineRelease[]): string {
  const branch = branchName(text)
  const known = [...releases.map(release => release.branch), 'edge']
  if (known.includes(branch)) return branch
  throw new UsageError('USAGE', `there is no Alpine release ${JSON.stringify(text)}`, {
    hint: `Known: ${known.map(name => name.replace(/^v/, '')).join(', ')}.`,
  })
}
