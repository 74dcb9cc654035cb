import type {Budget} from './budget.js'
import type {Request} from './exports.js'
import type {LoaderObject} from './object.js'
import type {SymbolName} from './symbol-name.js'

/** The objects whose symbols a process has in common, in the order in which they are searched. */
export class Scope {
  readonly #program: LoaderObject
  /** Everything but the program; a program that a library needs in turn is in it again, as a library. */
  readonly #libraries: ReadonlySet<LoaderObject>
  readonly #budget: Budget

  /** @param chain the program first */
  constructor(chain: readonly LoaderObject[], budget: Budget) {
    const [program, ...libraries] = chain
    if (program === undefined) throw new RangeError('a process has a program')
    this.#program = program
    this.#libraries = new Set(libraries)
    this.#budget = budget
  }

  /** Is it in scope whatever the request? The program is not: copies come from libraries, never from who takes them. */
  hasLibrary(object: LoaderObject): boolean {
    return this.#libraries.has(object)
  }

  /**
   * The first object that has the symbol; null where none has.
   * @param likely where to look before: for those who only ask whether there is one
   */
  definer(name: SymbolName, request: Request | 'copy', likely: readonly LoaderObject[] = []): LoaderObject | null {
    const asked = request === 'copy' ? 'address' : request
    const offers = (object: LoaderObject) => {
      this.#budget.spend('lookups')
      return object.exports.offers(name, asked)
    }
    for (const object of likely) if (this.#libraries.has(object) && offers(object)) return object
    if (request !== 'copy' && offers(this.#program)) return this.#program
    for (const object of this.#libraries) if (offers(object)) return object
    return null
  }
}
