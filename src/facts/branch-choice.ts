import type {AdvisoryDatabase} from '../advisory/database.js'
import type {Release} from '../model/facts.js'
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
}

/** Chooses the branch that the target's release file names, else the one that the person does, if the database has it. */
export function chooseBranch({release, assumedBranch}: BranchClues, database: AdvisoryDatabase): BranchChoice {
  if (release === null) return assumed(assumedBranch, database)
  const stated = statedBy(release)
  if (release.branch === null) return {branch: null, reason: `${stated} names no branch of Alpine`}
  if (!database.branches().includes(release.branch)) {
    return {branch: null, reason: `${stated} is of ${release.branch}, which the database of ${database.date} lacks`}
  }
  return {branch: release.branch, reason: release.branch === 'edge' ? `${stated} is a build of edge` : stated}
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
