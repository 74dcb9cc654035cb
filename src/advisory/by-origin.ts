import {limits} from '../model/limits.js'
import type {InstalledPackage} from '../model/package.js'
import {shorten} from '../model/text.js'

/** NAME_MAX of Linux: what is longer was never a package. */
const nameLength = 255

/** Installed packages of one origin and one version. */
export interface SameVersion {
  readonly version: string
  /** The version, as long as a finding says it. */
  readonly shown: string
  readonly packages: readonly InstalledPackage[]
  /** Their names, as many and as long as a finding says them. */
  readonly names: readonly string[]
}

/** Packages by origin, and within it by version: those of one origin nearly always share theirs. */
export function groupByOrigin(packages: readonly InstalledPackage[]): ReadonlyMap<string, readonly SameVersion[]> {
  const origins = new Map<string, Map<string, InstalledPackage[]>>()
  for (const item of packages) {
    if (isVirtual(item)) continue
    const versions = origins.get(originOf(item)) ?? new Map<string, InstalledPackage[]>()
    origins.set(originOf(item), versions)
    const same = versions.get(item.version)
    if (same === undefined) versions.set(item.version, [item])
    else same.push(item)
  }
  return new Map(
    [...origins].map(([origin, versions]) => [
      origin,
      [...versions].map(([version, packages]) => {
        const names = packages.slice(0, limits.packagesPerFinding).map(({name}) => shorten(name, nameLength))
        return {version, shown: shorten(version, nameLength), packages, names}
      }),
    ]),
  )
}

/** The source package that advisories name. */
export function originOf({origin, name}: InstalledPackage): string {
  return origin || name
}

/** `apk add --virtual .build-deps` makes a package of no content, whose name nobody published. */
export function isVirtual({name}: InstalledPackage): boolean {
  return name.startsWith('.')
}
