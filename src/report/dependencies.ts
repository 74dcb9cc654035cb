import type {InstalledPackage} from '../model/package.js'

/** What ends the name of a dependency, apk-tools doc/apk-package.5: a version with its operator, or a pinned tag. */
const operator = /[<>=~@]/

/**
 * The installed packages that each one needs, from `D:` and `p:`. A name stands for the package that is called so, else
 * for the first that provides it: apk lets only one provide a name with a version. What nobody has is left out.
 */
export function dependenciesOf(
  packages: readonly InstalledPackage[],
): ReadonlyMap<InstalledPackage, readonly InstalledPackage[]> {
  const providers = new Map<string, InstalledPackage>()
  const offer = (name: string, one: InstalledPackage) => {
    if (!providers.has(name)) providers.set(name, one)
  }
  for (const one of packages) offer(one.name, one)
  for (const one of packages) for (const provided of one.provides) offer(nameOf(provided), one)
  return new Map(packages.map(one => [one, neededBy(one, providers)]))
}

function neededBy(one: InstalledPackage, providers: ReadonlyMap<string, InstalledPackage>): InstalledPackage[] {
  const needed = new Set<InstalledPackage>()
  for (const dependency of one.depends) {
    // `!name` is a conflict.
    const provider = dependency.startsWith('!') ? undefined : providers.get(nameOf(dependency))
    if (provider !== undefined && provider !== one) needed.add(provider)
  }
  return [...needed]
}

/** `so:libssl.so.3=3` is called `so:libssl.so.3`. */
function nameOf(dependency: string): string {
  const end = dependency.search(operator)
  return end < 0 ? dependency : dependency.slice(0, end)
}
