import type {LibraryFailure, MissingLibrary} from '../model/musl.js'
import type {Budget} from './budget.js'
import type {LoaderObject} from './object.js'
import {isReserved} from './reserved-names.js'
import type {Opened, OpenedFile} from './root.js'
import {expandRunPath} from './run-path.js'
import type {Found, LibrarySearch, SearchList} from './search.js'
import {SymbolName} from './symbol-name.js'
import type {LoaderFeatures} from './version.js'

/** An object of the process. */
export interface Loaded {
  readonly object: LoaderObject
  /** Where it really is; '' for musl itself. */
  readonly path: string
  /** Of the path by which it was opened. */
  readonly fileName: string
  readonly ignoresRunPath: boolean
  /** Its own run path; null where that names no folder. */
  readonly runPath: SearchList | null
  /** The object that brought it in, or the nearest one before that with a run path: its folders are searched next. */
  readonly inherits: Loaded | null
}

/** How the loader was started, and with what. */
export interface Start {
  readonly features: LoaderFeatures
  readonly machine: string
  /** The object that stands for musl in the chain. */
  readonly musl: LoaderObject
  /** The loader's own name: DT_NEEDED may say it. */
  readonly loaderName: string
  /** LD_LIBRARY_PATH. */
  readonly libraryPath: readonly string[]
  /** The folders that are searched last. */
  readonly systemPath: readonly string[]
  /** Set-user-ID and the like: `$ORIGIN` of the program counts for nothing. */
  readonly secure: boolean
}

/** What makes an object a C library: both are defined by musl and by glibc, and by no library that sits in between. */
const libcSymbols = ['__libc_start_main', 'stdin'].map(SymbolName.of)

/** The objects of a process: breadth-first from the program, in the order in which musl takes them in. */
export class Closure {
  readonly chain: Loaded[] = []
  readonly missing: MissingLibrary[] = []
  readonly #start: Start
  readonly #search: LibrarySearch
  readonly #budget: Budget
  readonly #libraryPath: SearchList | null
  readonly #systemPath: SearchList | null
  readonly #byName = new Map<string, Loaded>()
  readonly #byIdentity = new Map<unknown, Loaded>()
  readonly #named = new Set<Loaded>()
  /** Objects of the chain whose DT_NEEDED have been loaded. */
  #walked = 0
  #hasMusl = false

  constructor(start: Start, search: LibrarySearch, budget: Budget) {
    this.#start = start
    this.#search = search
    this.#budget = budget
    this.#libraryPath = search.list(start.libraryPath)
    this.#systemPath = search.list(start.systemPath)
  }

  /**
   * Takes in the program. Neither names nor files are compared with it later.
   * @param openedAs for `$ORIGIN`: where it really is when the kernel started it
   */
  addProgram(object: LoaderObject, path: string, openedAs = path): Loaded {
    return this.#append(object, path, this.#start.secure ? null : openedAs, null)
  }

  /** Takes in a file that is opened by its path, as dlopen does, and says which object of the chain it is. */
  addOpened({identity, path}: OpenedFile, object: LoaderObject, openedAs: string): Loaded {
    const known = this.#byIdentity.get(identity)
    if (known !== undefined) return known
    const loaded = this.#append(object, path, openedAs, this.chain[0] ?? null)
    this.#byIdentity.set(identity, loaded)
    return loaded
  }

  /** Takes in what LD_PRELOAD names; what is not there is passed over in silence. */
  preload(name: string): void {
    this.#load(name, null)
  }

  /** Brings musl's own symbols into scope, unless they are: nothing but a name that means musl does that. */
  addMusl(): null {
    if (!this.#hasMusl) this.#append(this.#start.musl, '', null, null)
    this.#hasMusl = true
    return null
  }

  /** Loads all that the chain needs, until nothing new comes. */
  loadNeeded(): void {
    for (; this.#walked < this.chain.length; this.#walked++) {
      const needing = this.chain[this.#walked] as Loaded
      for (const name of new Set(needing.object.needed)) {
        const failed = this.#load(name, needing)
        if (failed !== null) this.missing.push({name, neededBy: needing.path, ...failed})
      }
    }
  }

  /** @returns why it failed; null where it did not */
  #load(name: string, needing: Loaded | null): Pick<MissingLibrary, 'failure' | 'found'> | null {
    const {features, loaderName, machine} = this.#start
    if (name === '') return {failure: 'bad-name', found: null}
    if (isReserved(name, features) || name === loaderName) return this.addMusl()
    const byPath = name.includes('/')
    if (!byPath && this.#byName.has(name)) return null
    const found = byPath ? {openedAs: name, opened: this.#search.open(name)} : this.#find(name, needing)
    if (found?.opened.kind !== 'file') return {failure: failureOf(found?.opened), found: found?.openedAs ?? null}

    const {openedAs, opened} = found
    const known = this.#byIdentity.get(opened.identity)
    if (known !== undefined) {
      if (!byPath) this.#nameOnce(known)
      return null
    }
    const object = opened.object()
    if (object === null || object.unusable !== null) return {failure: 'not-an-object', found: opened.path}
    if (object.machine !== machine) return {failure: 'wrong-architecture', found: opened.path}
    if (features.dropsSecondLibc && isLibc(object)) return this.addMusl()
    const loaded = this.#append(object, opened.path, openedAs, needing)
    this.#byIdentity.set(opened.identity, loaded)
    if (!byPath) this.#nameOnce(loaded)
    return null
  }

  /** LD_LIBRARY_PATH, then the run paths of the object and of those that brought it in, then the system's folders. */
  #find(name: string, needing: Loaded | null): Found | null {
    const find = (list: SearchList | null) => list && this.#search.find(name, list, this.#budget)
    let found = find(this.#libraryPath)
    for (let from = needing; found === null && from !== null; from = from.inherits) found = find(from.runPath)
    return found ?? find(this.#systemPath)
  }

  #append(object: LoaderObject, path: string, openedAs: string | null, by: Loaded | null): Loaded {
    const {folders, ignored} = expandRunPath(object.runPath, openedAs)
    const inherits = by === null || by.runPath !== null ? by : by.inherits
    const fileName = (openedAs ?? path).slice((openedAs ?? path).lastIndexOf('/') + 1)
    const loaded = {object, path, fileName, ignoresRunPath: ignored, runPath: this.#search.list(folders), inherits}
    this.chain.push(loaded)
    return loaded
  }

  /** An object has one name by which others find it: that of the file by which a search first came to it. */
  #nameOnce(loaded: Loaded): void {
    if (this.#named.has(loaded)) return
    this.#named.add(loaded)
    this.#byName.set(loaded.fileName, loaded)
  }
}

/** Does it define what only a C library does? A second one in a process is dropped. */
export function isLibc(object: LoaderObject): boolean {
  return libcSymbols.every(name => object.exports.offers(name, 'definition'))
}

function failureOf(opened: Exclude<Opened, OpenedFile> | undefined): LibraryFailure {
  switch (opened?.kind) {
    case 'directory':
      return 'directory'
    case 'loop':
    case 'forbidden':
      return 'unreadable'
    default:
      return 'missing'
  }
}
