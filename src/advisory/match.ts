import {type MatchingOrder, orderForMatching} from '../apk/version.js'
import type {Fix, Match, Rating} from '../model/advisory.js'
import type {InstalledPackage} from '../model/package.js'
import type {Warning} from '../model/warning.js'
import {WarningList} from '../model/warnings.js'
import type {BranchAdvisories} from './branch-file.js'
import type {VersionFixes} from './compile.js'

/** An advisory that the secdb says does not affect an origin which is installed. */
export interface Rejection {
  readonly id: string
  readonly aliases: readonly string[]
  readonly origin: string
  readonly packages: readonly InstalledPackage[]
}

export interface Matches {
  /** By origin, then id. */
  readonly matches: Match[]
  readonly rejected: Rejection[]
  readonly warnings: Warning[]
}

/**
 * Holds installed packages against the advisories of their branch. The secdb names origin packages, so a vulnerability
 * counts once for each origin, with all installed packages of it that are older than the fix.
 */
export function matchPackages(
  packages: readonly InstalledPackage[],
  advisories: BranchAdvisories,
  rate: (id: string) => Rating,
): Matches {
  const matches: Match[] = []
  const rejected: Rejection[] = []
  const warnings = new WarningList()
  for (const [origin, installed] of groupByOrigin(packages)) {
    const known = advisories.byOrigin.get(origin)
    if (known === undefined) continue
    const notAffected = new Set(known.rejected.map(({id}) => id))
    for (const {id, aliases} of known.rejected)
      rejected.push({id, aliases, origin, packages: [...installed.values()].flat()})
    for (const fixes of known.fixes) {
      const open = findOpen(installed, fixes)
      if (open === null) continue
      for (const {id, aliases} of fixes.ids) {
        if (notAffected.has(id)) continue
        const fix: Fix = {id, aliases, origin, repository: known.repository, fixedVersion: fixes.fixedVersion}
        matches.push({fix, packages: open.packages, rating: rate(id), note: open.note})
      }
      for (const {name, version} of open.unknown) {
        const message = `cannot tell whether ${name} ${version} has the fixes of ${origin} ${fixes.fixedVersion}: reported`
        warnings.add({code: 'ADVISORY_UNKNOWN_ORDER', message})
      }
    }
  }
  matches.sort((a, b) => byText(a.fix.origin, b.fix.origin) || byText(a.fix.id, b.fix.id))
  return {matches, rejected, warnings: warnings.toArray()}
}

type ByVersion = Map<string, InstalledPackage[]>

/** Packages by origin, and within it by version: those of one origin nearly always share theirs. */
function groupByOrigin(packages: readonly InstalledPackage[]): ReadonlyMap<string, ByVersion> {
  const origins = new Map<string, ByVersion>()
  for (const item of packages) {
    // `apk add --virtual .build-deps` makes a package of no content, whose name nobody published.
    if (item.name.startsWith('.')) continue
    const origin = item.origin || item.name
    const versions: ByVersion = origins.get(origin) ?? new Map()
    origins.set(origin, versions)
    const same = versions.get(item.version)
    if (same === undefined) versions.set(item.version, [item])
    else same.push(item)
  }
  return origins
}

/** The packages that have not, or perhaps not, reached a fix; null where all have. */
function findOpen(
  installed: ByVersion,
  {fixedVersion}: VersionFixes,
): {packages: InstalledPackage[]; unknown: InstalledPackage[]; note: string | null} | null {
  const open: {packages: InstalledPackage[]; order: MatchingOrder}[] = []
  for (const [version, packages] of installed) {
    const order = orderForMatching(version, fixedVersion)
    if (order.order !== 'fixed') open.push({packages, order})
  }
  if (open.length === 0) return null
  return {
    packages: open.flatMap(({packages}) => packages).sort((a, b) => byText(a.name, b.name)),
    unknown: open.flatMap(({packages, order}) => (order.order === 'unknown' ? packages : [])),
    note: open.find(({order}) => order.note !== null)?.order.note ?? null,
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
