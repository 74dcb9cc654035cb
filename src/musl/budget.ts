import {ElfError} from '../model/errors.js'

/** Bounds on the work for one verdict, with their reasons. */
const most = {
  /** Paths that are tried: 300 libraries, each searched in 100 folders of their run paths, are 30,000. */
  opens: 1_000_000,
  /** Symbol tables that are looked into: a browser with 300 libraries makes some 2,000,000 when nothing is known yet. */
  lookups: 50_000_000,
} as const

/** Counts what one verdict costs, so that a file made for it cannot cost hours. */
export class Budget {
  readonly #where: string
  readonly #left: Record<keyof typeof most, number> = {...most}

  /** @param where the file that the verdict is about, for errors */
  constructor(where: string) {
    this.#where = where
  }

  /** @throws {ElfError} ELF_LIMIT when it is used up */
  spend(what: keyof typeof most, amount = 1): void {
    this.#left[what] -= amount
    if (this.#left[what] >= 0) return
    const limit = `${most[what]} ${what === 'opens' ? 'paths' : 'symbol tables'}`
    throw new ElfError('ELF_LIMIT', `${this.#where}: the verdict of musl's loader would take more than ${limit}`)
  }
}
