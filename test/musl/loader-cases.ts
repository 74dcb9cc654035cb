import type {MuslVerdict} from '../../src/model/musl.js'
import {
  type Circumstances,
  type LoaderEnvironment,
  libraryOf,
  listedExports,
  MuslLoader,
  muslMachine,
  parseMuslVersion,
} from '../../src/musl/index.js'
import {rootOf, type Tree} from '../support/elf-dynamic.js'

/** Some of what musl exports: enough for the cases, and small enough to read. */
export const muslNames = ['printf', 'fopen', 'readdir_r', 'posix_fallocate', 'stdout', '__tls_get_addr']

const muslExports = listedExports(new Set([...muslNames, '__libc_start_main', 'stdin']))

export const interpreter = '/lib/ld-musl-x86_64.so.1'

/** A case: files, what is asked, and how. */
export interface LoaderCase {
  readonly files: Tree
  /** Default: `/bin/p`. */
  readonly path?: string
  /** Default: judged. */
  readonly listed?: boolean
  readonly circumstances?: Circumstances
  readonly machine?: string
  readonly version?: string
  readonly environment?: Partial<LoaderEnvironment>
}

export function verdictOf(test: LoaderCase): MuslVerdict {
  const {files, path = '/bin/p', listed = false, machine: name = 'x86_64', version = '1.2.5', environment} = test
  const machine = muslMachine(name)
  const musl = {version: parseMuslVersion(version) ?? [0, 0, 0], exports: muslExports} as const
  if (machine === null) throw new Error(name)
  const files_ = {[`/lib/ld-musl-${machine.loaderArch}.so.1`]: 'musl', ...files}
  const root = rootOf(files_)
  const withMusl = {
    open(path: string) {
      const opened = root.open(path)
      // The file says only where musl is.
      if (opened.kind !== 'file' || opened.identity !== 'musl') return opened
      return {...opened, object: () => libraryOf(name, muslExports)}
    },
  }
  const loader = new MuslLoader(withMusl, {machine, musl, ...environment})
  return listed ? loader.list(path) : loader.judge(path, test.circumstances)
}

/** A verdict in few words: `symbol_not_found: foo (bin/p)`. */
export function summary(verdict: MuslVerdict): string {
  const {missingLibraries, missingSymbols, lazySymbols, unsupportedRelocations} = verdict
  const at = (path: string) => `(${path.replace(/^\//, '')})`
  return [
    verdict.verdict,
    ...missingLibraries.map(({name, neededBy, failure}) => `${name || "''"} ${failure} ${at(neededBy)}`),
    ...missingSymbols.map(({name, requiredBy}) => `${name} ${at(requiredBy)}`),
    ...lazySymbols.map(({name, requiredBy}) => `${name} when called ${at(requiredBy)}`),
    ...unsupportedRelocations.map(relocation => `${relocation.name} x${relocation.count} ${at(relocation.in)}`),
  ].join(', ')
}

/** Names of a table of cases, for `test.each`. */
export type Cases = readonly (readonly [name: string, test: LoaderCase, expected: string])[]
