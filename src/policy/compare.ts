import {groupBy} from '../model/group.js'
import {imageRepository} from '../model/image-name.js'
import type {Finding} from '../model/report.js'

/** Two findings of the same problem, one of each report. */
export interface Pair {
  readonly old: Finding
  readonly now: Finding
}

export interface Comparison {
  readonly pairs: readonly Pair[]
  /** Only in the new report, in its order. */
  readonly added: readonly Finding[]
  /** Only in the old one. */
  readonly gone: readonly Finding[]
}

/** What tells findings apart: their fingerprints, where both are of one image, as those hold its name. */
export type IdentityOf = (finding: Finding) => string

/** How to tell that two findings of these images are one problem. */
export function identityFor(oldImage: string | null, newImage: string | null): IdentityOf {
  return imageRepository(oldImage) === imageRepository(newImage) ? ({fingerprint}) => fingerprint : subjectOf
}

/** What a finding is about, without the image that it is in. */
function subjectOf({family, rule, origin, path, names}: Finding): string {
  return JSON.stringify(family === 'vulnerability' ? [family, rule, origin] : [family, rule, path, ...names])
}

/** Pairs what is in both; of findings that nothing tells apart as many as there are of both. */
export function compareFindings(old: readonly Finding[], now: readonly Finding[], identity: IdentityOf): Comparison {
  const waiting = groupBy(old, identity)
  const pairs: Pair[] = []
  const added: Finding[] = []
  for (const finding of now) {
    const earlier = waiting.get(identity(finding))?.shift()
    if (earlier === undefined) added.push(finding)
    else pairs.push({old: earlier, now: finding})
  }
  const paired = new Set(pairs.map(pair => pair.old))
  return {pairs, added, gone: old.filter(finding => !paired.has(finding))}
}
