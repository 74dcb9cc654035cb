/** The documents that the tables are compiled from, as far as they are used. */
export interface LibcDocuments {
  readonly musl: MuslDocument
  readonly glibc: GlibcDocument
  readonly runtime: RuntimeDocument
  readonly helpers: HelpersDocument
  readonly remedies: RemediesDocument
  readonly alpine: AlpineDocument
}

/** Type of a symbol, then pairs of the first and the last version that has it; no pair: every version. */
export type SymbolRange = string | readonly string[]

export interface MuslDocument {
  readonly versions: readonly string[]
  readonly sources: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** On x86_64. */
  readonly symbols: Readonly<Record<string, SymbolRange>>
  readonly arch: Readonly<Record<string, MuslArchitecture>>
}

/** What differs from x86_64. */
export interface MuslArchitecture {
  readonly versions: readonly string[]
  readonly extra: Readonly<Record<string, SymbolRange>>
  readonly absent: readonly string[]
  readonly differs: Readonly<Record<string, {readonly here: readonly (readonly (string | null)[])[]}>>
}

export interface GlibcDocument {
  readonly glibc: readonly string[]
  readonly libs: readonly string[]
  /** `2.2.5:0,6 2.34:0`: versions, and indexes of libraries. */
  readonly symbols: Readonly<Record<string, string>>
  readonly arch: Readonly<Record<string, {readonly extra: Readonly<Record<string, string>>}>>
}

export interface RuntimeDocument {
  /** Names separated by blanks. */
  readonly 'libstdc++.so.6': string
  readonly 'libgcc_s.so.1': string
  readonly node: {
    readonly names: string
    readonly cxx_prefixes: readonly string[]
    readonly bundled_c_library_prefixes: readonly string[]
  }
}

export interface HelpersDocument {
  readonly libraries: Readonly<
    Record<string, {readonly soname: string | null; readonly package: string; readonly symbols: readonly string[]}>
  >
}

export interface RemediesDocument {
  readonly symbols: Readonly<Record<string, RemedyEntry>>
}

export interface RemedyEntry {
  readonly remedy: string
  readonly glibc?: string
  readonly musl?: string
  readonly package?: string
  readonly gcompat?: boolean
}

export interface AlpineDocument {
  /** `1.2.6`: `2026-03-20 (tag date)`. */
  readonly upstream_releases: Readonly<Record<string, string>>
}
