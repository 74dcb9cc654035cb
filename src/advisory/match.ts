import {type MatchingOrder, orderForMatching} from '../apk/version.js'
import type {Fix, Match, Rating} from '../model/advisory.js'
import {limits} from '../model/limits.js'
import type {InstalledPackage} from '../model/package.js'
import {compareText, count, shorten} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {WarningList} from '../model/warnings.js'
import type {BranchAdvisories} from './branch-file.js'

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
    const all = [...installed.values()].flat()
    if (all.length > limits.packagesPerOrigin) {
      const message = `${count(all.length, 'package')} say that they are of ${shorten(origin, 100)}; they are not matched`
      warnings.add({code: 'ADVISORY_LIMIT', message, hides: true})
      continue
    }
    for (const {id, aliases} of known.rejected) rejected.push({id, aliases, origin, packages: all})
    const notAffected = new Set(known.rejected.map(({id}) => id))
    for (const {fixedVersion, ids} of known.fixes) {
      const open = findOpen(installed, fixedVersion)
      if (open === null) continue
      for (const {id, aliases} of ids) {
        if (notAffected.has(id)) continue
        const fix: Fix = {id, aliases, origin, repository: known.repository, fixedVersion}
        matches.push({fix, packages: open.packages, rating: rate(id), note: open.note})
      }
      for (const {name, version} of open.unknown) {
        const message = `cannot tell whether ${name} ${version} has the fixes of ${origin} ${fixedVersion}: reported as if not`
        warnings.add({code: 'ADVISORY_UNKNOWN_ORDER', message})
      }
    }
  }
  matches.sort((a, b) => compareText(a.fix.origin, b.fix.origin) || compareText(a.fix.id, b.fix.id))
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

/** The packages of an origin that a fix is still open for. */
interface Open {
  readonly packages: InstalledPackage[]
  /** Those of them whose order cannot be told. */
  readonly unknown: InstalledPackage[]
  readonly note: string | null
}

/** Null where every package has the fix. */
function findOpen(installed: ByVersion, fixedVersion: string): Open | null {
  const open: {packages: InstalledPackage[]; order: MatchingOrder}[] = []
  for (const [version, packages] of installed) {
    const order = orderForMatching(version, fixedVersion)
    if (order.order !== 'fixed') open.push({packages, order})
  }
  if (open.length === 0) return null
  return {
    packages: open.flatMap(({packages}) => packages).sort((a, b) => compareText(a.name, b.name)),
    unknown: open.flatMap(({packages, order}) => (order.order === 'unknown' ? packages : [])),
    note: open.find(({order}) => order.note !== null)?.order.note ?? null,
  }
}
