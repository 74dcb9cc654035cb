import type {AlpineRelease, DatabaseInfo, Match} from './advisory.js'
import type {InstalledPackage, Repository} from './package.js'

/** The operating system in the target, from os-release and alpine-release. */
export interface Release {
  /** `alpine`, `wolfi`, `debian`; '' where nothing told. */
  readonly id: string
  /** `3.19.0`; '' where nothing told. */
  readonly version: string
  /** `v3.19` or `edge`; null where it is not Alpine or the version does not tell. */
  readonly branch: string | null
  readonly prettyName: string
  /** Files that it was read from. */
  readonly path: string
}

/** An ELF file of the target. */
export interface ElfFile {
  readonly path: string
  readonly layer: number
  readonly sizeBytes: number
  readonly mode: number
  /** Package that owns the path; null where none does. */
  readonly package: string | null
  readonly class: 32 | 64
  readonly endian: 'little' | 'big'
  readonly machine: string
  /** As far as the ELF header tells it. */
  readonly type: 'executable' | 'dynamic' | 'relocatable' | 'core' | 'other'
}

/** Everything that rules may know. */
export interface Facts {
  readonly release: Release | null
  readonly packages: readonly InstalledPackage[]
  /** Path of the installed database; null where the target has none. */
  readonly databasePath: string | null
  readonly repositories: readonly Repository[]
  readonly world: readonly string[]
  /** Names of the public keys in etc/apk/keys. */
  readonly keys: readonly string[]
  readonly elfFiles: readonly ElfFile[]
  readonly matches: readonly Match[]
  readonly database: DatabaseInfo | null
  /** The branch's row of the release table; null where it is not known. */
  readonly alpine: AlpineRelease | null
  /** Every known branch, oldest first. */
  readonly releases: readonly AlpineRelease[]
  /** Version of the installed musl package; null where there is none. */
  readonly musl: string | null
  /** The day that ages are measured against, YYYY-MM-DD. */
  readonly today: string
}
