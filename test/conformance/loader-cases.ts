import {createHash} from 'node:crypto'
import {basename} from 'node:path'
import type {MuslVerdict} from '../../src/model/musl.js'
import {
  gcompatFiles,
  type LoaderEnvironment,
  type LoaderRoot,
  libraryOf,
  listedExports,
  MuslLoader,
  type MuslMachine,
  modelFile,
  muslMachine,
  type Opened,
  underlay,
} from '../../src/musl/index.js'
import type {LibcTables} from '../../src/musl/tables/index.js'
import {folderRoot} from './folder-root.js'

/** A file of a public npm package, and what the real loader said of it in several root folders. */
export interface LoaderCase {
  readonly package: string
  readonly path: string
  readonly size: number
  readonly sha256: string
  readonly arch: string
  readonly results: Readonly<Record<string, Result | string>>
}

/** As CASES.md describes it. */
interface Result {
  readonly verdict: string
  readonly libs?: readonly (string | readonly [name: string, neededBy: string, reason: string])[]
  readonly syms?: Names
  readonly dep_syms?: readonly (readonly [symbol: string, object: string])[] | {readonly count: number}
}
type Names = readonly string[] | {readonly count: number; readonly sha256: string}

export const environments = [
  'alpine39',
  'alpine39-musl1.2.5',
  'cxx-1.2.5',
  'node-1.2.5',
  'gcompat-1.2.5',
  'gcompat-preload-1.2.5',
  'gcompat-node-1.2.5',
] as const
export type EnvironmentName = (typeof environments)[number]

const gcompatLibrary = '/lib/libgcompat.so.0'
const nodeProgram = '/opt/node'

/** What the real loader said; undefined where it was not asked. */
export function resultOf({results}: LoaderCase, name: EnvironmentName): Result | undefined {
  const result = results[name]
  return typeof result === 'string' ? (results[result.slice(1)] as Result) : result
}

/** What the model says of the same file in the same environment. */
export function judge(
  {path, arch}: LoaderCase,
  folder: string,
  name: EnvironmentName,
  tables: LibcTables,
): MuslVerdict {
  const machine = muslMachine(arch === 'x86' ? 'i386' : arch)
  if (machine === null) throw new Error(`${arch}: no such machine`)
  const [root, environment] = environmentOf(name, machine, folderRoot(folder, '/corpus'), tables)
  return new MuslLoader(root, environment).list(`/corpus/${path}`)
}

function environmentOf(
  name: EnvironmentName,
  machine: MuslMachine,
  corpus: LoaderRoot,
  tables: LibcTables,
): readonly [LoaderRoot, LoaderEnvironment] {
  const files = new Map<string, Opened>()
  const add = (path: string, exports = tables.runtimeLibrary(basename(path))) =>
    files.set(path, modelFile(path, libraryOf(machine.name, exports)))
  add('/lib/libz.so.1', listedExports(zlib))
  if (!name.startsWith('alpine39'))
    for (const library of ['libstdc++.so.6', 'libgcc_s.so.1']) add(`/usr/lib/${library}`)
  if (name.startsWith('gcompat')) for (const [path, file] of gcompatFiles(machine, tables)) files.set(path, file)
  add(nodeProgram, tables.nodeHost)
  const musl = tables.musl(name === 'alpine39' ? [1, 1, 20] : [1, 2, 5], machine)
  const preload = [
    ...(name.includes('node') ? [nodeProgram] : []),
    ...(/^gcompat-(?:preload|node)/.test(name) ? [gcompatLibrary] : []),
  ]
  return [underlay(corpus, files), {machine, musl, preload, knowledge: tables.knowledge}]
}

/** The verdict in the words of the real loader's results: what differs shows as a difference of these. */
export function asResult(verdict: MuslVerdict, {path}: LoaderCase) {
  const own = `/corpus/${path}`
  const libs = verdict.missingLibraries.map(({name, neededBy}) =>
    neededBy === own ? name : `${name} < ${basename(neededBy)}`,
  )
  const syms = verdict.missingSymbols.filter(({requiredBy}) => requiredBy === own).map(({name}) => name)
  const ofOthers = verdict.missingSymbols.filter(({requiredBy}) => requiredBy !== own)
  const dep_syms = ofOthers.map(({name, requiredBy}) => `${name} < ${basename(requiredBy)}`)
  return {verdict: verdict.verdict, libs: libs.sort(), syms: summed(syms.sort()), dep_syms: dep_syms.sort()}
}

export function expected(result: Result, found: ReturnType<typeof asResult>) {
  const libs = (result.libs ?? []).map(lib => (typeof lib === 'string' ? lib : `${lib[0]} < ${basename(lib[1])}`))
  const {syms = [], dep_syms = []} = result
  const isCounted = !Array.isArray(dep_syms)
  const others = isCounted
    ? // Only their number is known.
      (dep_syms as {readonly count: number}).count === found.dep_syms.length
      ? found.dep_syms
      : [`${(dep_syms as {readonly count: number}).count} symbols`]
    : (dep_syms as readonly (readonly [string, string])[]).map(([symbol, object]) => `${symbol} < ${basename(object)}`)
  return {
    verdict: result.verdict,
    libs: libs.sort(),
    syms: 'count' in syms ? `${syms.count} ${syms.sha256}` : syms,
    dep_syms: [...others].sort(),
  }
}

/** Above 300 names the results hold their number and the digest of all. */
function summed(names: readonly string[]): readonly string[] | string {
  if (names.length <= 300) return names
  return `${names.length} ${createHash('sha256').update(names.join('\n')).digest('hex')}`
}

/** Of zlib 1.2.11, which the Alpine root folder of the measurement has. */
const zlib = new Set(
  `adler32 adler32_combine adler32_combine64 adler32_z compress compress2 compressBound crc32 crc32_combine
  crc32_combine64 crc32_z deflate deflateBound deflateCopy deflateEnd deflateGetDictionary deflateInit2_ deflateInit_
  deflateParams deflatePending deflatePrime deflateReset deflateResetKeep deflateSetDictionary deflateSetHeader
  deflateTune get_crc_table gzbuffer gzclearerr gzclose gzclose_r gzclose_w gzdirect gzdopen gzeof gzerror gzflush gzfread
  gzfwrite gzgetc gzgetc_ gzgets gzoffset gzoffset64 gzopen gzopen64 gzprintf gzputc gzputs gzread gzrewind gzseek
  gzseek64 gzsetparams gztell gztell64 gzungetc gzvprintf gzwrite inflate inflateBack inflateBackEnd inflateBackInit_
  inflateCodesUsed inflateCopy inflateEnd inflateGetDictionary inflateGetHeader inflateInit2_ inflateInit_ inflateMark
  inflatePrime inflateReset inflateReset2 inflateResetKeep inflateSetDictionary inflateSync inflateSyncPoint
  inflateUndermine inflateValidate uncompress uncompress2 zError zlibCompileFlags zlibVersion`.split(/\s+/),
)
