import {Buffer} from 'node:buffer'
import {type ElfFacts, type FoundNames, isUnreadable, type Libc, type Origin} from '../model/elf.js'
import {dynamicNames, languageNames, staticNames, unwindNames} from './names.js'
import {perFile} from './per-file.js'

/** Tells language, compilers and C library from notes, `.comment`, symbols, libraries and, last, text in the file. */
export function originOf(elf: ElfFacts): Origin {
  return {language: languageOf(elf), compilers: compilersOf(elf.comments()), libc: libcOf(elf)}
}

/** Libraries that a language's runtime lives in, by the beginning of their names. */
const runtimeLibraries: readonly (readonly [prefix: string, language: string])[] = [
  ['libstdc++.so', 'c++'],
  ['libc++.so', 'c++'],
  ['libswiftCore.so', 'swift'],
  ['libgfortran.so', 'fortran'],
  ['libflang', 'fortran'],
  ['libgnat-', 'ada'],
  ['libgphobos.so', 'd'],
  ['libphobos2', 'd'],
  ['libdruntime', 'd'],
  ['libHS', 'haskell'],
  ['libgo.so', 'go'],
  ['libstd-', 'rust'],
]

/** Words in `.comment`. A file of several languages is named after the one whose rules differ most from C's. */
const commentWords: readonly (readonly [word: RegExp, language: string])[] = [
  [/\brustc\b/, 'rust'],
  [/\bGHC\b/, 'haskell'],
  [/\bldc\b|\bGDC\b/i, 'd'],
  [/\bFPC\b/, 'pascal'],
  [/^zig\b/i, 'zig'],
]

/** Sections that only one language's compilers make: of Pascal's and D's programs nothing else may be left. */
const languageSections: ReadonlyMap<string, string> = new Map([
  ['.fpcdata', 'pascal'],
  ['fpc.resources', 'pascal'],
  ['minfo', 'd'],
  ['__minfo', 'd'],
])

/** Text that a stripped static program still has: the standard library's own file names and type names. */
const dataWords: readonly (readonly [word: string, language: string])[] = [
  ['/rustc/', 'rust'],
  ['library/std/src/', 'rust'],
  ['St9bad_alloc', 'c++'],
]

/** `unknown` where nothing tells. */
export const languageOf = perFile((elf): string => {
  if (isGo(elf)) return 'go'
  const tables = [dynamicNames(elf), ...(isStatic(elf) ? [staticNames(elf)] : [])]
  const names = tables.flatMap(found => (isUnreadable(found) ? [] : found))
  const fromNames = new Set(names.flatMap(found => languagesOf(found)))
  const comments = elf.comments()
  const fromComment = commentWords.find(([word]) => comments.some(comment => word.test(comment)))?.[1]
  const libraries = neededOf(elf)
  const fromLibrary = runtimeLibraries.find(([prefix]) => libraries.some(name => name.startsWith(prefix)))?.[1]
  if (fromNames.has('rust')) return 'rust'
  if (fromComment !== undefined) return fromComment
  const fromSection = isUnreadable(elf.sections) ? undefined : elf.sections.find(({name}) => languageSections.has(name))
  if (fromSection !== undefined) return languageSections.get(fromSection.name) as string
  const exotic = [...fromNames].find(language => language !== 'c++')
  if (exotic !== undefined) return exotic
  if (fromLibrary !== undefined) return fromLibrary
  if (fromNames.has('c++')) return 'c++'
  const unwinds = names.some(found => unwindNames.some(name => found.undefined.has(name)))
  const fromData = isStatic(elf) || unwinds ? searchData(elf, dataWords) : null
  if (fromData !== null) return fromData
  if (comments.some(text => /GCC|clang/.test(text))) return 'c'
  // What is left imports from a C library and shows no other language's runtime.
  return !isStatic(elf) && ['musl', 'glibc', 'uclibc', 'bionic'].includes(libcOf(elf)) ? 'c' : 'unknown'
})

/** The Go toolchain's own note, or sections that only it makes. */
export function isGo(elf: ElfFacts): boolean {
  const notes = elf.notes()
  if (!isUnreadable(notes) && notes.goBuildID !== null) return true
  if (isUnreadable(elf.sections)) return false
  return elf.sections.some(({name}) => name === '.gopclntab' || name === '.go.buildinfo' || name === '.note.go.buildid')
}

function languagesOf({undefined: imported, defined}: FoundNames): readonly string[] {
  return [...imported, ...defined].flatMap(name => languageNames.get(name) ?? [])
}

/** `GCC: (Debian 12.2.0-14) 12.2.0` is `GCC 12.2.0`. */
function compilersOf(comments: readonly string[]): readonly string[] {
  const known = comments.flatMap(comment => {
    const gcc = /^(GCC): \(.*\) (\S+)/.exec(comment)
    const other = /\b(clang|rustc|ldc|GHC|zig)(?: version)? v?(\d\S*)/.exec(comment)
    const [, name, version] = gcc ?? other ?? []
    return name === undefined ? [] : `${name} ${version}`
  })
  return [...new Set(known)]
}

/** The C library that a file was linked for, or holds. */
export const libcOf = perFile((elf): Libc => {
  const notes = elf.notes()
  if (!isUnreadable(notes) && notes.owners.has('Android')) return 'bionic'
  const interpreter = typeof elf.interpreter === 'string' ? elf.interpreter : ''
  const soname = isUnreadable(elf.dynamic) ? null : elf.dynamic?.soname
  const fromName = [interpreter, ...neededOf(elf), soname ?? ''].map(libcOfName).find(libc => libc !== null)
  if (fromName) return fromName
  if (elf.type === 'relocatable' || elf.type === 'core' || elf.type === 'debug') return 'unknown'
  if (isStatic(elf)) return libcInside(elf)
  const symbols = elf.symbols()
  const wantsNothing = !isUnreadable(symbols) && symbols !== null && neededOf(elf).length === 0 && symbols.count <= 1
  return wantsNothing ? 'none' : 'unknown'
})

const libcNamePatterns: readonly (readonly [name: RegExp, libc: Libc])[] = [
  [/(^|\/)ld-musl-[^/]*\.so\.1$|^libc\.musl-/, 'musl'],
  [/(^|\/)ld-uClibc[^/]*$|^libc\.so\.[01]$/, 'uclibc'],
  [/(^|\/)linker(64)?$/, 'bionic'],
  [/(^|\/)ld(64)?(-linux[^/]*)?\.so\.[1-3]$|^libc\.so\.6(\.1)?$|^ld-2\./, 'glibc'],
  // musl's own soname, unless a distribution renames it; Android's has it too, but its files carry a note.
  [/^libc\.so$/, 'musl'],
]

function libcOfName(name: string): Libc | null {
  return libcNamePatterns.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** musl's text for error 0 is its own; glibc's start files carry an ABI tag, which musl's do not. */
const libcWords: readonly (readonly [word: string, libc: Libc])[] = [
  ['No error information\0', 'musl'],
  ['GLIBC_TUNABLES', 'glibc'],
  ['GNU C Library', 'glibc'],
]

function libcInside(elf: ElfFacts): Libc {
  if (isGo(elf) && !hasConstructors(elf)) return 'none'
  const fromData = searchData(elf, libcWords)
  if (fromData !== null) return fromData as Libc
  const notes = elf.notes()
  if (!isUnreadable(notes) && notes.abiTag?.system === 'Linux') return 'glibc'
  return isGo(elf) ? 'none' : 'unknown'
}

/** Go's own linker makes no constructor table: a program with one was linked with C code. Without sections, who knows. */
function hasConstructors({sections}: ElfFacts): boolean {
  return isUnreadable(sections) || sections.length === 0 || sections.some(({name}) => name === '.init_array')
}

function searchData(elf: ElfFacts, words: readonly (readonly [word: string, meaning: string])[]): string | null {
  const pieces = elf.readOnlyData()
  if (isUnreadable(pieces)) return null
  const found = words.find(([word]) =>
    pieces.some(bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(word)),
  )
  return found?.[1] ?? null
}

export function isStatic({type}: ElfFacts): boolean {
  return type === 'static' || type === 'static-pie'
}

function neededOf({dynamic}: ElfFacts): readonly string[] {
  return isUnreadable(dynamic) ? [] : (dynamic?.needed ?? [])
}
