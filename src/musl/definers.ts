import type {LoaderObject} from './object.js'
import type {SymbolName} from './symbol-name.js'

const none: readonly LoaderObject[] = []

/** Objects that are kept for one name: what every program defines for itself is better looked for in each. */
const mostPerName = 8

/**
 * Which objects were seen to define a name, over all processes of a root. It is an index of the names that somebody asked
 * for: most of what libraries export nobody does.
 */
export class Definers {
  readonly #byHash = new Map<number, LoaderObject[]>()

  /** Objects to ask first. Names that share their hash share them, too. */
  of({gnuHash}: SymbolName): readonly LoaderObject[] {
    return this.#byHash.get(gnuHash) ?? none
  }

  learn({gnuHash}: SymbolName, definer: LoaderObject): void {
    const known = this.#byHash.get(gnuHash)
    if (known === undefined) this.#byHash.set(gnuHash, [definer])
    else if (known.length < mostPerName && !known.includes(definer)) known.push(definer)
  }
}
