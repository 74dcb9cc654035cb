import type {ElfFile, Facts, LoaderVerdict} from '../../model/facts.js'
import type {Ecosystem, NativeFile, NativeModule} from '../../model/native.js'
import {quoteList} from '../words.js'

/** A package whose machine code was built for glibc, with those of its files that may not work on musl. */
export interface RefusedModule {
  readonly module: NativeModule
  /** Never empty. */
  readonly files: readonly NativeFile[]
  /** Is it sure that musl refuses at least one of them? Else that depends on what nobody could look at. */
  readonly isCertain: boolean
}

/** What loads the modules of an ecosystem, by file name. */
const hosts: Readonly<Record<Ecosystem, RegExp | null>> = {
  node: /^(?:node|nodejs|bun|deno|electron)$/,
  python: /^(?:python|pypy)[\d.]*$/,
  ruby: /^(?:ruby[\d.]*|jruby|truffleruby)$/,
  php: /^php(?:\d*|-fpm\d*|-cgi\d*)$/,
  dotnet: /^dotnet$|^libhostfxr\.so$/,
  java: /^java$|^libjvm\.so$/,
  go: null,
  rust: null,
}

/** Packages that bring machine code for glibc to musl. Where musl's loader was asked about a file, its verdict decides. */
export function refusedModules(facts: Facts): readonly RefusedModule[] {
  const {nativeModules, elfFiles, packages} = facts
  if (nativeModules.length === 0) return []
  const byPath = new Map(elfFiles.map(file => [file.path, file]))
  const hasGcompat = packages.some(({name}) => name === 'gcompat')
  return nativeModules.flatMap(module => {
    if (hasGlibcHost(module.ecosystem, facts)) return []
    const refused = module.files.flatMap(file => refusedFile(file, module, facts, byPath.get(file.path)) ?? [])
    if (refused.length === 0) return []
    const isCertain = refused.some(({file, judged}) => judged || (file.needsGlibcLoader && !hasGcompat))
    return [{module, files: refused.map(({file}) => file), isCertain}]
  })
}

/**
 * Paths of files whose own faults are no finding: PT3005 says it once for all that they lack, or a build for musl lies
 * beside them and is loaded instead.
 */
export function settledPaths(facts: Facts): ReadonlySet<string> {
  const refused = refusedModules(facts).flatMap(({files}) => files)
  const passedOver = facts.nativeModules.flatMap(({files}) => files.filter(({twin}) => twin !== null))
  return new Set([...refused, ...passedOver].map(({path}) => path))
}

/** The file, and whether the loader has said so; null for a file that is not concerned, or that loads. */
function refusedFile(
  file: NativeFile,
  {ecosystem}: NativeModule,
  {system}: Facts,
  elf: ElfFile | undefined,
): {readonly file: NativeFile; readonly judged: boolean} | null {
  if (file.builtFor === 'musl' || file.builtFor === 'any' || file.twin !== null) return null
  if (file.machine !== null && system.machine !== null && file.machine !== system.machine) return null
  // A program of Go or Rust is no module of anything: PT3001 says what it lacks.
  if ((ecosystem === 'go' || ecosystem === 'rust') && elf?.interpreter !== null) return null
  // Off musl the question is what would be after a move, and packages of the distribution stay behind.
  if (system.libc !== 'musl' && (elf === undefined || elf.musl === null || elf.package !== null)) return null
  const verdict = elf?.musl ?? null
  if (verdict === null) return file.builtFor === 'glibc' ? {file, judged: false} : null
  const lacks = lackOfGlibc(verdict)
  if (lacks.length === 0) return null
  const evidence = `musl has no ${quoteList(lacks)}`
  return {
    file: {...file, evidence: file.builtFor === 'glibc' ? `${file.evidence}; ${evidence}` : evidence},
    judged: true,
  }
}

/** Libraries of glibc that musl does not take for itself. */
const glibcLibrary = /^(?:ld-linux|ld64\.so|lib(?:resolv|crypt|nsl|anl|mvec|nss_[a-z]+|BrokenLocale|thread_db)\.so)/

/** What musl refuses it for and only glibc has. Another library that is missing is missing on glibc, too. */
function lackOfGlibc({verdict, interpreter, elsewhere, ...lists}: LoaderVerdict): readonly string[] {
  const symbols = [...lists.missingSymbols, ...lists.lazySymbols]
  return [
    ...(verdict === 'interpreter_missing' ? [interpreter?.path ?? ''] : []),
    ...lists.missingLibraries.flatMap(({name}) => {
      return glibcLibrary.test(name) && !elsewhere.libraries.has(name) ? [name] : []
    }),
    ...symbols.flatMap(({name, glibc}) => (glibc && !elsewhere.symbols.has(name) ? [name] : [])),
    ...lists.unsupportedRelocations.map(({name}) => name),
  ]
}

/** A glibc beside musl may serve a whole runtime: its modules are then as they should be. */
function hasGlibcHost(ecosystem: Ecosystem, {elfFiles, system}: Facts): boolean {
  const host = hosts[ecosystem]
  if (host === null || system.libc !== 'musl') return false
  return elfFiles.some(({path, libc}) => libc === 'glibc' && host.test(path.slice(path.lastIndexOf('/') + 1)))
}
