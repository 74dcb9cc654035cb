import type {Exports} from './exports.js'
import type {MuslMachine} from './machine.js'
import {splitPath} from './run-path.js'
import type {MuslVersion} from './version.js'

/** The musl that loads. */
export interface Musl {
  readonly version: MuslVersion
  readonly exports: Exports
  /** Where it is; absent where a table stands for the file. */
  readonly path?: string
}

/** Everything besides the files that the verdict depends on. */
export interface LoaderEnvironment {
  readonly machine: MuslMachine
  readonly musl: Musl
  /** LD_PRELOAD: names or paths, in order. */
  readonly preload?: readonly string[]
  /** LD_LIBRARY_PATH. */
  readonly libraryPath?: string
  /** For relative paths. Default: the root. */
  readonly workingDirectory?: string
  /** Contents of the files `/etc/ld-musl-ARCH.path`, by path; null for one that cannot be read. */
  readonly pathFiles?: ReadonlyMap<string, string | null>
  /** What tells whether glibc has a name, and which missing library has one. */
  readonly knowledge?: Knowledge
}

/** What is known of libraries that are not there. */
export interface Knowledge {
  /** Does glibc export this symbol, from any of its libraries? */
  isGlibc(symbol: string): boolean
  /** Does the library of this name in DT_NEEDED export it? null where the library is not known. */
  offers(library: string, symbol: string): boolean | null
}

const defaultPath = '/lib:/usr/local/lib:/usr/lib'

/**
 * The folder whose `etc` has the path file: two levels above the loader's name.
 * @param loaderName PT_INTERP of the program, or what the loader was run as
 * @returns without a slash at its end: '' for the root, and for a name that is not absolute
 */
export function prefixOf(loaderName: string): string {
  const slashes = [...loaderName.matchAll(/\//g)].map(({index}) => index)
  return loaderName.startsWith('/') ? loaderName.slice(0, slashes.at(-2) ?? 0) : ''
}

/** The file that lists the folders of a loader with this prefix. */
export function pathFile(prefix: string, {loaderArch}: MuslMachine): string {
  return `${prefix}/etc/ld-musl-${loaderArch}.path`
}

/**
 * The folders that are searched last.
 * @param loaderName PT_INTERP of the program, or what the loader was run as
 */
export function systemPath(environment: LoaderEnvironment, loaderName: string): readonly string[] {
  const content = environment.pathFiles?.get(pathFile(prefixOf(loaderName), environment.machine))
  if (content === null) return []
  // The loader takes what it read for a string of C.
  return splitPath((content ?? defaultPath).replace(/\0.*/s, ''))
}
