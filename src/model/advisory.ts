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
  /** `v3.19`. */
  readonly branch: string
  /** `main` or `community`. */
  readonly repository: string
  /** Of several in the feed the highest. */
  readonly fixedVersion: string
}

/** An advisory that at least one installed package has not reached. */
export interface Match {
  /** Where several branches were asked, the one whose fix is the newest. */
  readonly fix: Fix
  /** The installed packages of the origin that are older, by name. */
  readonly packages: readonly import('./package.js').InstalledPackage[]
  readonly rating: Rating
  /** Set where a version is not well-formed: which, and whether apk can tell its order at all. */
  readonly note: string | null
  /** What it rests on: one for each branch that was asked, the image's own first. */
  readonly grounds: readonly Ground[]
  /** What an upgrade would bring; null where nothing tells. */
  readonly offer: Offer | null
}

/** What the repositories of the fix's branch have of the packages that need it. */
export interface Offer {
  /** The newest that their indexes name; of several packages the oldest of these. */
  readonly version: string
  /** YYYY-MM-DD: of when the indexes are. */
  readonly date: string | null
  /** Alpine lists a fix when it is made, which is before it can be installed. */
  readonly hasFix: boolean
}

/** What the advisories of one branch say of one vulnerability in one origin package, held against what is installed. */
export interface Ground {
  readonly branch: string
  /** Why this branch was asked. */
  readonly reason: string
  readonly repository: string
  /** YYYY-MM-DD: when the feed was copied; null where the database does not say. */
  readonly date: string | null
  /** Every version under which the feed lists it, the one that counts last. Empty: it is not affected. */
  readonly fixVersions: readonly string[]
  readonly comparisons: readonly Comparison[]
}

/** Packages of one version beside the version that counts. */
export interface Comparison {
  readonly installed: string
  /** Their names, the first {@link limits.packagesPerFinding} of them. */
  readonly packages: readonly string[]
  readonly fixed: string
  readonly order: 'older' | 'fixed' | 'unknown'
  /** Why the order is not certain; null where it is. */
  readonly note: string | null
}

/** The feed says that an origin which is installed is not affected. */
export interface Rejection {
  readonly id: string
  readonly aliases: readonly string[]
  readonly origin: string
  readonly branch: string
  readonly repository: string
  readonly packages: readonly import('./package.js').InstalledPackage[]
}

/** What the database covers for one target. */
export interface DatabaseInfo {
  /** Where it was read from, for people. */
  readonly location: string
  /** YYYY-MM-DD: when the advisories were copied from the feed. */
  readonly date: string
  /** The branch that was used; null where the target's has no advisories. */
  readonly branch: string | null
  /** What that branch was told by, or why there is none. */
  readonly reason: string
  /** Number of (origin, id) pairs in that branch. */
  readonly advisories: number
  /** Other branches that packages come from, and were held against too. */
  readonly others: readonly OtherBranch[]
}

/** A branch that some packages of an image come from, though it is not the image's own. */
export interface OtherBranch {
  readonly branch: string
  /** What tells that they come from there. */
  readonly reason: string
  /** The line of a repository that it rests on, `etc/apk/repositories:3`; null where none is left. */
  readonly line: string | null
  /** Names of the packages. */
  readonly packages: readonly string[]
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
