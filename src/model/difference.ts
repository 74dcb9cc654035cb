import type {Finding, Report} from './report.js'
import type {Severity} from './severity.js'
import type {Warning} from './warning.js'

/** One of the two things that are compared. */
export interface Side {
  /** As the person wrote it. */
  readonly reference: string
  /** The image's own name, or null. */
  readonly name: string | null
  readonly platform: string | null
  /** `Alpine 3.19.0`; null where nothing tells. */
  readonly release: string | null
  /** Findings that count. */
  readonly findings: number
  /** Findings that somebody decided not to count. */
  readonly suppressed: number
  /** false where something that could hide a finding was not seen. */
  readonly complete: boolean
}

/** A finding in both, of another severity. */
export interface ChangedFinding {
  readonly from: Severity
  readonly finding: Finding
}

/** What a new image or report adds, fixes and keeps; each list worst first. */
export interface Difference {
  readonly tool: Report['tool']
  readonly old: Side
  readonly new: Side
  /** Only in the new one, and counts there. */
  readonly added: readonly Finding[]
  /** Only in the new one, and somebody decided that it does not count. */
  readonly addedSuppressed: readonly Finding[]
  /** Only in the old one, as it was there. */
  readonly fixed: readonly Finding[]
  readonly changed: readonly ChangedFinding[]
  readonly unchanged: readonly Finding[]
  readonly warnings: readonly Warning[]
  /** The new one as a report, whose findings say how they stand to the old one; with those that are absent in it. */
  readonly report: Report
}
