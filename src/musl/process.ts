import type {MissingLibrary, MuslVerdict} from '../model/musl.js'
import {Budget} from './budget.js'
import {Closure, type Loaded, type Start} from './closure.js'
import type {Definers} from './definers.js'
import type {LoaderEnvironment} from './environment.js'
import type {Explainer} from './explain.js'
import type {ObjectLookups} from './lookups.js'
import type {LoaderObject} from './object.js'
import type {OpenedFile} from './root.js'
import {Scope} from './scope.js'
import type {LibrarySearch} from './search.js'
import {ignoredRelr, lateStaticTls, unsupportedTypes} from './unsupported.js'
import {Complaints} from './verdict.js'

/** What is done with the file in question: listed by hand, started by the kernel, or opened by dlopen. */
export type Course = 'list' | 'start' | 'open-now' | 'open-lazy'

/** A process as far as its loader goes: the objects in it, and what the loader says of those that are in question. */
export class LoaderProcess {
  readonly #closure: Closure
  readonly #start: Start
  readonly #course: Course
  readonly #budget: Budget
  /** Objects and failures from these on belong to the file in question, not to the process that opens it. */
  #from = {object: 0, failure: 0}
  /** The file was there already: nothing else is in question. */
  #alreadyThere: Loaded | null = null

  /** @param where names the file in question in errors */
  constructor(course: Course, start: Start, search: LibrarySearch, where: string) {
    this.#course = course
    this.#start = start
    this.#budget = new Budget(where)
    this.#closure = new Closure(start, search, this.#budget)
  }

  /** Starts a program, with what is preloaded and all that is needed. */
  run(program: LoaderObject, path: string, openedAs: string, preload: readonly string[]): this {
    this.#closure.addProgram(program, path, openedAs)
    for (const name of preload) this.#closure.preload(name)
    this.#closure.loadNeeded()
    return this
  }

  /** Opens a file in the process that runs; it and what it needs are in question now. */
  open(file: OpenedFile, object: LoaderObject, openedAs: string): this {
    this.#closure.addMusl()
    this.#closure.loadNeeded()
    const {chain, missing} = this.#closure
    this.#from = {object: chain.length, failure: missing.length}
    const opened = this.#closure.addOpened(file, object, openedAs)
    if (chain.length === this.#from.object) this.#alreadyThere = opened
    this.#closure.loadNeeded()
    return this
  }

  verdict(
    {machine, musl}: LoaderEnvironment,
    explainer: Explainer,
    definers: Definers,
    lookupsOf: (object: LoaderObject) => ObjectLookups,
  ): Omit<MuslVerdict, 'interpreter'> {
    const {chain, missing} = this.#closure
    const {features} = this.#start
    const scope = new Scope(
      chain.map(({object}) => object),
      definers,
      this.#budget,
    )
    const inQuestion = this.#inQuestion()
    const opened = new Set(inQuestion.map(({object}) => object))
    const complaints = new Complaints(missing.slice(this.#from.failure), explainer)
    for (const loaded of inQuestion) {
      const mayPostpone = this.#course === 'open-lazy' && features.postpones && !loaded.object.bindsNow
      complaints.addUnanswered(loaded, lookupsOf(loaded.object).unanswered(scope), mayPostpone)
      complaints.addUnsupported(unsupportedTypes(loaded, machine, features))
      // A listing does not get to the point where these two show.
      if (this.#course !== 'list') complaints.addUnsupported(ignoredRelr(loaded, features))
      if (this.#isOpened) complaints.addUnsupported(lateStaticTls(loaded, scope, opened, machine))
    }
    const muslPath = chain.some(({object}) => object === this.#start.musl) ? (musl.path ?? []) : []
    return {
      ...complaints.verdict(),
      closure: inQuestion.map(({path}) => path).concat(muslPath),
      ignoredRunPaths: inQuestion.filter(({ignoresRunPath}) => ignoresRunPath).map(({path}) => path),
    }
  }

  /** Every file in the process, in the order in which they came; musl itself is ''. */
  get files(): readonly string[] {
    return [...new Set(this.#closure.chain.map(({path}) => path))]
  }

  /** What did not come, though something needs it. */
  get missing(): readonly MissingLibrary[] {
    return this.#closure.missing
  }

  get #isOpened(): boolean {
    return this.#course === 'open-now' || this.#course === 'open-lazy'
  }

  /** Each object once: a program that a library needs in turn is loaded twice. */
  #inQuestion(): readonly Loaded[] {
    if (this.#alreadyThere !== null) return [this.#alreadyThere]
    const objects = new Set<LoaderObject>([this.#start.musl])
    return this.#closure.chain.slice(this.#from.object).filter(({object}) => {
      const isNew = !objects.has(object)
      objects.add(object)
      return isNew
    })
  }
}
