import type {DatabaseInfo} from '../model/advisory.js'
import type {InstalledPackage} from '../model/package.js'
import type {AdvisoryDatabase} from './database.js'
import type {Held} from './match.js'

/** What packages are held against, as a scan before has chosen it. */
export function heldAgain(
  used: Pick<DatabaseInfo, 'branch' | 'reason' | 'others'> | null,
  packages: readonly InstalledPackage[],
  database: AdvisoryDatabase,
): Held[] {
  const own = used?.branch ? database.load(used.branch) : null
  if (used === null || own === null) return []
  const others = used.others.flatMap(({branch, reason, packages: names}) => {
    const advisories = database.load(branch)
    const taken = new Set(names)
    return advisories === null ? [] : [{advisories, reason, packages: packages.filter(({name}) => taken.has(name))}]
  })
  return [{advisories: own, reason: used.reason, packages}, ...others]
}
