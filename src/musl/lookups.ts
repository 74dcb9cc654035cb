import {once} from '../elf/reader.js'
import {withoutLfs64} from './lfs64.js'
import type {LoaderObject} from './object.js'
import type {Reference} from './references.js'
import type {Scope} from './scope.js'
import {SymbolName} from './symbol-name.js'
import type {LoaderFeatures} from './version.js'

/**
 * The lookups that one object needs, and what is known about their answers. Whether a symbol is found depends only on which
 * objects are in scope, not on their order. So for a library that many programs share it is enough to see that the objects
 * that answered before are there again, and to ask those that were never asked.
 */
export class ObjectLookups {
  readonly #object: LoaderObject
  readonly #musl: LoaderObject
  readonly #features: LoaderFeatures
  /** References by the object that answered them. */
  readonly #answered = new Map<LoaderObject, Reference[]>()
  /** References that nobody has answered yet, and the libraries that were asked. */
  #open: readonly Reference[]
  #asked = new Set<LoaderObject>()

  constructor(object: LoaderObject, musl: LoaderObject, features: LoaderFeatures) {
    this.#object = object
    this.#musl = musl
    this.#features = features
    this.#open = object.references.filter(reference => isLookedUp(reference, features))
  }

  /** References that nothing in `scope` answers. */
  unanswered(scope: Scope): readonly Reference[] {
    const reopened = this.#reopen(scope)
    if (this.#open.length === 0 && reopened.length === 0) return this.#open
    const likely = [this.#musl, this.#object].filter(object => scope.libraries.has(object))
    const unasked = once(() => [...likely, ...scope.libraries].filter(object => !this.#asked.has(object)))
    const open = this.#open.filter(reference => !this.#answer(reference, scope, unasked))
    if (open.length > 0) for (const object of unasked()) this.#asked.add(object)
    if (reopened.length > 0) {
      open.push(...reopened.filter(reference => !this.#answer(reference, scope, () => scope.libraries)))
      // The reopened ones were not asked of the libraries of other processes.
      this.#asked = new Set(open.length > 0 ? scope.libraries : [])
    }
    this.#open = open.filter(({symbol}) => !this.#isLfs64(symbol))
    return this.#open
  }

  /** Takes back the answers of objects that this process does not have. */
  #reopen(scope: Scope): readonly Reference[] {
    const reopened: Reference[] = []
    for (const [definer, references] of this.#answered) {
      if (scope.libraries.has(definer)) continue
      reopened.push(...references)
      this.#answered.delete(definer)
    }
    return reopened
  }

  #answer(reference: Reference, scope: Scope, among: () => Iterable<LoaderObject>): boolean {
    const name = this.#object.nameOf(reference.symbol)
    const definer = scope.anyDefiner(name, reference.request, among)
    if (definer === null) return false
    const answered = this.#answered.get(definer)
    if (answered) answered.push(reference)
    else this.#answered.set(definer, [reference])
    return true
  }

  /** musl answers for its large-file names, in scope or not. */
  #isLfs64(symbol: number): boolean {
    const {text} = this.#object.nameOf(symbol)
    const plain = withoutLfs64(text, this.#features.longestLfs64)
    return plain !== null && this.#musl.exports.offers(SymbolName.of(plain), 'definition')
  }
}

function isLookedUp({optional, local}: Reference, {looksUpLocals}: LoaderFeatures): boolean {
  return !optional && (local === 'no' || (local === 'symbol' && looksUpLocals))
}
