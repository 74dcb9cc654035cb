import type {Difference} from '../model/difference.js'
import {byWorst} from '../model/finding-order.js'
import type {BaselineState, Finding} from '../model/report.js'
import {compareFindings, identityFor} from './compare.js'

/** All findings of one side, also those that do not count, and the image that they are in. */
export interface Findings {
  readonly image: string | null
  readonly findings: readonly Finding[]
}

export type DiffedFindings = Pick<Difference, 'added' | 'addedSuppressed' | 'fixed' | 'changed' | 'unchanged'> & {
  /** Everything, each with its state. */
  readonly all: readonly Finding[]
}

/**
 * What the new one adds, fixes and keeps. A finding that somebody decided about is there all the same: taking an ignore
 * away makes nothing new, and adding one fixes nothing.
 */
export function diffFindings(old: Findings, now: Findings): DiffedFindings {
  const identity = identityFor(old.image, now.image)
  const {pairs, added, gone} = compareFindings(old.findings, now.findings, identity)
  const changed = pairs.filter(pair => pair.old.severity !== pair.now.severity)
  const unchanged = pairs.filter(pair => pair.old.severity === pair.now.severity)
  return {
    added: added.filter(({suppressed}) => suppressed === null),
    addedSuppressed: added.filter(({suppressed}) => suppressed !== null),
    fixed: [...gone].sort(byWorst),
    changed: changed.map(pair => ({from: pair.old.severity, finding: pair.now})),
    unchanged: unchanged.map(pair => pair.now),
    all: [
      ...withState(added, 'new'),
      ...withState(
        changed.map(pair => pair.now),
        'updated',
      ),
      ...withState(
        unchanged.map(pair => pair.now),
        'unchanged',
      ),
      ...withState(gone, 'absent'),
    ].sort(byWorst),
  }
}

function withState(findings: readonly Finding[], baselineState: BaselineState): Finding[] {
  return findings.map(finding => ({...finding, baselineState}))
}
