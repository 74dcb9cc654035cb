import type {InstalledPackage, OwnedFile} from '../model/package.js'
import type {RootView} from '../rootfs/index.js'

/** A file that a package owns, and where the view has it. */
export interface OwnedPath {
  readonly path: string
  readonly file: OwnedFile
  readonly package: InstalledPackage
}

/** Which package owns a path; of several the last. */
export function ownersOf(packages: readonly InstalledPackage[], view: RootView): ReadonlyMap<string, InstalledPackage> {
  const owners = new Map<string, InstalledPackage>()
  for (const {path, package: owner} of ownedPaths(packages, view)) owners.set(path, owner)
  return owners
}

/**
 * Every file of every package. The database names files as the package was built (`bin/busybox`), the view where links
 * led them (`usr/bin/busybox`): folders are resolved before they are compared.
 */
export function* ownedPaths(packages: readonly InstalledPackage[], view: RootView): Generator<OwnedPath> {
  const folders = new Map<string, string>()
  const realFolder = (folder: string): string => {
    let real = folders.get(folder)
    if (real === undefined) {
      const found = view.resolve(folder)
      real = typeof found === 'string' ? folder : found.path
      folders.set(folder, real)
    }
    return real
  }
  for (const owner of packages) {
    for (const file of owner.files) {
      const slash = file.path.lastIndexOf('/')
      const name = file.path.slice(slash + 1)
      const folder = slash < 0 ? '' : realFolder(file.path.slice(0, slash))
      yield {path: folder === '' ? name : `${folder}/${name}`, file, package: owner}
    }
  }
}
