import {nativeFileOf} from './build.js'
import {baseName, type EcosystemReader, ModuleList} from './ecosystem.js'

/** Programs and libraries of Go and Rust, which know no packages once they are built: each file is one. */
export const compiled: EcosystemReader = {
  collectors: [],
  find(_view, files) {
    const modules = new ModuleList()
    for (const file of files) {
      const {language, path} = file
      if (language !== 'go' && language !== 'rust') continue
      modules.add({ecosystem: language, name: baseName(path), version: null, path}, nativeFileOf(file, null))
    }
    return modules.toArray()
  },
}
