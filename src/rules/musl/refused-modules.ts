import type {ElfFile, Facts, LoaderVerdict} from '../../model/facts.js'
import type {Ecosystem, NativeFile, NativeModule} from '../../model/native.js'

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
    const files = module.files.filter(file => isRefused(file, module, facts, byPath.get(file.path)))
    if (files.length === 0 || hasGlibcHost(module.ecosystem, facts)) return []
    const isCertain = files.some(({path, needsGlibcLoader}) => {
      return (byPath.get(path)?.musl ?? null) !== null || (needsGlibcLoader && !hasGcompat)
    })
    return [{module, files, isCertain}]
  })
}

/** Paths of all files that {@link refusedModules} names: what else is wrong with them comes from that. */
export function refusedPaths(facts: Facts): ReadonlySet<string> {
  return new Set(refusedModules(facts).flatMap(({files}) => files.map(({path}) => path)))
}

function isRefused(file: NativeFile, module: NativeModule, {system}: Facts, elf: ElfFile | undefined): boolean {
  if (file.builtFor !== 'glibc' || file.twin !== null) return false
  if (file.machine !== null && system.machine !== null && file.machine !== system.machine) return false
  // A program of Go or Rust is no module of anything: PT3001 says what it lacks.
  if ((module.ecosystem === 'go' || module.ecosystem === 'rust') && elf?.interpreter !== null) return false
  const verdict = elf?.musl ?? null
  if (system.libc === 'musl') return verdict === null || lacksGlibc(verdict)
  // Elsewhere the question is what would be after a move, and packages of the distribution stay behind.
  return verdict !== null && elf?.package === null && lacksGlibc(verdict)
}

/** Libraries of glibc that musl does not take for itself. */
const glibcLibrary = /^(?:ld-linux|ld64\.so|lib(?:resolv|crypt|nsl|anl|mvec|nss_[a-z]+|BrokenLocale|thread_db)\.so)/

/** Does musl refuse it for what only glibc has? Another library that is missing is missing on glibc, too. */
function lacksGlibc({verdict, elsewhere, ...lists}: LoaderVerdict): boolean {
  const symbols = [...lists.missingSymbols, ...lists.lazySymbols]
  return (
    verdict === 'interpreter_missing' ||
    lists.unsupportedRelocations.length > 0 ||
    lists.missingLibraries.some(({name}) => glibcLibrary.test(name) && !elsewhere.libraries.has(name)) ||
    symbols.some(({name, glibc}) => glibc && !elsewhere.symbols.has(name))
  )
}

/** A glibc beside musl may serve a whole runtime: its modules are then as they should be. */
function hasGlibcHost(ecosystem: Ecosystem, {elfFiles, system}: Facts): boolean {
  const host = hosts[ecosystem]
  if (host === null || system.libc !== 'musl') return false
  return elfFiles.some(({path, libc}) => libc === 'glibc' && host.test(path.slice(path.lastIndexOf('/') + 1)))
}
