import type {Budget} from './budget.js'
import type {LoaderObject} from './object.js'
import type {Reference} from './references.js'
import type {SymbolName} from './symbol-name.js'

/** The objects whose symbols a process has in common, in the order in which they are searched. */
export class Scope {
  readonly program: LoaderObject
  /** Everything but the program; a program that a library needs in turn is in it again, as a library. */
  readonly libraries: ReadonlySet<LoaderObject>
  readonly #budget: Budget

  /** @param chain the program first */
  constructor(chain: readonly LoaderObject[], budget: Budget) {
    const [program, ...libraries] = chain
    if (program === undefined) throw new RangeError('a process has a program')
    this.program = program
    this.libraries = new Set(libraries)
    this.#budget = budget
  }

  /**
   * The object that a name means: the first that answers the request; null where none does. A copy is looked for behind the
   * program that it is made for.
   */
  definer(name: SymbolName, request: Reference['request']): LoaderObject | null {
    const fromProgram = this.#firstOf([this.program], name, request)
    return fromProgram ?? this.#firstOf(this.libraries, name, request)
  }

  /** Some object that answers: one of the given libraries or, for all but copies, the program. */
  anyDefiner(name: SymbolName, request: Reference['request'], among: readonly LoaderObject[]): LoaderObject | null {
    return this.#firstOf(among, name, request) ?? this.#firstOf([this.program], name, request)
  }

  #firstOf(objects: Iterable<LoaderObject>, name: SymbolName, request: Reference['request']): LoaderObject | null {
    const asked = request === 'copy' ? 'address' : request
    let looked = 0
    let found: LoaderObject | null = null
    for (const object of objects) {
      if (request === 'copy' && object === this.program && !this.libraries.has(object)) continue
      looked++
      if (!object.exports.offers(name, asked)) continue
      found = object
      break
    }
    this.#budget.spend('lookups', looked)
    return found
  }
}
