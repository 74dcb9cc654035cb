import type {InstalledPackage} from '../model/package.js'

/**
 * Which repository tag each package is pinned to: as apk noted it at the package (`s:`), else as world asks for it
 * (`gosu@edge`, `gosu>1.0@edge`). Packages without a tag are left out.
 */
export function pinsOf(
  packages: readonly InstalledPackage[],
  world: readonly string[],
): ReadonlyMap<InstalledPackage, string> {
  const asked = new Map(
    world.flatMap(text => {
      const [, name, tag] = /^([A-Za-z0-9_][A-Za-z0-9._+-]*)(?:[<>=~][^@]*)?@([^@\s]+)$/.exec(text) ?? []
      return name === undefined || tag === undefined ? [] : [[name, tag] as const]
    }),
  )
  return new Map(
    packages.flatMap(one => {
      const tag = one.repositoryTag || asked.get(one.name)
      return tag === undefined ? [] : [[one, tag] as const]
    }),
  )
}
