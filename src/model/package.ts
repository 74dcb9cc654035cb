/** Where an `.apk` file says what it is: what stands in for the database where the target is one. */
export const packageInfoPath = '.PKGINFO'

/** One file that a package owns, from `F:`, `R:`, `a:` and `Z:` of the installed database. */
export interface OwnedFile {
  /** Path in the image, no leading slash. */
  readonly path: string
  /** `Z:` decoded: sha1, or the first 20 bytes of sha256 where `f:` holds an S; null where there is none. */
  readonly checksum: {readonly algorithm: 'sha1' | 'sha256-160'; readonly hex: string} | null
  /** From `a:`; null where it is the default (root, 0644). */
  readonly owner: Owner | null
}

/** Who owns a file or directory, and its permission bits (0o7777). */
export interface Owner {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** A directory that a package owns with other than the default owner and mode (root, 0755): `F:` and `M:`. */
export interface OwnedDirectory {
  readonly path: string
  readonly owner: Owner
}

/** A record of apk's installed database. Text is as it stands there. */
export interface ApkPackage {
  readonly name: string
  readonly version: string
  /** `A:`; '' where it is missing. */
  readonly architecture: string
  /** `o:`, else the name. */
  readonly origin: string
  readonly description: string
  readonly url: string
  readonly license: string
  readonly maintainer: string
  /** `c:`, the aports commit. */
  readonly commit: string
  /** `t:`, seconds since 1970; null where it is missing. */
  readonly buildTime: number | null
  /** `D:`, `p:`, `i:`, `r:` split at blanks. */
  readonly depends: readonly string[]
  readonly provides: readonly string[]
  readonly installIf: readonly string[]
  readonly replaces: readonly string[]
  /** `S:` and `I:`. */
  readonly sizeBytes: number | null
  readonly installedBytes: number | null
  /** `C:`, the package's own identity: `Q1…` (sha1) or `Q2…` (sha256). */
  readonly checksum: string
  /** `s:`, the tag of the repository it was pinned to: `edge`. */
  readonly repositoryTag: string
  /** `f:`: broken files (f), scripts (s), xattrs (x), sha256 file hashes (S). */
  readonly flags: string
  readonly files: readonly OwnedFile[]
  readonly directories?: readonly OwnedDirectory[]
  /** 1-based line of its first field in the database. */
  readonly line: number
}

/** A package of the target: what the database says, and where that stands. */
export interface InstalledPackage extends ApkPackage {
  /** First layer whose database holds this package at this version. */
  readonly layer: number
  readonly purl: string
}

/** One line of `etc/apk/repositories` or `repositories.d/*`. */
export interface Repository {
  readonly url: string
  /** The name after `@`, or null. */
  readonly tag: string | null
  /** `v3.19`, `edge`, or null where the URL does not tell. */
  readonly branch: string | null
  /** `main`, `community`, `testing`, or null. */
  readonly name: string | null
  readonly path: string
  readonly line: number
}
