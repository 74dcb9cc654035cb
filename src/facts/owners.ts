import type {InstalledPackage} from '../model/package.js'
import type {RootView} from '../rootfs/index.js'

/**
 * Which package owns a path. The database names files as the package was built (`bin/busybox`), the view where links
 * led them (`usr/bin/busybox`): folders are resolved before they are compared.
 */
export function ownersOf(packages: readonly InstalledPackage[], view: RootView): ReadonlyMap<string, InstalledPackage> {
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
  const owners = new Map<string, InstalledPackage>()
  for (const pkg of packages) {
    for (const {path} of pkg.files) {
      const slash = path.lastIndexOf('/')
      const folder = slash < 0 ? '' : realFolder(path.slice(0, slash))
      owners.set(folder === '' ? path.slice(slash + 1) : `${folder}/${path.slice(slash + 1)}`, pkg)
    }
  }
  return owners
}
