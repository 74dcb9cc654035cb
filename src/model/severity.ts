/** From worst to least. `note` never fails a build. */
export const severities = ['critical', 'high', 'medium', 'low', 'note'] as const

export type Severity = (typeof severities)[number]

/** What `--fail-on` takes. */
export const thresholds = ['none', 'low', 'medium', 'high', 'critical'] as const
export type Threshold = (typeof thresholds)[number]

/** 0 for critical, 4 for note: sorts worst first. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity)
}

/** Is `severity` as bad as `threshold`, or worse? Nothing reaches `none`. */
export function reaches(severity: Severity, threshold: Threshold | Severity): boolean {
  return threshold !== 'none' && severityRank(severity) <= severityRank(threshold)
}

/** One step worse; critical stays critical. */
export function raised(severity: Severity): Severity {
  return severities[Math.max(0, severityRank(severity) - 1)] ?? severity
}

/**
 * The word for a CVSS base score: 3.x and 4.0 specification, "Qualitative Severity Rating Scale". A score of 0.0 ("None")
 * is a note.
 */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  if (score >= 4) return 'medium'
  return score > 0 ? 'low' : 'note'
}
