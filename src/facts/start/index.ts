import type {ImageConfig} from '../../model/image.js'
import type {Loaded} from '../../model/loaded.js'
import type {InstalledPackage} from '../../model/package.js'
import {compareText, shorten} from '../../model/text.js'
import {ownedPaths} from '../owners.js'
import {followStart, type StartedProgram} from './follow.js'
import {limits} from './limits.js'
import {Processes, type ProcessSystem} from './processes.js'
import {readScripts} from './script-text.js'

export {scriptCollectors} from './script-text.js'

/** What is asked for what an image loads. */
export interface LoadedSystem extends ProcessSystem {
  readonly config: ImageConfig
  /** Package of each path that a package's file list names. */
  readonly owners: ReadonlyMap<string, string>
  readonly packages: readonly InstalledPackage[]
}

const reasonLength = 400

/**
 * What the image loads when it is started as it stands: the programs behind ENTRYPOINT and CMD, the libraries that
 * musl's loader gives them, the plugins that such programs open.
 */
export async function listLoaded(system: LoadedSystem): Promise<Loaded> {
  const {view, config, elfFiles, owners, packages} = system
  const followed = followStart(view, await readScripts(view, config), config)
  const processes = new Processes(system)
  const files = new Set(followed.scripts)
  const reads = new Map<string, RegExp>()
  const reasons = [...followed.reasons]
  const pending: StartedProgram[] = [...followed.programs]
  const seen = new Set(pending.map(({path}) => path))
  for (const program of pending) {
    const process = processes.of(program)
    for (const file of process.files) files.add(file)
    for (const pattern of process.reads) reads.set(pattern.source, pattern)
    if (process.unknown !== null) reasons.push(`${program.path}: ${process.unknown}`)
    for (const path of process.starts) {
      if (seen.has(path) || seen.size >= limits.programs) continue
      seen.add(path)
      pending.push({...program, path, name: path.slice(path.lastIndexOf('/') + 1)})
    }
  }
  return {
    command: [...config.entrypoint, ...config.cmd],
    program: followed.program,
    files: [...files].sort(compareText),
    packages: [...packagesOf(files, [...reads.values()], {view, elfFiles, owners, packages})].sort(compareText),
    reason: reasons.length === 0 ? null : shorten(reasons.slice(0, limits.reasons).join('; '), reasonLength),
  }
}

/** Packages that own one of the files, or one that an interpreter reads. */
function packagesOf(
  files: ReadonlySet<string>,
  reads: readonly RegExp[],
  {view, elfFiles, owners, packages}: Pick<LoadedSystem, 'view' | 'elfFiles' | 'owners' | 'packages'>,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const path of files) {
    const owner = owners.get(path)
    if (owner !== undefined) found.add(owner)
  }
  // A file with several names is loaded by one of them, and owned by another.
  for (const {path, sameAs} of elfFiles) {
    if (sameAs === null || !(files.has(sameAs) || files.has(path))) continue
    for (const owner of [owners.get(path), owners.get(sameAs)]) if (owner !== undefined) found.add(owner)
  }
  if (reads.length === 0) return found
  const others = packages.filter(({name}) => !found.has(name))
  for (const {path, package: owner} of ownedPaths(others, view)) {
    if (!found.has(owner.name) && reads.some(pattern => pattern.test(path))) found.add(owner.name)
  }
  return found
}
