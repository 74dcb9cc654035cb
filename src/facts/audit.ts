import type {Audit, FileMove, Outcome} from '../model/audit.js'
import type {ElfFile, LoaderVerdict} from '../model/facts.js'
import type {MuslVerdict} from '../model/musl.js'
import {compareText} from '../model/text.js'
import {runtimePackages} from '../musl/index.js'

/** What a move is told from. */
export interface AuditParts {
  readonly alpine: Audit['alpine']
  readonly gcompat: boolean
  readonly files: readonly ElfFile[]
  /** The same files with gcompat installed, by path; null where it is taken to be installed anyway. */
  readonly withGcompat: ReadonlyMap<string, LoaderVerdict> | null
  /** Alpine packages that bring a library, best first. */
  readonly providers: (soname: string) => readonly string[]
  readonly packageListDate: string | null
}

/** Tells of every judged file what becomes of it on Alpine, and what has to be installed. */
export function auditMove(parts: AuditParts): Audit {
  const own = new Set(parts.files.map(({path}) => path))
  const files = parts.files
    .flatMap(file => {
      // Hard links are one file: its first name speaks for it.
      if (file.sameAs !== null) return []
      const move = file.musl && moveOf(file, file.musl, own, parts)
      return move === null ? [] : [move]
    })
    .sort((a, b) => compareText(a.path, b.path))
  const packages = files.filter(({isDistribution}) => !isDistribution).flatMap(file => file.packages)
  const {alpine, gcompat, packageListDate} = parts
  return {alpine, gcompat, files, packages: [...new Set(packages)].sort(), packageListDate}
}

function moveOf(
  {path, package: owner}: ElfFile,
  verdict: LoaderVerdict,
  own: ReadonlySet<string>,
  parts: AuditParts,
): FileMove | null {
  if (verdict.verdict === 'not_loadable') return null
  const isDistribution = owner !== null
  const plain = told(verdict, own, parts)
  const gcompat = plain.blockers.length === 0 ? null : parts.withGcompat?.get(path)
  const helped = gcompat === undefined || gcompat === null ? null : told(gcompat, own, parts)
  if (helped !== null && helped.blockers.length === 0 && gcompat?.lazySymbols.length === 0) {
    return {path, outcome: 'gcompat', packages: ['gcompat', ...helped.packages], blockers: [], isDistribution}
  }
  return {path, outcome: outcomeOf(verdict, plain), ...plain, isDistribution}
}

interface Told {
  readonly packages: readonly string[]
  readonly blockers: readonly string[]
}

/** What a file needs, and what nothing can give it. */
function told(verdict: LoaderVerdict, own: ReadonlySet<string>, {providers}: AuditParts): Told {
  const packages = new Set<string>()
  const blockers: string[] = []
  for (const loaded of verdict.closure) {
    const runtime = runtimePackages.get(loaded.slice(loaded.lastIndexOf('/') + 1))
    if (runtime !== undefined && !own.has(loaded)) packages.add(runtime)
  }
  const provided = new Set<string>()
  for (const {name} of verdict.missingLibraries) {
    // It lies in another folder of the target: whoever opens this file has it open, or knows where it is.
    if (verdict.elsewhere.libraries.has(name)) continue
    const provider = isGlibcLibrary(name) ? undefined : providers(name)[0]
    if (provider === undefined) blockers.push(`library ${name}`)
    else {
      packages.add(provider)
      provided.add(name)
    }
  }
  if (verdict.verdict === 'interpreter_missing' && verdict.interpreter !== null)
    blockers.push(`loader ${verdict.interpreter.path}`)
  for (const {name, explainedBy} of verdict.missingSymbols) {
    if (verdict.elsewhere.symbols.has(name)) continue
    if (explainedBy !== null && (provided.has(explainedBy) || verdict.elsewhere.libraries.has(explainedBy))) continue
    blockers.push(`symbol ${name}`)
  }
  for (const {name} of verdict.unsupportedRelocations) blockers.push(`relocation ${name}`)
  return {packages: [...packages].sort(), blockers: [...new Set(blockers)]}
}

function outcomeOf({lazySymbols}: MuslVerdict, {packages, blockers}: Told): Outcome {
  if (blockers.length > 0) return 'rebuild'
  if (lazySymbols.length > 0) return 'crashes'
  return packages.length > 0 ? 'packages' : 'runs'
}

/** Alpine packages that have a file of this name do not make it glibc's. */
function isGlibcLibrary(name: string): boolean {
  return /^(?:ld-linux|ld64\.so|ld\.so|libc\.so\.6|libm\.so\.6|libpthread\.so|libdl\.so|librt\.so|libutil\.so|libanl\.so|libBrokenLocale\.so|libnss_|libnsl\.so\.1|libresolv\.so|libthread_db\.so|libmvec\.so)/.test(
    name,
  )
}
