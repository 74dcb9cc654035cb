import {compareVersions, isValidVersion, orderForMatching} from '../apk/version.js'
import type {Match, Offer} from '../model/advisory.js'
import type {InstalledPackage} from '../model/package.js'
import {openPackageVersions, type PackageVersions} from './package-versions.js'

/** What the repositories have of the packages of a match; null where no index of that branch, or none of them, tells. */
export type OfferOf = (match: Pick<Match, 'fix' | 'packages'>) => Offer | null

/** Looks into the package indexes of a database, which it has only where somebody fetched them. */
export function offersOf(location: string): OfferOf {
  const opened = new Map<string, PackageVersions | null>()
  return ({fix, packages}) => {
    let versions = opened.get(fix.branch)
    if (versions === undefined) {
      versions = openPackageVersions(location, fix.branch)
      opened.set(fix.branch, versions)
    }
    if (versions === null) return null
    let oldest: string | null = null
    for (const one of packages) {
      const newest = newestOffered(versions, one)
      if (newest === null) return null
      // The fix is there when all of them have it.
      if (oldest === null || isNewer(oldest, newest)) oldest = newest
    }
    if (oldest === null) return null
    return {version: oldest, date: versions.date, hasFix: orderForMatching(oldest, fix.fixedVersion).order === 'fixed'}
  }
}

/** The newest version of a package for its architecture; null where no repository has it. */
export function newestOffered(versions: PackageVersions, {name, architecture}: InstalledPackage): string | null {
  const offered = versions
    .find(name)
    .filter(({architectures}) => architectures.length === 0 || architectures.includes(architecture))
    .map(({version}) => version)
  return offered.length === 0 ? null : offered.reduce((best, other) => (isNewer(other, best) ? other : best))
}

/** What cannot be compared is not newer. */
export function isNewer(version: string, than: string): boolean {
  if (!isValidVersion(than)) return true
  return isValidVersion(version) && compareVersions(version, than) > 0
}
