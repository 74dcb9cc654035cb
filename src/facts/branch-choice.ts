import {edge} from '../advisory/branch.js'
import type {AdvisoryDatabase} from '../advisory/database.js'
import {hasOwnFeed} from '../model/derivatives.js'
import type {Release} from '../model/facts.js'
import type {Repository} from '../model/package.js'
import {shorten} from '../model/text.js'

/** Whose advisories speak of the target, and what tells that. */
export interface BranchChoice {
  /** Null where none do. */
  readonly branch: string | null
  readonly reason: string
}

/** What can tell the branch. */
export interface BranchClues {
  readonly release: Release | null
  /** What the person says that a target without a release file is of; null where nobody said. */
  readonly assumedBranch: string | null
  readonly repositories: readonly Repository[]
}

/** Chooses the branch that the target's release file names, else the one that the person does, if the database has it. */
export function chooseBranch(
  {release, assumedBranch, repositories}: BranchClues,
  database: AdvisoryDatabase,
): BranchChoice {
  if (release === null) return assumed(assumedBranch, database)
  const stated = statedBy(release)
  if (release.branch === null) return derivative(release, repositories, database)
  if (!database.branches().includes(release.branch)) {
    return {branch: null, reason: `${stated} is of ${release.branch}, which the database of ${database.date} lacks`}
  }
  return {branch: release.branch, reason: release.branch === edge ? `${stated} is a build of edge` : stated}
}

/**
 * Of a system that is built on apk and is not Alpine: its own feed, where the database has one by its name; else Alpine's
 * branch, where that is what it takes packages from.
 */
function derivative(release: Release, repositories: readonly Repository[], database: AdvisoryDatabase): BranchChoice {
  const stated = statedBy(release)
  if (release.id === 'alpine') return {branch: null, reason: `${stated} names no branch of Alpine`}
  if (hasOwnFeed(release.id)) {
    const lacks = `${stated}: the database of ${database.date} has no advisories of ${release.id}`
    const isThere = database.feeds().includes(release.id)
    return isThere ? {branch: release.id, reason: stated} : {branch: null, reason: lacks}
  }
  const lines = repositories.filter(({tag, branch}) => tag === null && branch !== null)
  const [first] = lines
  const isOne = lines.every(({branch}) => branch === first?.branch)
  if (first?.branch == null || !isOne || !database.branches().includes(first.branch)) {
    return {branch: null, reason: `${stated} is no release of Alpine`}
  }
  return {branch: first.branch, reason: `${stated}, and ${first.path}:${first.line} lists ${first.branch} of Alpine`}
}

function assumed(branch: string | null, database: AdvisoryDatabase): BranchChoice {
  if (branch === null) return {branch, reason: 'there is no os-release or alpine-release'}
  if (database.branches().includes(branch)) return {branch, reason: `--alpine ${branch}`}
  return {branch: null, reason: `--alpine ${branch}, which the database of ${database.date} lacks`}
}

/** `etc/os-release: VERSION_ID=3.19.0`. */
function statedBy({path, id, version}: Release): string {
  const shown = shorten(version, 100)
  if (path.endsWith('alpine-release')) return `${path}: ${shown}`
  return `${path}: ${id === 'alpine' ? '' : `ID=${shorten(id, 100)} `}VERSION_ID=${shown}`
}
