import type {Rating} from '../model/advisory.js'
import type {AdvisoryDatabase} from './database.js'

/** All that the database knows of one vulnerability. */
export interface Explanation {
  readonly id: string
  readonly aliases: readonly string[]
  readonly rating: Rating
  /** The branches that name it, oldest first. */
  readonly branches: readonly {
    readonly branch: string
    readonly origins: readonly {
      readonly origin: string
      readonly repository: string
      /** null: not affected. */
      readonly fixedVersion: string | null
    }[]
  }[]
}

/**
 * Looks an id or an alias (`GHSA-…`, `XSA-313`) up in every branch, in upper or lower case.
 * @returns one explanation for each vulnerability that goes by that name, most often one; none where it is not known
 */
export function explainVulnerability(database: AdvisoryDatabase, id: string): Explanation[] {
  const wanted = id.trim().toLowerCase()
  const found = new Map<
    string,
    {aliases: Set<string>; branches: Map<string, Explanation['branches'][number]['origins'][number][]>}
  >()
  for (const branch of database.branches()) {
    for (const {origin, repository, fixes, rejected} of database.load(branch)?.byOrigin.values() ?? []) {
      for (const {fixedVersion, ids} of [...fixes, {fixedVersion: null, ids: rejected}]) {
        for (const {id, aliases} of ids) {
          if (![id, ...aliases].some(name => name.toLowerCase() === wanted)) continue
          const known = found.get(id) ?? {aliases: new Set(), branches: new Map()}
          found.set(id, known)
          for (const alias of aliases) known.aliases.add(alias)
          known.branches.set(branch, [...(known.branches.get(branch) ?? []), {origin, repository, fixedVersion}])
        }
      }
    }
  }
  return [...found].map(([id, {aliases, branches}]) => ({
    id,
    aliases: [...aliases].sort(),
    rating: database.rate(id),
    branches: [...branches].map(([branch, origins]) => ({branch, origins})),
  }))
}
