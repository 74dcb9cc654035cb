import type {MissingLibrary, MissingSymbol} from '../model/musl.js'
import type {Loaded} from './closure.js'
import type {Knowledge} from './environment.js'
import type {LoaderObject} from './object.js'

/** What can be said of a symbol that is missing, whatever else is. */
interface Wanted {
  readonly name: string
  readonly version: string | null
  /** The library that its version is of, as in DT_NEEDED. */
  readonly from: string | null
  readonly glibc: boolean
}

/** Describes symbols that nothing defines, and finds the missing libraries that would have. */
export class Explainer {
  readonly #knowledge: Knowledge | undefined
  readonly #wanted = new Map<LoaderObject, Map<number, Wanted>>()

  constructor(knowledge: Knowledge | undefined) {
    this.#knowledge = knowledge
  }

  describe({object, path}: Loaded, symbol: number, missing: readonly MissingLibrary[]): MissingSymbol {
    const wanted = this.#wantedBy(object, symbol)
    const {name, version, glibc} = wanted
    return {name, requiredBy: path, version, glibc, explainedBy: this.#explain(wanted, path, missing)}
  }

  /**
   * The file itself may say which library it wants the symbol from; else a table may know; else it is a library of which
   * nothing is known, if the object that needs the symbol asks for one, or if there is any.
   */
  #explain({name, from, glibc}: Wanted, path: string, missing: readonly MissingLibrary[]): string | null {
    if (missing.length === 0) return null
    if (from !== null && missing.some(library => library.name === from)) return from
    const knowledge = this.#knowledge
    const known = missing.find(library => knowledge?.offers(library.name, name) === true)
    if (known !== undefined) return known.name
    // It is from a library that is there and lacks it, or from what musl stands for.
    if (from !== null || glibc) return null
    const candidates = missing.filter(library => (knowledge?.offers(library.name, name) ?? null) === null)
    return (candidates.find(({neededBy}) => neededBy === path) ?? candidates[0])?.name ?? null
  }

  #wantedBy(object: LoaderObject, symbol: number): Wanted {
    const ofObject = this.#wanted.get(object) ?? new Map<number, Wanted>()
    this.#wanted.set(object, ofObject)
    let wanted = ofObject.get(symbol)
    if (wanted === undefined) {
      const name = object.nameOf(symbol).text
      const version = object.versionOf(symbol)
      const glibc = (version?.name.startsWith('GLIBC_') ?? false) || (this.#knowledge?.isGlibc(name) ?? false)
      wanted = {name, version: version?.name || null, from: version?.library ?? null, glibc}
      ofObject.set(symbol, wanted)
    }
    return wanted
  }
}
