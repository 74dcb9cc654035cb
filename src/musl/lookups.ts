import {withoutLfs64} from './lfs64.js'
import type {LoaderObject} from './object.js'
import type {Reference} from './references.js'
import type {Scope} from './scope.js'
import {SymbolName} from './symbol-name.js'
import type {LoaderFeatures} from './version.js'

/**
 * The lookups that one object needs, and which objects are known to answer them. Whether a symbol is found depends only on
 * which objects are in scope, not on their order; so for a library that many programs share, it is enough to see that the
 * objects that answered once are there again.
 */
export class ObjectLookups {
  readonly #object: LoaderObject
  readonly #musl: LoaderObject
  readonly #features: LoaderFeatures
  readonly #answered = new Map<LoaderObject, Reference[]>()
  #open: Reference[]

  constructor(object: LoaderObject, musl: LoaderObject, features: LoaderFeatures) {
    this.#object = object
    this.#musl = musl
    this.#features = features
    this.#open = object.references.filter(reference => isLookedUp(reference, features))
  }

  /** References that nothing in `scope` answers. */
  unanswered(scope: Scope): readonly Reference[] {
    const open = this.#open
    for (const [definer, references] of this.#answered) {
      if (scope.hasLibrary(definer)) continue
      // The process before this one had it; here the symbols may come from elsewhere.
      open.push(...references)
      this.#answered.delete(definer)
    }
    this.#open = open.filter(reference => !this.#answer(reference, scope))
    return this.#open
  }

  #answer(reference: Reference, scope: Scope): boolean {
    const {symbol, request} = reference
    const name = this.#object.nameOf(symbol)
    const definer = scope.definer(name, request, [this.#musl, this.#object])
    if (definer === null) return this.#isLfs64(name)
    const answered = this.#answered.get(definer)
    if (answered) answered.push(reference)
    else this.#answered.set(definer, [reference])
    return true
  }

  /** musl answers for its large-file names, in scope or not. */
  #isLfs64(name: SymbolName): boolean {
    const plain = withoutLfs64(name.text, this.#features.longestLfs64)
    return plain !== null && this.#musl.exports.offers(SymbolName.of(plain), 'definition')
  }
}

function isLookedUp({optional, local}: Reference, {looksUpLocals}: LoaderFeatures): boolean {
  return !optional && (local === 'no' || (local === 'symbol' && looksUpLocals))
}
