import type {Alignment} from './align.js'
import type {LayerEntry} from './layers.js'
import {same} from './similarity.js'
import type {Step} from './steps.js'
import {isUpgrade} from './upgrade-line.js'

/** Of a Dockerfile that belongs to the image, more than this part agrees with it. */
const belonging = 0.6

/** How well a Dockerfile and an image agree. */
export interface Agreement {
  /** Instructions that have their layer, of those that should make one. */
  readonly matched: number
  readonly expected: number
  /** From 0 to 1: of several Dockerfiles the image's own has the highest. */
  readonly score: number
  /** null where the Dockerfile makes no layers: every image on that base agrees with it. */
  readonly belongs: boolean | null
}

/**
 * Older builders make no layer for WORKDIR, so that one without a layer says nothing; nor does an upgrade of packages
 * that was added since.
 */
export function agreementOf(steps: readonly Step[], entries: readonly LayerEntry[], alignment: Alignment): Agreement {
  const {base, pairs} = alignment
  const placed = new Set(pairs.map(({step}) => step))
  const expected = steps.filter(({instruction}, step) => {
    return placed.has(step) || (instruction.keyword !== 'WORKDIR' && !isUpgrade(instruction))
  }).length
  if (expected === 0) return {matched: 0, expected, score: 0, belongs: null}
  const sum = pairs.reduce((total, pair) => total + pair.similarity, 0) / same
  const score = (2 * sum) / (expected + entries.length - base)
  return {matched: pairs.length, expected, score, belongs: score > belonging}
}
