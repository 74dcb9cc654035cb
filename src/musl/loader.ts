import type {MissingLibrary, MuslVerdict} from '../model/musl.js'
import type {Start} from './closure.js'
import {Definers} from './definers.js'
import {type LoaderEnvironment, systemPath} from './environment.js'
import {Explainer} from './explain.js'
import {noExports} from './exports.js'
import {findInterpreter, gcompatLibrary} from './interpreter.js'
import {ObjectLookups} from './lookups.js'
import {loaderPath} from './machine.js'
import {type LoaderObject, libraryOf} from './object.js'
import {LoaderProcess} from './process.js'
import {cachedRoot, type LoaderRoot, type OpenedFile} from './root.js'
import {splitPath} from './run-path.js'
import {LibrarySearch} from './search.js'
import {noVerdict} from './verdict.js'
import {featuresOf, type LoaderFeatures} from './version.js'

/** How a file comes into a process. */
export interface Circumstances {
  /** The program that opens a plugin: a path, or what is known of it. Its symbols and its libraries' count as defined. */
  readonly host?: string | LoaderObject
  /** RTLD_LAZY or RTLD_NOW. Default: lazy where there is a host, as most programs open plugins; else now. */
  readonly binding?: 'lazy' | 'now'
  /** A program with the set-user-ID bit or capabilities. */
  readonly secure?: boolean
}

/** What comes into the process of a program, and what does not. */
export interface ProcessFiles {
  /** Real paths: the program, its interpreter, then libraries and plugins as they come. */
  readonly files: readonly string[]
  /** Has it no loader? Then it opens nothing either. */
  readonly isStatic: boolean
  readonly missing: readonly MissingLibrary[]
  /** Why nothing, or not all of it, can be told; null where all can. */
  readonly unknown: string | null
}

/**
 * musl's loader, for the files of one root: what it would say of each, without running anything. Every file is read once
 * and every search made once, however many programs share a library.
 */
export class MuslLoader {
  readonly #root: LoaderRoot
  readonly #environment: LoaderEnvironment
  readonly #features: LoaderFeatures
  readonly #search: LibrarySearch
  /** Stands for musl in the chain of objects. */
  readonly #musl: LoaderObject
  readonly #explainer: Explainer
  readonly #definers = new Definers()
  readonly #lookups = new Map<LoaderObject, ObjectLookups>()

  constructor(root: LoaderRoot, environment: LoaderEnvironment) {
    this.#root = cachedRoot(root)
    this.#environment = environment
    this.#features = featuresOf(environment.musl.version)
    this.#search = new LibrarySearch(this.#root, environment.workingDirectory)
    this.#explainer = new Explainer(environment.knowledge)
    this.#musl = libraryOf(environment.machine.name, environment.musl.exports)
  }

  /**
   * What becomes of a file when it is started or, if it is no program, opened.
   * @param path absolute, inside the root
   * @throws {ElfError} ELF_LIMIT where a file makes more work than any real one
   */
  judge(path: string, circumstances: Circumstances = {}): MuslVerdict {
    return this.#with(path, (file, object) => {
      if (object.type === 'static-pie') return {...noVerdict, verdict: 'static', closure: [file.path]}
      if (object.type === 'executable' || object.type === 'pie') return this.#start(file, object, circumstances)
      return this.#open(path, file, object, circumstances)
    })
  }

  /**
   * What `ld-musl-ARCH.so.1 --list FILE` says: the loader takes the file for its program, whatever it is.
   * @param path absolute, inside the root; `$ORIGIN` is its folder
   */
  list(path: string): MuslVerdict {
    return this.#with(path, (file, object) => this.#list(path, file, object))
  }

  /**
   * The files that come into a process, without a verdict on them: symbols are not looked at.
   * @param path of a program, absolute, inside the root
   * @param opens plugins that it opens one after the other; what cannot be opened is left out
   * @throws {ElfError} ELF_LIMIT where a file makes more work than any real one
   */
  processFiles(path: string, opens: readonly string[] = [], secure = false): ProcessFiles {
    const opened = this.#root.open(path)
    const object = opened.kind === 'file' ? opened.object() : null
    if (opened.kind !== 'file' || object === null) return nothingKnown([], 'it is no ELF file')
    const own = [opened.path]
    if (!object.dynamic || object.type === 'static-pie') return {...nothingKnown(own, null), isStatic: true}
    if (object.unusable !== null) return nothingKnown(own, object.unusable)
    const {machine} = this.#environment
    if (object.machine !== machine.name) return nothingKnown(own, `it is for ${object.machine}, not ${machine.name}`)
    const interpreter = object.interpreter === null ? null : findInterpreter(object.interpreter, this.#root)
    if (interpreter?.is === 'missing') return nothingKnown(own, `its loader ${interpreter.path} does not exist`)
    if (interpreter?.is === 'other') return nothingKnown(own, `its loader ${interpreter.path} is not musl's`)
    const loaderName = interpreter?.path ?? loaderPath(machine)
    const process = new LoaderProcess('start', this.#startOf(loaderName, secure), this.#search, opened.path)
    const preload = [...(interpreter?.is === 'gcompat' ? [gcompatLibrary] : []), ...(secure ? [] : this.#preload)]
    process.run(object, opened.path, opened.path, preload)
    for (const plugin of opens) this.#openInto(process, plugin)
    const loader = this.#root.open(loaderName)
    const files = [
      ...own,
      ...(loader.kind === 'file' ? [loader.path] : []),
      ...process.files.filter(file => file !== ''),
    ]
    return {files: [...new Set(files)], isStatic: false, missing: process.missing, unknown: null}
  }

  #openInto(process: LoaderProcess, path: string): void {
    const opened = this.#root.open(path)
    const object = opened.kind === 'file' ? opened.object() : null
    if (opened.kind !== 'file' || object === null || object.unusable !== null) return
    if (object.machine === this.#environment.machine.name) process.open(opened, object, path)
  }

  #with(path: string, judge: (file: OpenedFile, object: LoaderObject) => MuslVerdict): MuslVerdict {
    const opened = this.#root.open(path)
    if (opened.kind !== 'file')
      return notLoadable(opened.kind === 'missing' ? 'there is no such file' : 'it is no file')
    const object = opened.object()
    if (object === null) return notLoadable('it is no ELF file')
    if (!object.dynamic) return {...noVerdict, verdict: 'static', closure: [opened.path]}
    if (object.unusable !== null) return notLoadable(object.unusable)
    const {machine} = this.#environment
    if (object.machine !== machine.name) return notLoadable(`it is for ${object.machine}, not ${machine.name}`)
    return judge(opened, object)
  }

  /** What the kernel starts for a program is its interpreter: the loader's verdict is asked for only if that is musl. */
  #start(file: OpenedFile, object: LoaderObject, {secure = false}: Circumstances): MuslVerdict {
    if (object.interpreter === null) return this.#list(file.path, file, object)
    const interpreter = findInterpreter(object.interpreter, this.#root)
    const run = (loaderName: string, preload: readonly string[]) => {
      const process = new LoaderProcess('start', this.#startOf(loaderName, secure), this.#search, file.path)
      process.run(object, file.path, file.path, [...preload, ...(secure ? [] : this.#preload)])
      return {...this.#verdict(process), interpreter}
    }
    switch (interpreter.is) {
      case 'musl':
        return run(interpreter.path, [])
      case 'gcompat':
        return run(interpreter.path.slice(interpreter.path.lastIndexOf('/') + 1), [gcompatLibrary])
      case 'other':
        return {...noVerdict, verdict: 'loads', interpreter, closure: [file.path]}
      case 'missing': {
        const reason = `its interpreter ${interpreter.path} does not exist`
        return {...this.#list(file.path, file, object), verdict: 'interpreter_missing', reason, interpreter}
      }
    }
  }

  #list(path: string, file: OpenedFile, object: LoaderObject): MuslVerdict {
    const start = this.#startOf(object.interpreter ?? loaderPath(this.#environment.machine))
    const process = new LoaderProcess('list', start, this.#search, file.path)
    return this.#verdict(process.run(object, file.path, path, this.#preload))
  }

  /** Opens a library or plugin in a process that has musl and, where there is a host, what the host brought in. */
  #open(path: string, file: OpenedFile, object: LoaderObject, {host, binding}: Circumstances): MuslVerdict {
    const lazy = (binding ?? (host === undefined ? 'now' : 'lazy')) === 'lazy'
    const start = this.#startOf(loaderPath(this.#environment.machine))
    const process = new LoaderProcess(lazy ? 'open-lazy' : 'open-now', start, this.#search, file.path)
    const [program, hostPath] = this.#host(host)
    process.run(program, hostPath, hostPath, this.#preload)
    return this.#verdict(process.open(file, object, path))
  }

  #host(host: Circumstances['host']): readonly [program: LoaderObject, path: string] {
    const nobody = libraryOf(this.#environment.machine.name, noExports)
    if (typeof host !== 'string') return [host ?? nobody, '']
    const opened = this.#root.open(host)
    const object = opened.kind === 'file' ? opened.object() : null
    return opened.kind === 'file' && object?.unusable === null ? [object, opened.path] : [nobody, '']
  }

  #startOf(loaderName: string, secure = false): Start {
    return {
      features: this.#features,
      machine: this.#environment.machine.name,
      musl: this.#musl,
      loaderName,
      libraryPath: secure ? [] : splitPath(this.#environment.libraryPath ?? ''),
      systemPath: systemPath(this.#environment, loaderName),
      secure,
    }
  }

  get #preload(): readonly string[] {
    return this.#environment.preload ?? []
  }

  #verdict(process: LoaderProcess): MuslVerdict {
    const verdict = process.verdict(this.#environment, this.#explainer, this.#definers, object => {
      const known = this.#lookups.get(object) ?? new ObjectLookups(object, this.#musl, this.#features)
      this.#lookups.set(object, known)
      return known
    })
    return {...verdict, interpreter: null}
  }
}

function nothingKnown(files: readonly string[], unknown: string | null): ProcessFiles {
  return {files, isStatic: false, missing: [], unknown}
}

function notLoadable(reason: string): MuslVerdict {
  return {...noVerdict, verdict: 'not_loadable', reason}
}
