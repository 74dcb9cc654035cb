import type {Build} from '../../model/native.js'
import type {RootView} from '../../rootfs/index.js'
import {fromName, nativeFileOf} from './build.js'
import {type EcosystemReader, exists, ModuleList} from './ecosystem.js'

/** `gems/nokogiri-1.16.0-x86_64-linux-gnu/…`; a gem that was compiled where it is has no platform in its name. */
const gemFolder =
  /^((?:.*\/)?gems\/([A-Za-z0-9][\w.-]*?)-(\d+(?:\.[0-9A-Za-z]+)*)(?:-((?:x86_64|aarch64|arm64|arm|x86|i[3-6]86|ppc64le|riscv64|s390x)-[a-z0-9-]+))?)\//
/** `extensions/x86_64-linux-musl/3.2.0/racc-1.7.3/…`: where RubyGems puts what it compiled. */
const extensionFolder =
  /^((?:.*\/)?extensions\/([a-z0-9_]+-linux[a-z-]*)\/[^/]+\/([A-Za-z0-9][\w.-]*?)-(\d+(?:\.[0-9A-Za-z]+)*))\//

/** Gems with machine code: precompiled for a platform, or compiled where they are. */
export const ruby: EcosystemReader = {
  collectors: [],
  find(view, files) {
    const modules = new ModuleList()
    for (const file of files) {
      const gem = gemOf(file.path)
      if (gem === null) continue
      const {name, version, platform, path} = gem
      const twin = platform === undefined ? null : twinOf(view, path, platform)
      modules.add({ecosystem: 'ruby', name, version, path}, nativeFileOf(file, fromPlatform(platform), twin))
    }
    return modules.toArray()
  },
}

function gemOf(path: string) {
  const [, compiled, compiledFor, compiledName = '', compiledVersion = ''] = extensionFolder.exec(path) ?? []
  if (compiled !== undefined)
    return {name: compiledName, version: compiledVersion, platform: compiledFor, path: compiled}
  const [, folder, name = '', version = '', platform] = gemFolder.exec(path) ?? []
  return folder === undefined ? null : {name, version, platform, path: folder}
}

/** RubyGems before 3.3.22 wrote `x86_64-linux` for both C libraries: that says nothing. */
function fromPlatform(platform: string | undefined): Build | null {
  const build = platform === undefined ? null : fromName(platform)
  return build && {...build, evidence: `platform ${build.evidence}`}
}

/** The gem of the same version for musl, which RubyGems would take instead. */
function twinOf(view: RootView, folder: string, platform: string): string | null {
  const musl = platform.replace(/-linux(?:-gnu[a-z]*)?$/, '-linux-musl')
  const twin = folder.replace(platform, musl)
  return twin !== folder && exists(view, twin) ? twin : null
}
