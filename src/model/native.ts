/** Package ecosystems whose packages bring machine code of their own. */
export type Ecosystem = 'node' | 'python' | 'ruby' | 'php' | 'dotnet' | 'java' | 'go' | 'rust'

/** Which C library machine code was built for; `any` needs nothing of one. */
export type BuiltFor = 'musl' | 'glibc' | 'any' | 'unknown'

/** Which build it is, and what that rests on. */
export interface Build {
  readonly builtFor: BuiltFor
  readonly evidence: string
}

/** As {@link Build}, of a file whose own header was read. */
export interface FileBuild extends Build {
  /** Does it name glibc's loader, so that musl refuses it whatever its symbols are? Only gcompat has a file of that name. */
  readonly needsGlibcLoader: boolean
}

/** One native file of a package. Whether musl's loader really refuses it, the file's own verdict tells. */
export interface NativeFile extends FileBuild {
  /** Of a file in a Java archive: `app.jar!/linux/x.so`. */
  readonly path: string
  readonly layer: number
  /** As in {@link import('./elf.js').ElfHeader}; null where nothing told. */
  readonly machine: string | null
  /** Path of the build of the same thing for musl that lies beside it; null where there is none. */
  readonly twin: string | null
}

/** A package of an ecosystem, with its native files. */
export interface NativeModule {
  readonly ecosystem: Ecosystem
  readonly name: string
  /** null where nothing told. */
  readonly version: string | null
  /** Folder, or archive, that holds it. */
  readonly path: string
  readonly layer: number
  /** Never empty; by path. */
  readonly files: readonly NativeFile[]
}
