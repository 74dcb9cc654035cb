import type {Confidence} from '../model/source-line.js'
import {type Alignment, isExact, type Pair} from './align.js'
import type {LayerEntry} from './layers.js'
import {floor, same} from './similarity.js'
import type {Step} from './steps.js'

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
  /** Entries from this index on, the first that is equal to an instruction, are not. */
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
    const anchor = pairs.find(pair => isExact(pair) && this.#isCertain(pair))
    this.#ownStart = scratch ? 0 : (anchor?.entry ?? entries.length)
    this.#baseEnd = scratch ? 0 : this.#certainlyBase(pairs, anchor ?? {step: steps.length, entry: base})
  }

  gradeOf(index: number): Grade {
    if (index < this.#baseEnd) return {base: true, confidence: 'base', step: null}
    const own = index >= this.#ownStart
    const pair = this.#pairs.get(index)
    // Where own layers may not have begun yet, what is only alike may be new, and the layer the base image's.
    if (pair === undefined || !own || this.#isShared(index) || !this.#isCertain(pair)) {
      return {base: own ? false : null, confidence: 'unknown', step: null}
    }
    return {base: false, confidence: isExact(pair) ? 'exact' : 'likely', step: pair.step}
  }

  /**
   * How many entries at the head no instruction can have made. An instruction that is left over may have made one that is
   * like it; one before the first that is certain, also one of its kind just before that. The first layer of a base
   * image is always its own.
   */
  #certainlyBase(pairs: readonly Pair[], first: Pick<Pair, 'step' | 'entry'>): number {
    const placed = new Set(pairs.flatMap(({step}) => (step >= first.step ? step : [])))
    const leftOver = [...this.#steps.keys()].filter(step => !placed.has(step))
    let certain = first.entry
    for (const step of leftOver.filter(each => each < first.step).reverse()) {
      if (certain > 1 && this.#steps[step]?.made[0]?.kind === this.#entries[certain - 1]?.made.kind) certain--
    }
    for (const step of leftOver) {
      for (let entry = 1; entry < certain; entry++) if (this.#isNear(step, entry)) certain = entry
    }
    return certain
  }

  /** Files of several lines of history in one layer: none of them alone is where it came from. */
  #isShared(index: number): boolean {
    const layer = this.#entries[index]?.layer
    return this.#entries[index - 1]?.layer === layer || this.#entries[index + 1]?.layer === layer
  }

  /** Is it this instruction that made this line of history, and no other? */
  #isCertain(pair: Pair): boolean {
    return isExact(pair) ? this.#isLast(pair) : pair.similarity >= alike && this.#isAlone(pair)
  }

  /** Of equal lines the last is the image's own: the base may be built from the same commands. */
  #isLast({step, entry}: Pair): boolean {
    for (let later = entry + 1; later < this.#entries.length; later++) {
      if (!this.#takenEntries.has(later) && this.#similarities.of(step, later) === same) return false
    }
    return true
  }

  /** Is no other instruction near this line, and no other line near this instruction, that has no equal of its own? */
  #isAlone({step, entry}: Pair): boolean {
    for (const other of this.#steps.keys()) {
      if (other !== step && !this.#takenSteps.has(other) && this.#isNear(other, entry)) return false
    }
    for (const other of this.#entries.keys()) {
      if (other !== entry && !this.#takenEntries.has(other) && this.#isNear(step, other)) return false
    }
    return true
  }

  #isNear(step: number, entry: number): boolean {
    return this.#similarities.of(step, entry) >= floor
  }
}
