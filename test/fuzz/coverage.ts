/** How often, told apart as far as it matters: once, twice, thrice, a few times, many times. */
const classes = Uint8Array.from({length: 256}, (_, hits) => {
  if (hits < 3) return [0, 1, 2][hits] ?? 0
  if (hits < 4) return 4
  if (hits < 8) return 8
  if (hits < 16) return 16
  if (hits < 32) return 32
  return hits < 128 ? 64 : 128
})

/** Which branches were reached so far, and about how often in one execution. */
export class Coverage {
  readonly #hits: Uint8Array
  readonly #known: Uint8Array
  #reached = 0

  /** @param hits counted up by what is under test */
  constructor(hits: Uint8Array, branches: number) {
    this.#hits = hits
    this.#known = new Uint8Array(branches)
  }

  get reached(): number {
    return this.#reached
  }

  /** Before an execution. */
  start(): void {
    this.#hits.fill(0, 0, this.#known.length)
  }

  /** Did the execution reach a branch that none did before, or one more often than any? */
  isNew(): boolean {
    let isNew = false
    for (let id = 0; id < this.#known.length; id++) {
      const hits = this.#hits[id] as number
      if (hits === 0) continue
      const seen = classes[hits] as number
      const known = this.#known[id] as number
      if ((known & seen) !== 0) continue
      if (known === 0) this.#reached++
      this.#known[id] = known | seen
      isNew = true
    }
    return isNew
  }
}
