import {PitonError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {plainCodec} from '../../model/stored.js'
import type {Collector} from '../../rootfs/index.js'
import {pairTwins} from './build.js'
import {baseName, type EcosystemReader, ModuleList} from './ecosystem.js'
import {type JavaLibrary, readJavaArchive} from './java-archive.js'

const javaArchive: Collector<readonly JavaLibrary[]> = {
  name: 'javaArchive',
  wants: ({path}) => /\.(?:jar|war|ear)$/.test(path),
  magic: new Uint8Array([0x50, 0x4b, 0x03, 0x04]),
  limitBytes: limits.javaArchiveBytes,
  read(body, {path, size}, warn) {
    if (body.sizeBytes < size) {
      const message = `${path} has ${size} bytes, and its directory is at its end: not read`
      warn({code: 'LIMIT_ARCHIVE_SIZE', path, message, hides: true})
      return undefined
    }
    try {
      const libraries = readJavaArchive(body, path, warn)
      return libraries.length > 0 ? libraries : undefined
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      warn({code: error.code, path, message: error.message, hides: true})
      return undefined
    }
  },
  codec: plainCodec(),
}

/** Libraries inside of Java archives: JNI code is unpacked to a temporary folder, and loaded from there. */
export const java: EcosystemReader = {
  collectors: [javaArchive],
  find(view) {
    const modules = new ModuleList()
    for (const {path, node, value} of view.collected(javaArchive)) {
      for (const {path: within, ...build} of value) {
        const nested = within.lastIndexOf('!/')
        const holder = nested < 0 ? path : `${path}!/${within.slice(0, nested)}`
        const file = {path: `${path}!/${within}`, layer: node.layer, ...build, twin: null}
        modules.add({ecosystem: 'java', ...artifact(baseName(holder)), path: holder}, file)
      }
    }
    return modules.toArray(pairTwins)
  },
}

/** `snappy-java-1.1.10.5.jar`, as Maven names what it fetches. */
function artifact(fileName: string): {readonly name: string; readonly version: string | null} {
  const plain = fileName.replace(/\.(?:jar|war|ear)$/, '')
  const [, name, version] = /^(.+?)-(\d[^/]*)$/.exec(plain) ?? []
  return name === undefined || version === undefined ? {name: plain, version: null} : {name, version}
}
