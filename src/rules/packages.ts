import type {InstalledPackage} from '../model/package.js'

const known = new WeakMap<readonly InstalledPackage[], ReadonlyMap<string, InstalledPackage>>()

/** A package by its name. The table is made once for all rules, and only if one asks: a target can have 200,000 packages. */
export function packageNamed(packages: readonly InstalledPackage[], name: string): InstalledPackage | undefined {
  let byName = known.get(packages)
  if (byName === undefined) {
    byName = new Map(packages.map(one => [one.name, one]))
    known.set(packages, byName)
  }
  return byName.get(name)
}
