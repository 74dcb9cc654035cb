import type {LayerEntry} from './layers.js'
import {limits} from './limits.js'
import {same, similarity} from './similarity.js'
import type {Step} from './steps.js'

/** An instruction and the line of history that it made. */
export interface Pair {
  /** Indexes into the steps and the entries that were aligned. */
  readonly step: number
  readonly entry: number
  /** Thousandths. */
  readonly similarity: number
}

export interface Alignment {
  /** Entries before this index came with the base image. */
  readonly base: number
  /** In order. */
  readonly pairs: readonly Pair[]
  /** Similarity of any instruction and any line of history. */
  readonly similarities: Similarities
}

/** An instruction that made no layer: it is newer than the image, or the builder saw nothing to do. */
const stepSkipped = -200
/** A layer after the base that no instruction made: the instruction is gone. */
const entrySkipped = -500

/**
 * Finds which instruction made which line of history: the order-keeping assignment with the greatest sum of
 * similarities and of the costs for what is left over. The head of the history costs nothing, as it is the base
 * image's; where two assignments are as good, the longer base wins. There are never more lines after the base than
 * instructions: the base may be an image that was built from the same commands.
 */
export function align(steps: readonly Step[], entries: readonly LayerEntry[]): Alignment {
  const similarities = new Similarities(steps, entries)
  const scores = new Scores(steps.length, entries.length, similarities)
  let base = entries.length
  for (let head = entries.length - 1; head >= Math.max(0, entries.length - steps.length); head--) {
    if (scores.at(0, head) > scores.at(0, base)) base = head
  }
  return {base, pairs: [...scores.path(base)], similarities}
}

/** The similarities of all pairs. Where texts are so many and long that comparing them takes too long, only equal ones. */
export class Similarities {
  readonly #values: Uint16Array
  readonly #entries: number

  constructor(steps: readonly Step[], entries: readonly LayerEntry[]) {
    this.#entries = entries.length
    this.#values = new Uint16Array(steps.length * entries.length)
    const edited = comparedCharacters(steps, entries) <= limits.comparisonBudget
    for (const [s, step] of steps.entries()) {
      for (const [e, {made}] of entries.entries()) this.#values[s * this.#entries + e] = similarity(step, made, edited)
    }
  }

  of(step: number, entry: number): number {
    return this.#values[step * this.#entries + entry] ?? 0
  }
}

function comparedCharacters(steps: readonly Step[], entries: readonly LayerEntry[]): number {
  const size = (text: string) => Math.min(text.length, limits.comparedCharacters)
  const written = steps.flatMap(({made}) => made.map(({text}) => size(text)))
  const recorded = entries.map(({made}) => size(made.text))
  const sum = (sizes: readonly number[]) => sizes.reduce((total, each) => total + each, 0)
  return sum(written) * recorded.length + sum(recorded) * written.length
}

/** The best score of the instructions from one on, with the lines of history from one on. */
class Scores {
  readonly #steps: number
  readonly #entries: number
  readonly #similarities: Similarities
  readonly #values: Int32Array

  constructor(steps: number, entries: number, similarities: Similarities) {
    this.#steps = steps
    this.#entries = entries
    this.#similarities = similarities
    this.#values = new Int32Array((steps + 1) * (entries + 1))
    for (let step = steps; step >= 0; step--) {
      for (let entry = entries; entry >= 0; entry--) {
        this.#values[step * (entries + 1) + entry] = Math.max(...this.#moves(step, entry))
      }
    }
  }

  at(step: number, entry: number): number {
    return this.#values[step * (this.#entries + 1) + entry] ?? 0
  }

  /** The pairs of the best assignment; of several, the one whose pairs stand latest in the history. */
  *path(base: number): Generator<Pair> {
    let step = 0
    let entry = base
    while (step < this.#steps && entry < this.#entries) {
      const best = this.at(step, entry)
      if (best === this.at(step, entry + 1) + entrySkipped) entry++
      else if (best === this.at(step + 1, entry) + stepSkipped) step++
      else {
        yield {step, entry, similarity: this.#similarities.of(step, entry)}
        step++
        entry++
      }
    }
  }

  #moves(step: number, entry: number): number[] {
    const hasStep = step < this.#steps
    const hasEntry = entry < this.#entries
    if (!hasStep && !hasEntry) return [0]
    const moves: number[] = []
    if (hasStep) moves.push(this.at(step + 1, entry) + stepSkipped)
    if (hasEntry) moves.push(this.at(step, entry + 1) + entrySkipped)
    const alike = hasStep && hasEntry ? this.#similarities.of(step, entry) : 0
    if (alike > 0) moves.push(this.at(step + 1, entry + 1) + alike)
    return moves
  }
}

/** Do the two have the same text? */
export function isExact({similarity: value}: Pick<Pair, 'similarity'>): boolean {
  return value === same
}
