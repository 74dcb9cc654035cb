/**
 * What becomes of a file on Alpine, from best to worst: it runs as it is; it needs packages; it needs gcompat; it opens,
 * and crashes at some calls; it has to be rebuilt or replaced.
 */
export const outcomes = ['runs', 'packages', 'gcompat', 'crashes', 'rebuild'] as const
export type Outcome = (typeof outcomes)[number]

/** The move of one file to Alpine. */
export interface FileMove {
  readonly path: string
  readonly outcome: Outcome
  /** Alpine packages that it needs, sorted. */
  readonly packages: readonly string[]
  /** What stands in the way, in the words of the loader: libraries, symbols, relocations; empty where nothing does. */
  readonly blockers: readonly string[]
  /** The old distribution's package manager owns it: it comes from Alpine's packages after the move. */
  readonly isDistribution: boolean
}

/** The move of a target to Alpine. */
export interface Audit {
  readonly alpine: {readonly branch: string; readonly musl: string}
  /** Was gcompat taken to be installed? */
  readonly gcompat: boolean
  /** Files that were judged, by path. */
  readonly files: readonly FileMove[]
  /** Packages that the files of the target's own need, sorted. */
  readonly packages: readonly string[]
  /** Date of the package list that names them; null where there is none. */
  readonly packageListDate: string | null
}
