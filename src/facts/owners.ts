import type {Distribution} from '../model/distribution.js'
import type {InstalledPackage, OwnedFile} from '../model/package.js'
import type {RootView} from '../rootfs/index.js'

/** A file that a package owns, and where the view has it. */
export interface OwnedPath {
  readonly path: string
  readonly file: OwnedFile
  readonly package: InstalledPackage
}

/** The name of the package that owns a path; of several the last, and one of apk before any other. */
export function ownersOf(
  packages: readonly InstalledPackage[],
  distribution: Distribution | null,
  view: RootView,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  const real = realPaths(view)
  for (const {name, files} of distribution?.packages ?? []) for (const path of files ?? []) owners.set(real(path), name)
  for (const {path, package: owner} of ownedPaths(packages, view)) owners.set(path, owner.name)
  return owners
}

/** Every file of every package. */
export function* ownedPaths(packages: readonly InstalledPackage[], view: RootView): Generator<OwnedPath> {
  const real = realPaths(view)
  for (const owner of packages) for (const file of owner.files) yield {path: real(file.path), file, package: owner}
}

/**
 * Databases name files as the package was built (`bin/busybox`), the view where links led them (`usr/bin/busybox`):
 * folders are resolved before they are compared.
 */
function realPaths(view: RootView): (path: string) => string {
  const folders = new Map<string, string>()
  return path => {
    const slash = path.lastIndexOf('/')
    if (slash < 0) return path
    const folder = path.slice(0, slash)
    let real = folders.get(folder)
    if (real === undefined) {
      const found = view.resolve(folder)
      real = typeof found === 'string' ? folder : found.path
      folders.set(folder, real)
    }
    // A million times the text that is there already.
    if (real === folder) return path
    return real === '' ? path.slice(slash + 1) : `${real}${path.slice(slash)}`
  }
}
