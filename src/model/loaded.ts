/** What an image starts, and what comes into its processes by that. */
export interface Loaded {
  /** ENTRYPOINT and CMD, one after the other. */
  readonly command: readonly string[]
  /** The program that is left when scripts and launchers are done; null where none was found. */
  readonly program: string | null
  /** Programs and links to them, libraries, plugins, scripts: every file, by path. */
  readonly files: readonly string[]
  /** Packages that these files belong to, and those whose code an interpreter among them reads. */
  readonly packages: readonly string[]
  /** Why something else may be loaded as well, or why nothing can be told; null where all could be followed. */
  readonly reason: string | null
}
