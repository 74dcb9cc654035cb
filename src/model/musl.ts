/**
 * What musl's loader makes of a file. `static` is never subject to a loader; `not_loadable` is no program and no library
 * that it could map, and `reason` says why.
 */
export type MuslOutcome =
  | 'loads'
  | 'missing_library'
  | 'symbol_not_found'
  | 'unsupported_relocation'
  | 'interpreter_missing'
  | 'static'
  | 'not_loadable'

/**
 * Why a name in DT_NEEDED brings no library: there is no file in any searched folder; or there is one, which ends the
 * search, and it is a directory, no ELF object with a dynamic section (a linker script), made for another machine, or
 * behind a loop of links; or no file can have the name.
 */
export type LibraryFailure =
  | 'missing'
  | 'directory'
  | 'not-an-object'
  | 'wrong-architecture'
  | 'unreadable'
  | 'bad-name'

export interface MissingLibrary {
  /** As in DT_NEEDED. */
  readonly name: string
  /** Path of the object whose DT_NEEDED it is. */
  readonly neededBy: string
  readonly failure: LibraryFailure
  /** The file that ended the search; null where there is none. */
  readonly found: string | null
  /** Alpine packages that bring it, best first, where somebody looked; absent or empty where none is known. */
  readonly packages?: readonly string[]
}

export interface MissingSymbol {
  readonly name: string
  /** Path of the object whose relocation names it. */
  readonly requiredBy: string
  /** The version that is asked for, `GLIBC_2.38`; musl ignores it, people do not. null where there is none. */
  readonly version: string | null
  /** glibc has it. */
  readonly glibc: boolean
  /** The missing library that has it, as in DT_NEEDED; null where no missing library explains it. */
  readonly explainedBy: string | null
}

export interface UnsupportedRelocation {
  readonly type: number
  /** `R_X86_64_IRELATIVE`; `DT_RELR` for the table of that name, which has no types. */
  readonly name: string
  readonly count: number
  /** Path of the object that has them. */
  readonly in: string
  /**
   * `type`: the loader knows no such type. `relr`: it is older than DT_RELR, says nothing, and leaves the words
   * unrelocated: the file crashes. `initial-exec-tls`: a library that is opened at run time cannot get static TLS.
   */
  readonly cause: 'type' | 'relr' | 'initial-exec-tls'
}

/** The loader's verdict on one file and everything that comes with it. Paths are as the root names its files. */
export interface MuslVerdict {
  readonly verdict: MuslOutcome
  /** For `not_loadable` and `interpreter_missing`: what is wrong, for people. */
  readonly reason: string | null
  /** What PT_INTERP leads to: musl, gcompat, another C library's loader, nothing; null for a file that has none. */
  readonly interpreter: {readonly path: string; readonly is: 'musl' | 'gcompat' | 'other' | 'missing'} | null
  readonly missingLibraries: readonly MissingLibrary[]
  /** Without them the program does not start, or dlopen fails. */
  readonly missingSymbols: readonly MissingSymbol[]
  /** The file opens, and crashes when one of these is called. */
  readonly lazySymbols: readonly MissingSymbol[]
  readonly unsupportedRelocations: readonly UnsupportedRelocation[]
  /** Files that come into the process with this one: itself first, then breadth-first. */
  readonly closure: readonly string[]
  /** Objects whose whole run path musl ignores, because of a token that it does not know, such as `$LIB`. */
  readonly ignoredRunPaths: readonly string[]
}
