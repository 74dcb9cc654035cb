import type {LoaderVerdict, Release} from '../model/facts.js'
import type {Warn} from '../model/warning.js'
import {
  type LibcTables,
  type LoaderRoot,
  type MuslVersion,
  muslMachine,
  muslMachines,
  onAlpine,
  parseMuslVersion,
  pathFile,
  prefixOf,
} from '../musl/index.js'
import type {RootView} from '../rootfs/index.js'
import {elfFile} from './elf-collector.js'
import {judgeFiles, type LoaderSystem, type Subject} from './loader.js'
import {loaderRoot} from './loader-root.js'
import type {FactReader} from './reader.js'

/** The Alpine system that `piton audit` imagines. */
export interface Move {
  /** `v3.23`. */
  readonly branch: string
  readonly musl: MuslVersion
  /** Is gcompat installed there? */
  readonly gcompat: boolean
}

/** The newest musl that the model knows, for a target that does not say which it has. */
export const newestMusl: MuslVersion = [1, 2, 5]

/** What asks musl's loader about the files of a target. */
export type JudgeFiles = (subjects: readonly Subject[]) => ReadonlyMap<string, LoaderVerdict>

/**
 * The loader of the target as it stands (`piton scan`): only where it has a musl, or is Alpine. A system of glibc is not
 * asked about musl.
 * @param muslPackage version of the installed musl package
 */
export async function ownLoader(
  view: RootView,
  reader: FactReader,
  tables: LibcTables,
  release: Release | null,
  muslPackage: string | null,
  providers: LoaderSystem['providers'],
  warn: Warn,
): Promise<JudgeFiles> {
  const system: LoaderSystem = {
    root: loaderRoot(view),
    version: parseMuslVersion(muslPackage ?? '') ?? newestMusl,
    pathFiles: await readPathFiles(view, reader),
    tables,
    assumeMusl: release?.id === 'alpine',
    providers,
    warn,
  }
  return subjects => judgeFiles(withoutOtherLibc(subjects), system)
}

/** The loader that the files would meet after a move to Alpine (`piton audit`). */
export function alpineLoader(
  view: RootView,
  tables: LibcTables,
  {branch, musl: version, gcompat}: Move,
  providers: LoaderSystem['providers'],
  warn: Warn,
): JudgeFiles {
  return subjects => {
    const verdicts = new Map<string, LoaderVerdict>()
    for (const name of new Set(subjects.map(({record}) => record.header.machine))) {
      const machine = muslMachine(name)
      if (machine === null) continue
      const own = subjects.filter(({record}) => record.header.machine === name)
      const root: LoaderRoot = onAlpine(loaderRoot(view), {
        machine,
        musl: tables.musl(version, machine),
        tables,
        gcompat,
        release: {branch, objects: () => own.map(({record}) => record.object())},
      })
      const system: LoaderSystem = {root, version, pathFiles: new Map(), tables, assumeMusl: true, providers, warn}
      for (const [path, verdict] of judgeFiles(own, system)) verdicts.set(path, verdict)
    }
    return verdicts
  }
}

/** Folders above a loader that are asked for a path file: real targets have one or two. */
const mostPrefixes = 100

/**
 * Contents of the files that tell musl where to look for libraries, by path; null for one that cannot be read. Each loader
 * that a program names has its own.
 */
export async function readPathFiles(view: RootView, reader: FactReader): Promise<ReadonlyMap<string, string | null>> {
  const prefixes = new Set([''])
  for (const {value} of view.collected(elfFile)) {
    if (prefixes.size < mostPrefixes && value.interpreter !== null) prefixes.add(prefixOf(value.interpreter))
  }
  const paths = [...prefixes].flatMap(prefix => muslMachines.map(machine => pathFile(prefix, machine)))
  const files = new Map<string, string | null>()
  for (const path of paths) {
    const found = view.resolve(path)
    if (found === 'missing' || found === 'not-a-directory') continue
    files.set(path, (await reader.small(path.slice(1)))?.text() ?? null)
  }
  return files
}

/**
 * Leaves out another C library's own folder: what lies beside glibc's `libc.so.6` is opened by glibc's loader, unless it
 * was made for musl.
 */
function withoutOtherLibc(subjects: readonly Subject[]): readonly Subject[] {
  const folders = new Set(subjects.filter(isGlibc).map(({path}) => folderOf(path)))
  if (folders.size === 0) return subjects
  return subjects.filter(({path, record}) => record.origin.libc === 'musl' || !folders.has(folderOf(path)))
}

function isGlibc({path, record}: Subject): boolean {
  return path.endsWith('/libc.so.6') && record.type === 'shared' && record.origin.libc !== 'musl'
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
