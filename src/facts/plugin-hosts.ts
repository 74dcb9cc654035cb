import type {LoaderVerdict} from '../model/facts.js'
import type {MissingSymbol, MuslVerdict} from '../model/musl.js'
import {type LoaderObject, SymbolName} from '../musl/index.js'
import type {Subject} from './loader.js'

/** Symbols of one plugin that are looked for in every file of the target, to find its host. */
const symbolsTried = 32

/** Programs that are tried as the host of one plugin. */
const mostCandidates = 4

/** Who may open a plugin: the programs of the target, with the libraries that they bring in. */
export class PluginHosts {
  readonly #objects = new Map<string, () => LoaderObject>()
  /** Programs that bring in a file, by its path. */
  readonly #broughtInBy = new Map<string, string[]>()
  readonly #fileNames = new Set<string>()
  /** Objects that export a name; filled as names are asked for. */
  readonly #exporters = new Map<string, readonly string[]>()
  #node: string | null = null

  addFile({path, record}: Subject): void {
    this.#objects.set(path, record.object)
    this.#fileNames.add(path.slice(path.lastIndexOf('/') + 1))
  }

  addProgram(path: string, {closure}: MuslVerdict): void {
    for (const loaded of closure) {
      const programs = this.#broughtInBy.get(loaded) ?? []
      programs.push(path)
      this.#broughtInBy.set(loaded, programs)
    }
    if (/(?:^|\/)node(?:js)?$/.test(path)) this.#node ??= path
  }

  /** The Node.js of the target. */
  get node(): string | null {
    return this.#node
  }

  /** Does a program bring it in by DT_NEEDED? Then it is no plugin, and its verdict is that of the programs. */
  isLinked(path: string): boolean {
    return this.#broughtInBy.has(path)
  }

  /** Programs that have something of what the plugin lacks, those with most first. */
  candidates({missingSymbols, missingLibraries}: MuslVerdict): readonly string[] {
    const score = new Map<string, number>()
    const count = (programs: readonly string[]) => {
      for (const program of programs) score.set(program, (score.get(program) ?? 0) + 1)
    }
    for (const {name} of missingSymbols.filter(mayBeElsewhere).slice(0, symbolsTried)) {
      for (const exporter of this.#exportersOf(name)) count(this.#broughtInBy.get(exporter) ?? [])
    }
    for (const {name} of missingLibraries) {
      for (const [path, programs] of this.#broughtInBy) if (path.endsWith(`/${name}`)) count(programs)
    }
    const ranked = [...score].sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))
    return ranked.slice(0, mostCandidates).map(([program]) => program)
  }

  /** What is missing of this plugin, and is somewhere in the target. */
  elsewhere({missingSymbols, lazySymbols, missingLibraries}: MuslVerdict): LoaderVerdict['elsewhere'] {
    return {
      libraries: new Set(missingLibraries.map(({name}) => name).filter(name => this.#fileNames.has(name))),
      symbols: new Set(
        [...missingSymbols, ...lazySymbols]
          .filter(mayBeElsewhere)
          .map(({name}) => name)
          .filter(name => this.#exportersOf(name).length > 0),
      ),
    }
  }

  #exportersOf(symbol: string): readonly string[] {
    const known = this.#exporters.get(symbol)
    if (known !== undefined) return known
    const name = SymbolName.of(symbol)
    const found = [...this.#objects]
      .filter(([, object]) => object().exports.offers(name, 'definition'))
      .map(([path]) => path)
    this.#exporters.set(symbol, found)
    return found
  }
}

/** glibc's own names are nobody else's, and what a missing library has comes with it. */
function mayBeElsewhere({glibc, explainedBy}: MissingSymbol): boolean {
  return !glibc && explainedBy === null
}
