import type {Ground, Rating} from './advisory.js'
import type {InstalledPackage} from './package.js'
import type {Finding} from './report.js'

/**
 * Why a vulnerability is reported for an origin package of an image, or is not. `unnamed`: a package of the origin is
 * installed, and the advisories of its branch do not name the vulnerability, though those of other branches do.
 * `unchecked`: packages of the image were not held against any advisories, or these were too many.
 */
export const answerStatuses = [
  'reported',
  'silenced',
  'unchecked',
  'unnamed',
  'not-affected',
  'fixed',
  'not-installed',
  'unknown',
] as const
export type AnswerStatus = (typeof answerStatuses)[number]

/** The answer for one origin package. */
export interface OriginAnswer {
  readonly origin: string
  readonly status: Exclude<AnswerStatus, 'unknown'>
  /** What is installed of it; of very many packages the first. */
  readonly packages: readonly InstalledPackage[]
  /** What each branch says that was asked. */
  readonly grounds: readonly Ground[]
  /** What the branches say that were not asked, newest first. */
  readonly elsewhere: readonly BranchFix[]
  /** The finding, where there is one. */
  readonly finding: Finding | null
}

/** What one branch says of a vulnerability in an origin package. */
export interface BranchFix {
  readonly branch: string
  readonly origin: string
  readonly repository: string
  /** null: not affected. */
  readonly fixedVersion: string | null
}

/** The answer for one vulnerability. */
export interface ImageAnswer {
  readonly id: string
  readonly aliases: readonly string[]
  /** `unknown`: no branch names the id. */
  readonly status: AnswerStatus
  readonly rating: Rating
  /** Names that the branches know, where they do not know this one, and that look like it. */
  readonly similar: readonly string[]
  /** The worst first. */
  readonly origins: readonly OriginAnswer[]
}
