import type {Budget} from './budget.js'
import type {Definers} from './definers.js'
import type {LoaderObject} from './object.js'
import type {Reference} from './references.js'
import type {SymbolName} from './symbol-name.js'

/** The objects whose symbols a process has in common, in the order in which they are searched. */
export class Scope {
  readonly program: LoaderObject
  /** Everything but the program; a program that a library needs in turn is in it again, as a library. */
  readonly libraries: ReadonlySet<LoaderObject>
  readonly #definers: Definers
  readonly #budget: Budget

  /** @param chain the program first */
  constructor(chain: readonly LoaderObject[], definers: Definers, budget: Budget) {
    const [program, ...libraries] = chain
    if (program === undefined) throw new RangeError('a process has a program')
    this.program = program
    this.libraries = new Set(libraries)
    this.#definers = definers
    this.#budget = budget
  }

  /**
   * The object that a name means: the first that answers the request; null where none does. A copy is looked for behind the
   * program that it is made for.
   */
  definer(name: SymbolName, request: Reference['request']): LoaderObject | null {
    return this.#firstOf([this.program], name, request) ?? this.#firstOf(this.libraries, name, request)
  }

  /**
   * Some object that answers: for those who only ask whether there is one.
   * @param among libraries of this scope to ask when nobody is known, the likely ones first
   */
  anyDefiner(
    name: SymbolName,
    request: Reference['request'],
    among: () => Iterable<LoaderObject>,
  ): LoaderObject | null {
    const known = this.#firstOf(this.#definers.of(name), name, request)
    if (known !== null) return known
    const found = this.#firstOf(among(), name, request) ?? this.#firstOf([this.program], name, request)
    if (found !== null) this.#definers.learn(name, found)
    return found
  }

  #firstOf(objects: Iterable<LoaderObject>, name: SymbolName, request: Reference['request']): LoaderObject | null {
    const asked = request === 'copy' ? 'address' : request
    let looked = 0
    let found: LoaderObject | null = null
    for (const object of objects) {
      looked++
      if (!this.#has(object, request) || !object.exports.offers(name, asked)) continue
      found = object
      break
    }
    this.#budget.spend('lookups', looked)
    return found
  }

  #has(object: LoaderObject, request: Reference['request']): boolean {
    return this.libraries.has(object) || (object === this.program && request !== 'copy')
  }
}
