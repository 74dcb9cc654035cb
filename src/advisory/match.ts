import {orderForMatching} from '../apk/version.js'
import type {Comparison, Ground, Match, Rating, Rejection} from '../model/advisory.js'
import {limits} from '../model/limits.js'
import type {InstalledPackage} from '../model/package.js'
import {compareText, count, shorten} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {WarningList} from '../model/warnings.js'
import type {BranchAdvisories} from './branch-file.js'
import {groupByOrigin, originOf, type SameVersion} from './by-origin.js'
import type {FixedID, OriginAdvisories} from './compile.js'
import type {OfferOf} from './offers.js'

/** Packages, and the branch whose advisories they are held against. */
export interface Held {
  readonly advisories: BranchAdvisories
  /** Why this branch. */
  readonly reason: string
  readonly packages: readonly InstalledPackage[]
}

export interface Matches {
  /** By origin, then id; so are the rejections. */
  readonly matches: Match[]
  readonly rejected: Rejection[]
  readonly warnings: Warning[]
}

/**
 * Holds installed packages against the advisories of their branch, or of several where packages come from elsewhere: a
 * fix is open as long as any of them says so. The secdb names origin packages, so a vulnerability counts once for each
 * origin, with all installed packages of it that are older than the fix.
 * @param held the image's own branch first
 * @param offerOf what the repositories have; left out where nobody asks
 */
export function matchPackages(
  held: readonly Held[],
  rate: (id: string) => Rating,
  offerOf: OfferOf = () => null,
): Matches {
  const matches: Match[] = []
  const rejected: Rejection[] = []
  const warnings = new WarningList()
  for (const [origin, parts] of partsByOrigin(held, warnings)) {
    const open = new Map<string, OpenFix[]>()
    for (const part of parts) {
      const {branch} = part.held.advisories
      const {repository} = part.known
      for (const {id, aliases} of part.known.rejected) {
        rejected.push({id, aliases, origin, branch, repository, packages: part.packages})
      }
      for (const fix of openFixes(part, warnings)) open.set(fix.id.id, [...(open.get(fix.id.id) ?? []), fix])
    }
    for (const [id, fixes] of open) {
      const newest = fixes.reduce((best, one) => (isOlder(best.fixedVersion, one.fixedVersion) ? one : best))
      const {part, fixedVersion} = newest
      const {aliases} = newest.id
      const {branch} = part.held.advisories
      const fix = {id, aliases, origin, branch, repository: part.known.repository, fixedVersion}
      const packages = fixes.length === 1 ? newest.packages : joined(fixes)
      matches.push({
        fix,
        packages,
        rating: rate(id),
        note: fixes.find(({note}) => note !== null)?.note ?? null,
        grounds: parts.flatMap(part => groundOf(part, fixes.find(one => one.part === part) ?? find(part, id))),
        offer: offerOf({fix, packages}),
      })
    }
  }
  matches.sort((a, b) => compareText(a.fix.origin, b.fix.origin) || compareText(a.fix.id, b.fix.id))
  rejected.sort((a, b) => compareText(a.origin, b.origin) || compareText(a.id, b.id))
  return {matches, rejected, warnings: warnings.toArray()}
}

/**
 * What each branch says of one id in one origin, reported or not; nothing from a branch that does not name it, or where
 * nothing of the origin is installed.
 */
export function groundsFor(held: readonly Held[], origin: string, id: string): Ground[] {
  const ofOrigin = held.map(one => ({...one, packages: one.packages.filter(item => originOf(item) === origin)}))
  const parts = partsByOrigin(ofOrigin, new WarningList()).get(origin) ?? []
  return parts.flatMap(part => groundOf(part, find(part, id)))
}

/** Packages of one origin beside what one branch says of it. */
interface Part {
  readonly held: Held
  readonly known: OriginAdvisories
  readonly versions: readonly SameVersion[]
  /** All of them. */
  readonly packages: readonly InstalledPackage[]
  /** By the version that fixes: what each installed version is beside it. */
  readonly compared: Map<string, readonly Comparison[]>
}

function partsByOrigin(held: readonly Held[], warnings: WarningList): ReadonlyMap<string, readonly Part[]> {
  const origins = new Map<string, Part[]>()
  for (const one of held) {
    for (const [origin, versions] of groupByOrigin(one.packages)) {
      const known = one.advisories.byOrigin.get(origin)
      if (known === undefined) continue
      const packages = versions.flatMap(same => same.packages)
      if (packages.length > limits.packagesPerOrigin) {
        const message = `${count(packages.length, 'package')} say that they are of ${shorten(origin, 100)}; they are not matched`
        warnings.add({code: 'ADVISORY_LIMIT', message, hides: true})
        continue
      }
      const part = {held: one, known, versions, packages, compared: new Map()}
      const parts = origins.get(origin)
      if (parts === undefined) origins.set(origin, [part])
      else parts.push(part)
    }
  }
  return origins
}

/** An id under the version that fixes it in one branch. */
interface Named {
  readonly id: FixedID
  readonly fixedVersion: string
}

/** An id that some packages have not reached in one branch. */
interface OpenFix extends Named {
  readonly part: Part
  readonly packages: readonly InstalledPackage[]
  readonly note: string | null
}

function* openFixes(part: Part, warnings: WarningList): Generator<OpenFix> {
  const {known, versions} = part
  const notAffected = new Set(known.rejected.map(({id}) => id))
  for (const {fixedVersion, ids} of known.fixes) {
    const comparisons = compare(part, fixedVersion)
    if (comparisons.every(({order}) => order === 'fixed')) continue
    const packages = versions
      .flatMap((same, index) => (comparisons[index]?.order === 'fixed' ? [] : same.packages))
      .sort((a, b) => compareText(a.name, b.name))
    const note = comparisons.find(({order, note}) => order !== 'fixed' && note !== null)?.note ?? null
    for (const id of ids) {
      if (!notAffected.has(id.id)) yield {part, id, fixedVersion, packages, note}
    }
    for (const [index, {order}] of comparisons.entries()) {
      if (order !== 'unknown') continue
      for (const {name, version} of versions[index]?.packages ?? []) {
        const installed = `${shorten(name, 100)} ${shorten(version, 100)}`
        const message = `cannot tell whether ${installed} has the fixes of ${known.origin} ${fixedVersion}: reported as if not`
        warnings.add({code: 'ADVISORY_UNKNOWN_ORDER', message})
      }
    }
  }
}

function isOlder(version: string, than: string): boolean {
  return orderForMatching(version, than).order === 'older'
}

/** In the order of the versions; the same list for all ids that one version fixes. */
function compare({versions, compared}: Part, fixed: string): readonly Comparison[] {
  let comparisons = compared.get(fixed)
  if (comparisons === undefined) {
    comparisons = versions.map(({version, shown, names}) => {
      return {installed: shown, packages: names, fixed, ...orderForMatching(version, fixed)}
    })
    compared.set(fixed, comparisons)
  }
  return comparisons
}

/** What one branch says of the id; nothing where it does not name it. */
function groundOf(part: Part, named: Named | 'rejected' | null): Ground[] {
  if (named === null) return []
  const {advisories, reason} = part.held
  const ground = {branch: advisories.branch, reason, repository: part.known.repository, date: advisories.date}
  if (named === 'rejected') return [{...ground, fixVersions: [], comparisons: []}]
  const {id, fixedVersion} = named
  return [{...ground, fixVersions: [...id.earlier, fixedVersion], comparisons: compare(part, fixedVersion)}]
}

function find({known}: Part, wanted: string): Named | 'rejected' | null {
  if (known.rejected.some(({id}) => id === wanted)) return 'rejected'
  for (const {fixedVersion, ids} of known.fixes) {
    for (const id of ids) if (id.id === wanted) return {id, fixedVersion}
  }
  return null
}

/** The packages of several branches, each once: one package may stand in two of them. */
function joined(fixes: readonly OpenFix[]): readonly InstalledPackage[] {
  return [...new Set(fixes.flatMap(({packages}) => packages))].sort((a, b) => compareText(a.name, b.name))
}
