import {once} from '../../elf/reader.js'
import type {Knowledge, Musl} from '../environment.js'
import {type Exports, lazyExports, listedExports, noExports} from '../exports.js'
import type {MuslMachine} from '../machine.js'
import type {MuslVersion} from '../version.js'
import {type GlibcSymbol, glibcLibrary, readGlibcTable} from './glibc-table.js'
import {type HelperLibrary, readHelpersTable} from './helpers-table.js'
import {readMuslTable} from './musl-table.js'
import {type Remedy, remedyFor} from './remedies.js'
import {type RemedyFacts, readRemediesTable} from './remedies-table.js'
import {type KnownExports, nodeHost, readRuntimeTable} from './runtime-table.js'
import type {TableName} from './text.js'

/** What piton knows of C libraries and their company, read from `data/libc` when it is first asked for. */
export class LibcTables {
  /** The folder that they are read from; null where they are in none. */
  readonly location: string | null
  readonly #read: (name: TableName) => string
  readonly #glibc: () => ReadonlyMap<string, GlibcSymbol>
  readonly #runtime: () => ReadonlyMap<string, KnownExports>
  readonly #helpers: () => ReadonlyMap<string, HelperLibrary>
  readonly #remedies: () => ReadonlyMap<string, RemedyFacts>

  /** @param read the text of `data/libc/<name>.tsv` */
  constructor(read: (name: TableName) => string, location: string | null = null) {
    this.#read = read
    this.location = location
    this.#glibc = once(() => readGlibcTable(read('glibc')))
    this.#runtime = once(() => readRuntimeTable(read('runtime')))
    this.#helpers = once(() => readHelpersTable(read('helpers')))
    this.#remedies = once(() => readRemediesTable(read('remedies')))
  }

  /** musl as its source, or Alpine's package, makes it; without exports for a machine that the table does not have. */
  musl(version: MuslVersion, {tableArch}: MuslMachine): Musl {
    const exports = lazyExports(() => {
      const names = readMuslTable(this.#read('musl'), tableArch, version)
      return names === null ? noExports : listedExports(names)
    })
    return {version, exports}
  }

  /** Where glibc has a symbol; undefined where it has it nowhere. */
  glibc(symbol: string): GlibcSymbol | undefined {
    return this.#glibc().get(symbol)
  }

  /** What a library of GCC's runtime exports: `libstdc++.so.6`, `libgcc_s.so.1`. */
  runtimeLibrary(name: string): Exports {
    return lazyExports(() => exportsOf(this.#runtime().get(name)))
  }

  /** What Node.js offers to the plugins that it opens. */
  get nodeHost(): Exports {
    return this.runtimeLibrary(nodeHost)
  }

  /** A package of libraries that musl programs use in the place of parts of glibc: `gcompat`, `musl-fts`. */
  helper(packageName: string): HelperLibrary | undefined {
    return this.#helpers().get(packageName)
  }

  /** What can be done about a symbol of glibc that musl does not have. */
  remedy(symbol: string): Remedy {
    return remedyFor(symbol, this.#remedies())
  }

  /** What is known of libraries that are missing, for the loader's verdicts. */
  get knowledge(): Knowledge {
    const libraries = new Map<string, string | null>()
    const glibcName = (library: string) => {
      const known = libraries.get(library)
      if (known !== undefined) return known
      const name = glibcLibrary(library)
      libraries.set(library, name)
      return name
    }
    return {
      isGlibc: symbol => this.#glibc().has(symbol),
      offers: (library, symbol) => {
        const ofGlibc = glibcName(library)
        if (ofGlibc !== null) return this.#glibc().get(symbol)?.libraries.includes(ofGlibc) ?? false
        return this.#runtime().get(library)?.names.has(symbol) ?? null
      },
    }
  }
}

function exportsOf(known: KnownExports | undefined): Exports {
  if (known === undefined) return noExports
  const {names, prefixes} = known
  if (prefixes.length === 0) return listedExports(names)
  return {offers: ({text}) => names.has(text) || prefixes.some(prefix => text.startsWith(prefix))}
}
