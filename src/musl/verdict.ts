import type {MissingLibrary, MissingSymbol, MuslOutcome, MuslVerdict, UnsupportedRelocation} from '../model/musl.js'
import type {Loaded} from './closure.js'
import type {Explainer} from './explain.js'
import type {Reference} from './references.js'

/** A verdict with nothing to say. */
export const noVerdict: Omit<MuslVerdict, 'verdict'> = {
  reason: null,
  interpreter: null,
  missingLibraries: [],
  missingSymbols: [],
  lazySymbols: [],
  unsupportedRelocations: [],
  closure: [],
  ignoredRunPaths: [],
}

/** What the loader would complain of, object by object. */
export class Complaints {
  readonly #missingLibraries: readonly MissingLibrary[]
  readonly #explainer: Explainer
  readonly #symbols: MissingSymbol[] = []
  readonly #lazySymbols: MissingSymbol[] = []
  readonly #relocations: UnsupportedRelocation[] = []

  constructor(missingLibraries: readonly MissingLibrary[], explainer: Explainer) {
    this.#missingLibraries = missingLibraries
    this.#explainer = explainer
  }

  /**
   * Takes the lookups of an object that nothing answers; each symbol is named once.
   * @param mayPostpone dlopen was told to put off what only calls need, and the object allows it
   */
  addUnanswered(loaded: Loaded, references: readonly Reference[], mayPostpone: boolean): void {
    const postponed = new Map<number, boolean>()
    for (const {symbol, postponable} of references) {
      postponed.set(symbol, mayPostpone && postponable && (postponed.get(symbol) ?? true))
    }
    const described = [...postponed].map(([symbol, isPostponed]) => {
      return {isPostponed, ...this.#explainer.describe(loaded, symbol, this.#missingLibraries)}
    })
    described.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    for (const {isPostponed, ...symbol} of described) (isPostponed ? this.#lazySymbols : this.#symbols).push(symbol)
  }

  addUnsupported(relocations: readonly UnsupportedRelocation[]): void {
    this.#relocations.push(...relocations)
  }

  /** The verdict, by the worst of them: symptoms of a missing library are missing symbols, too. */
  verdict(): Omit<MuslVerdict, 'interpreter' | 'closure' | 'ignoredRunPaths'> {
    return {
      verdict: this.#outcome(),
      reason: null,
      missingLibraries: this.#missingLibraries,
      missingSymbols: this.#symbols,
      lazySymbols: this.#lazySymbols,
      unsupportedRelocations: this.#relocations,
    }
  }

  #outcome(): MuslOutcome {
    if (this.#missingLibraries.length > 0) return 'missing_library'
    if (this.#symbols.length > 0) return 'symbol_not_found'
    return this.#relocations.length > 0 ? 'unsupported_relocation' : 'loads'
  }
}
