import type {Rating} from '../model/advisory.js'
import type {BranchAdvisories} from './branch-file.js'
import type {AdvisoryDatabase} from './database.js'
import type {AdvisoryID} from './ids.js'

/** All that the database knows of one vulnerability. */
export interface Explanation extends AdvisoryID {
  readonly rating: Rating
  /** The branches that name it, oldest first. */
  readonly branches: readonly {readonly branch: string; readonly origins: readonly OriginFix[]}[]
}

/** What one branch says of it for one origin package. */
export interface OriginFix {
  readonly origin: string
  readonly repository: string
  /** null: not affected. */
  readonly fixedVersion: string | null
}

/**
 * Looks an id or an alias (`GHSA-…`, `XSA-313`) up in every branch, in upper or lower case.
 * @returns one explanation for each vulnerability that goes by that name, most often one; none where it is not known
 */
export function explainVulnerability(database: AdvisoryDatabase, name: string): Explanation[] {
  const wanted = name.trim().toLowerCase()
  const found = new Map<string, {aliases: Set<string>; branches: Map<string, OriginFix[]>}>()
  for (const branch of database.branches()) {
    for (const [{id, aliases}, fix] of entriesOf(database.load(branch))) {
      if (![id, ...aliases].some(known => known.toLowerCase() === wanted)) continue
      const known = found.get(id) ?? {aliases: new Set(), branches: new Map()}
      found.set(id, known)
      for (const alias of aliases) known.aliases.add(alias)
      known.branches.set(branch, [...(known.branches.get(branch) ?? []), fix])
    }
  }
  return [...found].map(([id, {aliases, branches}]) => ({
    id,
    aliases: [...aliases].sort(),
    rating: database.rate(id),
    branches: [...branches].map(([branch, origins]) => ({branch, origins})),
  }))
}

/** Every id and alias of every branch, each once. */
export function knownNames(database: AdvisoryDatabase): ReadonlySet<string> {
  const names = new Set<string>()
  for (const branch of database.branches()) {
    for (const [{id, aliases}] of entriesOf(database.load(branch))) for (const name of [id, ...aliases]) names.add(name)
  }
  return names
}

function* entriesOf(advisories: BranchAdvisories | null): Generator<[id: AdvisoryID, fix: OriginFix]> {
  for (const {origin, repository, fixes, rejected} of advisories?.byOrigin.values() ?? []) {
    for (const id of rejected) yield [id, {origin, repository, fixedVersion: null}]
    for (const {fixedVersion, ids} of fixes) for (const id of ids) yield [id, {origin, repository, fixedVersion}]
  }
}
