import type {InstalledPackage} from './package.js'

/**
 * What the advisories can say of a package: they name its origin (`named`); a repository that they are about holds it,
 * and they name nothing of it (`listed`); they are not about where it comes from (`uncovered`); or nothing tells whether
 * they are (`unknown`): the feed names only what had something to fix.
 */
export const coverages = ['named', 'listed', 'unknown', 'uncovered'] as const
export type CoverageKind = (typeof coverages)[number]

export interface PackageCoverage {
  readonly kind: CoverageKind
  /** What tells it; null where there is nothing to add. */
  readonly reason: string | null
}

/** How far "no findings" reaches. */
export interface Coverage {
  readonly of: ReadonlyMap<InstalledPackage, PackageCoverage>
  /** Packages of each kind; what `apk add --virtual` made is left out. */
  readonly packages: Readonly<Record<CoverageKind, number>>
  /** ELF files by the kind of the package that owns them; `unowned`, by none. */
  readonly files: Readonly<Record<CoverageKind | 'unowned', number>>
}
