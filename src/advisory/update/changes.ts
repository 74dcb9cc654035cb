import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {compareBranches, isBranch} from '../branch.js'
import {type BranchAdvisories, branchPath} from '../branch-file.js'
import type {AdvisoryDatabase} from '../database.js'

/** A fix that an update brought. */
export interface NewAdvisory {
  readonly id: string
  readonly origin: string
  /** null: the package is not affected. */
  readonly fixedVersion: string | null
}

/** What an update changed in one branch. */
export interface BranchChange {
  /** `v3.19`; `wolfi`. */
  readonly branch: string
  /** Advisories it has now. */
  readonly advisories: number
  /** Is all of it new? */
  readonly isNew: boolean
  /** Those that were not there before, or now name another version; by origin, then id. */
  readonly added: readonly NewAdvisory[]
  /** How many of the older are gone. */
  readonly removed: number
}

/** Branches that two databases differ in, oldest first. */
export function compareDatabases(before: AdvisoryDatabase | null, after: AdvisoryDatabase): BranchChange[] {
  const changes: BranchChange[] = []
  for (const branch of [...after.branches(), ...after.feeds()].sort(compareBranches)) {
    if (before !== null && isSame(before, after, branch)) continue
    const older = entriesOf(before?.load(branch) ?? null)
    const newer = entriesOf(after.load(branch))
    const added = [...newer].filter(([key]) => !older.has(key)).map(([, advisory]) => advisory)
    const ids = new Set([...newer.values()].map(({origin, id}) => `${origin} ${id}`))
    const removed = [...older.values()].filter(({origin, id}) => !ids.has(`${origin} ${id}`)).length
    const isNew = older.size === 0 && (isBranch(branch) || added.length > 0)
    if (added.length === 0 && removed === 0) continue
    changes.push({branch, advisories: after.count(branch), isNew, added, removed})
  }
  return changes
}

/** Are their files alike, byte for byte? Then there is no need to read what they say. */
function isSame(before: AdvisoryDatabase, after: AdvisoryDatabase, branch: string): boolean {
  const [older, newer] = [before, after].map(({location}) => bytesOf(join(location, branchPath(branch))))
  return older != null && newer != null && older.equals(newer)
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

function entriesOf(advisories: BranchAdvisories | null): ReadonlyMap<string, NewAdvisory> {
  const entries = new Map<string, NewAdvisory>()
  for (const {origin, fixes, rejected} of advisories?.byOrigin.values() ?? []) {
    for (const {id} of rejected) entries.set(`${origin} ${id} 0`, {id, origin, fixedVersion: null})
    for (const {fixedVersion, ids} of fixes) {
      for (const {id} of ids) entries.set(`${origin} ${id} ${fixedVersion}`, {id, origin, fixedVersion})
    }
  }
  return entries
}
