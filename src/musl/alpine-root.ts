import type {Musl} from './environment.js'
import {listedExports, noExports} from './exports.js'
import {glibcLoaderPaths} from './glibc-loaders.js'
import {gcompatLibrary} from './interpreter.js'
import {loaderPath, type MuslMachine} from './machine.js'
import {releasedRuntime} from './newer-runtime.js'
import {type LoaderObject, libraryOf} from './object.js'
import {type LoaderRoot, modelFile, type Opened, overlay, underlay} from './root.js'
import type {LibcTables} from './tables/index.js'

/** What is to be on the Alpine system that files of another one are put on. */
export interface AlpineSystem {
  readonly machine: MuslMachine
  readonly musl: Musl
  readonly tables: LibcTables
  /** gcompat is installed. */
  readonly gcompat: boolean
  /** Libraries of GCC's runtime, which nearly every image has: by file name. */
  readonly runtime?: readonly string[]
  /** The release, whose GCC may be newer than the one that the tables know, and the files that ask its runtime. */
  readonly release?: {readonly branch: string; readonly objects: () => Iterable<LoaderObject>}
}

/** GCC's runtime as far as the tables know it, and the Alpine packages that bring it. */
export const runtimePackages: ReadonlyMap<string, string> = new Map([
  ['libstdc++.so.6', 'libstdc++'],
  ['libgcc_s.so.1', 'libgcc'],
])

/**
 * The files of a root as they would stand on Alpine: musl is there and glibc's loader is not, unless gcompat takes its
 * place. Libraries of the runtime are there where the root has none of its own in the same place.
 */
export function onAlpine(root: LoaderRoot, system: AlpineSystem): LoaderRoot {
  const {machine, musl, tables, gcompat, runtime = [...runtimePackages.keys()], release} = system
  const replaced = new Map<string, Opened>(glibcLoaderPaths(machine).map(path => [path, {kind: 'missing'}]))
  const loader = loaderPath(machine)
  replaced.set(loader, modelFile(loader, libraryOf(machine.name, musl.exports)))
  if (gcompat) for (const [path, opened] of gcompatFiles(machine, tables)) replaced.set(path, opened)
  const added = new Map(
    runtime.map(name => {
      const path = `/usr/lib/${name}`
      const listed = tables.runtimeLibrary(name)
      const exports =
        release === undefined || name !== 'libstdc++.so.6'
          ? listed
          : releasedRuntime(listed, release.branch, release.objects)
      return [path, modelFile(path, libraryOf(machine.name, exports))]
    }),
  )
  return overlay(underlay(root, added), replaced)
}

/** Of gcompat's links by glibc's names, those that musl opens: it takes the others for itself. */
const gcompatLinks = ['/lib/libcrypt.so.1', '/lib/libresolv.so.2']

/** Packages that gcompat brings along, and where their libraries are. */
const gcompatCompany = [
  {name: 'libucontext', folder: '/lib'},
  {name: 'musl-obstack', folder: '/usr/lib'},
]

/** The files of gcompat and what it needs. */
export function gcompatFiles(machine: MuslMachine, tables: LibcTables): ReadonlyMap<string, Opened> {
  const files = new Map<string, Opened>()
  const add = (paths: readonly string[], object: LoaderObject) => {
    const file = modelFile(paths[0] ?? '', object)
    for (const path of paths) files.set(path, file)
  }
  const library = (name: string, needed: readonly string[]) =>
    libraryOf(machine.name, listedExports(tables.helper(name)?.names ?? new Set()), [...needed, 'libc.so'])

  const company = gcompatCompany.map(({name, folder}) => ({name, soname: tables.helper(name)?.soname ?? name, folder}))
  for (const {name, soname, folder} of company) add([`${folder}/${soname}`], library(name, []))
  const sonames = company.map(({soname}) => soname)
  add([gcompatLibrary, ...gcompatLinks], library('gcompat', sonames))
  // The program in the place of glibc's loader has nothing to offer, but files that name it alone have found musl.
  add(glibcLoaderPaths(machine), {...libraryOf(machine.name, noExports, ['libc.so']), type: 'static-pie'})
  return files
}
