/** A package that a manager other than apk installed. */
export interface ForeignPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** Source package that it was built from; its own name where nothing else is said. */
  readonly source: string
  /** Paths that it owns as its file list has them, without a leading slash; null where there is no list. */
  readonly files: readonly string[] | null
}

/** The package manager of a distribution that is not built on apk. */
export interface Distribution {
  readonly manager: 'dpkg' | 'rpm'
  /** Where its database is. */
  readonly path: string
  /** By name; null where piton cannot read the database: then nothing tells what belongs to the distribution. */
  readonly packages: readonly ForeignPackage[] | null
}
