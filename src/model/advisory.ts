/** One CVSS rating of a vulnerability. */
export interface CvssRating {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0'
  readonly vector: string
  /** Base score, 0.0 to 10.0. */
  readonly score: number
  /** Who said so: `nvd`, `cve5-cna`, `redhat`, … */
  readonly source: string
}

export interface Epss {
  /** 0 to 1. */
  readonly score: number
  /** 0 to 1, or null where the feed has none. */
  readonly percentile: number | null
  /** YYYY-MM-DD, or null. */
  readonly date: string | null
}

/** How bad one CVE is, as far as the database knows it. */
export interface Rating {
  /** In the fixed order of precedence: the first is the one that decides. Empty: unscored. */
  readonly cvss: readonly CvssRating[]
  /** Is it in CISA's catalogue of known exploited vulnerabilities? */
  readonly kev: boolean
  readonly epss: Epss | null
}

/** "This vulnerability is fixed in this origin package from this version on", in one branch of the secdb. */
export interface Fix {
  readonly id: string
  readonly aliases: readonly string[]
  readonly origin: string
  /** `main` or `community`. */
  readonly repository: string
  /** Of several in the feed the highest. */
  readonly fixedVersion: string
}

/** An advisory that at least one installed package has not reached. */
export interface Match {
  readonly fix: Fix
  /** The installed packages of the origin that are older, by name. */
  readonly packages: readonly import('./package.js').InstalledPackage[]
  readonly rating: Rating
  /** Set where a version is not well-formed: which, and whether apk can tell its order at all. */
  readonly note: string | null
}

/** What the database covers for one target. */
export interface DatabaseInfo {
  /** Where it was read from, for people. */
  readonly location: string
  /** YYYY-MM-DD: when the advisories were copied from the feed. */
  readonly date: string
  /** The branch that was used; null where the target's has no advisories. */
  readonly branch: string | null
  /** Number of (origin, id) pairs in that branch. */
  readonly advisories: number
}

/** A branch of Alpine. */
export interface AlpineRelease {
  /** `v3.19`. */
  readonly branch: string
  /** YYYY-MM-DD. */
  readonly released: string
  readonly endOfLife: string
  /** Newest patch release: `3.19.9`. */
  readonly latest: string
  /** musl of the branch, or null where unknown. */
  readonly musl: string | null
}
