import type {AlpineRelease, DatabaseInfo, Match, Rejection} from './advisory.js'
import type {Audit} from './audit.js'
import type {BehaviourUse} from './behaviour.js'
import type {Coverage} from './coverage.js'
import type {Distribution} from './distribution.js'
import type {ElfType, Hardening, Libc} from './elf.js'
import type {Loaded} from './loaded.js'
import type {MuslVerdict} from './musl.js'
import type {NativeModule} from './native.js'
import type {InstalledPackage, OwnedFile, Repository} from './package.js'
import type {Script} from './script.js'

/** The operating system in the target, from os-release and alpine-release. */
export interface Release {
  /** `alpine`, `wolfi`, `debian`; '' where nothing told. */
  readonly id: string
  /** `3.19.0`; '' where nothing told. */
  readonly version: string
  /** `v3.19` or `edge`; null where it is not Alpine or the version does not tell. */
  readonly branch: string | null
  readonly prettyName: string
  /** The file that it was read from. */
  readonly path: string
  /** The first layer with a release file: the release is what the base brought, whoever touched the file later. */
  readonly layer: number | null
}

/** An ELF file of the target: what it says of itself, and the verdicts on it. */
export interface ElfFile {
  readonly path: string
  readonly layer: number
  readonly sizeBytes: number
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number
  /** Does it carry file capabilities (`security.capability`)? */
  readonly hasCapabilities: boolean
  /** Package that owns the path; null where none does. */
  readonly package: string | null
  /** Of the names that are hard links to one file, the one that stands for all; null for that one itself. */
  readonly sameAs: string | null
  readonly class: 32 | 64
  readonly endian: 'little' | 'big'
  readonly machine: string
  readonly type: ElfType
  readonly interpreter: string | null
  readonly soname: string | null
  readonly needed: readonly string[]
  /** Elements as in the file, split at `:`. */
  readonly rpath: readonly string[]
  readonly runpath: readonly string[]
  readonly libc: Libc
  readonly language: string
  readonly compilers: readonly string[]
  /** NT_GNU_BUILD_ID in hexadecimal. */
  readonly buildID: string | null
  readonly hardening: Hardening
  /** What musl's loader would make of it; null where that is not the question. */
  readonly musl: LoaderVerdict | null
}

/** The loader's verdict on a file of the target, and what of it may not be so. */
export interface LoaderVerdict extends MuslVerdict {
  /** The program that it was judged as a plugin of; null for none. */
  readonly host: string | null
  /**
   * Names in the lists that something else in the target has: whatever opens this plugin may have brought it in before.
   * They are no finding.
   */
  readonly elsewhere: {readonly libraries: ReadonlySet<string>; readonly symbols: ReadonlySet<string>}
}

/** A file that differs from what its package installed. */
export interface ModifiedFile {
  readonly path: string
  /** Layer that last wrote it. */
  readonly layer: number
  readonly package: string
  /** A symbolic link that leads elsewhere. */
  readonly isLink: boolean
  readonly expected: NonNullable<OwnedFile['checksum']>
  /** Hexadecimal, by the same algorithm. */
  readonly actual: string
}

/** The C library that the target's own shell, or else its only loader, belongs to. */
export interface SystemLibc {
  readonly libc: 'musl' | 'glibc' | 'unknown'
  /** Machine of that file; null where nothing told. */
  readonly machine: string | null
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
  /** Empty where nobody asked for it: it costs reading every file. */
  readonly modifiedFiles: readonly ModifiedFile[]
  readonly system: SystemLibc
  /** Executable files that begin with `#!`, by path. */
  readonly scripts: readonly Script[]
  /** Packages of language ecosystems that bring machine code, by path. */
  readonly nativeModules: readonly NativeModule[]
  /** What the image loads when it is started; null where nothing says what to start. */
  readonly loaded: Loaded | null
  /** Imports whose behaviour differs on musl, grouped by what differs; empty where no move to Alpine is judged. */
  readonly behaviours: readonly BehaviourUse[]
  /** A package manager other than apk; null where there is none. */
  readonly distribution: Distribution | null
  readonly matches: readonly Match[]
  /** What the advisories say does not affect a package that is installed. */
  readonly rejected: readonly Rejection[]
  readonly database: DatabaseInfo | null
  /** What the advisories can say of each package; null where none were asked. */
  readonly coverage: Coverage | null
  /** The branch's row of the release table; null where it is not known. */
  readonly alpine: AlpineRelease | null
  /** Every known branch, oldest first. */
  readonly releases: readonly AlpineRelease[]
  /** Version of the installed musl package; null where there is none. */
  readonly musl: string | null
  /** The day that ages are measured against, YYYY-MM-DD. */
  readonly today: string
  /** Days that the advisories may be old; null where nobody said. */
  readonly maxDatabaseAge: number | null
  /** What becomes of the files on another Alpine; null where nobody asked. */
  readonly audit: Audit | null
}
