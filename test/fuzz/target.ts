/** One thing that takes bytes from strangers. */
export interface FuzzTarget {
  readonly name: string
  /** Inputs to start from: made here, or, where they are there, real ones. */
  seeds(): Iterable<Uint8Array>
  /** Words that the format is made of. */
  readonly dictionary?: readonly (string | Uint8Array)[]
  /** Inputs do not grow beyond it; default 64 KiB. */
  readonly mostBytes?: number
  /** Makes checksums right again, so that a change is looked at and not refused at the door. */
  mend?(input: Uint8Array): void
  /**
   * Feeds an input. May throw a PitonError, and nothing else: what must hold of every result is checked here, by throwing
   * something that is none.
   */
  run(input: Uint8Array): void | Promise<void>
}

/** What must hold and does not: a finding, as every error is that is no PitonError. */
export function insist(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`does not hold: ${what}`)
}
