import {type Alignment, isExact, type Pair} from './align.js'
import type {LayerEntry} from './layers.js'
import {floor, partly, same} from './similarity.js'
import type {Step} from './steps.js'

/**
 * `exact`: the instruction's text is what made the layer. `likely`: it was edited, or history keeps only a part of it,
 * and nothing else comes near. `base`: of the base image. `unknown`: none of these is certain.
 */
export type Confidence = 'exact' | 'likely' | 'base' | 'unknown'

/** What the alignment says of one layer. */
export interface Grade {
  /** Did it come with the base image? null where an instruction that is not placed may have made it. */
  readonly base: boolean | null
  readonly confidence: Confidence
  /** Index of the step that made it; null where that is not certain. */
  readonly step: number | null
}

/** From here on an edited command can be the same one. */
const alike = 800

/**
 * What is certain of each layer.
 * @param scratch does the image start from nothing? Then no layer is the base's.
 */
export function gradeLayers(
  layerCount: number,
  steps: readonly Step[],
  entries: readonly LayerEntry[],
  alignment: Alignment,
  scratch: boolean,
): Grade[] {
  const certainty = new Certainty(steps, entries, alignment, scratch)
  const grades = new Array<Grade>(layerCount).fill({base: null, confidence: 'unknown', step: null})
  for (const [index, {layer}] of entries.entries()) grades[layer] = certainty.gradeOf(index)
  return grades
}

class Certainty {
  readonly #steps: readonly Step[]
  readonly #entries: readonly LayerEntry[]
  readonly #similarities: Alignment['similarities']
  readonly #pairs: ReadonlyMap<number, Pair>
  /** Steps and entries that are equal to one another, and so cannot be meant by anything else. */
  readonly #takenSteps: ReadonlySet<number>
  readonly #takenEntries: ReadonlySet<number>
  /** Entries before this index are the base's. */
  readonly #baseEnd: number
  /** Entries from this index on are not. */
  readonly #ownStart: number

  constructor(
    steps: readonly Step[],
    entries: readonly LayerEntry[],
    {pairs, base, similarities}: Alignment,
    scratch: boolean,
  ) {
    this.#steps = steps
    this.#entries = entries
    this.#similarities = similarities
    this.#pairs = new Map(pairs.map(pair => [pair.entry, pair]))
    this.#takenSteps = new Set(pairs.filter(isExact).map(({step}) => step))
    this.#takenEntries = new Set(pairs.filter(isExact).map(({entry}) => entry))
    const anchor = pairs.find(pair => pair.similarity >= partly && this.#isAlone(pair))
    this.#ownStart = scratch ? 0 : (anchor?.entry ?? entries.length)
    this.#baseEnd = scratch ? 0 : this.#certainlyBase(anchor?.step ?? steps.length, anchor?.entry ?? base)
  }

  gradeOf(index: number): Grade {
    if (index < this.#baseEnd) return {base: true, confidence: 'base', step: null}
    const own = index >= this.#ownStart
    const pair = this.#pairs.get(index)
    // An edited command where own layers may not have begun yet could as well be a new one, and the layer the base's.
    if (pair === undefined || !own || pair.similarity < alike || this.#isShared(index) || !this.#isAlone(pair)) {
      return {base: own ? false : null, confidence: 'unknown', step: null}
    }
    return {base: false, confidence: isExact(pair) ? 'exact' : 'likely', step: pair.step}
  }

  /**
   * How many entries at the head no instruction can have made: where instructions before the first placed one are left
   * over, as many entries of their kinds before it may be theirs. The first layer of a base image is its own.
   */
  #certainlyBase(step: number, entry: number): number {
    let certain = entry
    for (let before = step - 1; before >= 0 && certain > 1; before--) {
      if (this.#steps[before]?.made[0]?.kind === this.#entries[certain - 1]?.made.kind) certain--
    }
    return certain
  }

  /** Files of several lines of history in one layer: none of them alone is where it came from. */
  #isShared(index: number): boolean {
    const layer = this.#entries[index]?.layer
    return this.#entries[index - 1]?.layer === layer || this.#entries[index + 1]?.layer === layer
  }

  /** Equal, or alike while no other instruction and no other layer is anywhere near. */
  #isAlone({step, entry, similarity}: Pair): boolean {
    if (similarity === same) return true
    for (const other of this.#steps.keys()) {
      if (other === step || this.#takenSteps.has(other)) continue
      if (this.#similarities.of(other, entry) >= floor) return false
    }
    for (const other of this.#entries.keys()) {
      if (other === entry || this.#takenEntries.has(other)) continue
      if (this.#similarities.of(step, other) >= floor) return false
    }
    return true
  }
}
