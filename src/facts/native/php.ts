import {nativeFileOf} from './build.js'
import {type EcosystemReader, folderOf, ModuleList} from './ecosystem.js'

/** Alpine's `usr/lib/php83/modules`, PHP's own `lib/php/extensions/no-debug-non-zts-20230831`, Debian's `lib/php/20230831`. */
const extension = /\/(?:php\d*\/modules|php\/extensions\/[^/]+|php\/\d{8}[^/]*)\/([^/]+)\.so$/

/** Extensions of PHP. The closed ones (loaders, monitoring agents) come as downloads, and mostly for glibc. */
export const php: EcosystemReader = {
  collectors: [],
  find(_view, files) {
    const modules = new ModuleList()
    for (const file of files) {
      const [, name] = extension.exec(file.path) ?? []
      if (name === undefined) continue
      modules.add({ecosystem: 'php', name, version: null, path: folderOf(file.path)}, nativeFileOf(file, null))
    }
    return modules.toArray()
  },
}
