import type {BaseImage} from './source-line.js'
import type {Warning} from './warning.js'

/** One thing that a Dockerfile should ask for instead. */
export interface FixStep {
  /** `base`: the tag of the base image; `pin`: a version in `apk add`; `upgrade`: a line that is added. */
  readonly kind: 'base' | 'pin' | 'upgrade'
  /** Line of the Dockerfile as it is, from 1; of `upgrade` the one that it follows. */
  readonly line: number
  /** What stands there; '' of `upgrade`. */
  readonly from: string
  readonly to: string
  /** Packages that change by it; of `base` none are known by name. */
  readonly packages: readonly string[]
}

/** Findings that the edit leaves. */
export interface FixRemainder {
  readonly reason: string
  readonly findings: number
  readonly packages: readonly string[]
}

/** The edit of a Dockerfile that takes away findings of its image. */
export interface Fix {
  readonly target: {readonly reference: string; readonly name: string | null; readonly base: BaseImage | null}
  /** Relative to the repository's root. */
  readonly file: string
  readonly before: string
  readonly after: string
  readonly steps: readonly FixStep[]
  /** Packages that come at their newest version by no line of their own: what installs them is run again. */
  readonly again: readonly string[]
  /** Vulnerabilities of packages that the image has now. */
  readonly findings: number
  /** How many of them an image has no more that is built from the edited Dockerfile. */
  readonly removes: number
  /** Those of them that need no edit: the Dockerfile asks for what fixes them, and has to be built again. */
  readonly rebuild: {readonly findings: number; readonly withoutCache: boolean}
  readonly remaining: readonly FixRemainder[]
  /** What was left as it is though it may be old, and why. */
  readonly notes: readonly string[]
  /** YYYY-MM-DD of the package index that told the newest versions; null where only the advisories did. */
  readonly indexDate: string | null
  /** Of Alpine, `v3.19`, and of the packages, `x86_64`; null where nothing tells. */
  readonly branch: string | null
  readonly architecture: string | null
  readonly written: boolean
  readonly warnings: readonly Warning[]
}
