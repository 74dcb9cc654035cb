import {PitonError} from '../../model/errors.js'
import type {ElfFile} from '../../model/facts.js'
import {
  loaderPath,
  MuslLoader,
  type MuslMachine,
  type MuslVersion,
  muslMachine,
  noExports,
  type ProcessFiles,
} from '../../musl/index.js'
import type {RootView} from '../../rootfs/index.js'
import {elfFile} from '../elf-collector.js'
import {loaderRoot} from '../loader-root.js'
import type {StartedProgram} from './follow.js'
import {limits} from './limits.js'
import {type Additions, PluginTable} from './plugins.js'

/** What decides which libraries a program gets, besides itself. */
export interface ProcessSystem {
  readonly view: RootView
  readonly elfFiles: readonly ElfFile[]
  readonly version: MuslVersion
  /** Contents of `/etc/ld-musl-ARCH.path`, by path. */
  readonly pathFiles: ReadonlyMap<string, string | null>
}

/** What one program brings with it. */
export interface Process {
  /** Real paths, without a leading slash. */
  readonly files: readonly string[]
  /** What its interpreter reads as code, by path. */
  readonly reads: readonly RegExp[]
  /** Programs that it starts by itself. */
  readonly starts: readonly string[]
  /** Why that may not be all; null where it is. */
  readonly unknown: string | null
}

/** Plugins bring libraries, and these may have plugins of their own: OpenSSL in a module of a server. */
const rounds = 4

/** Asks musl's loader, as it would be started, what comes into a process. */
export class Processes {
  readonly #system: ProcessSystem
  readonly #loaders = new Map<string, MuslLoader>()
  readonly #table = new PluginTable()
  readonly #matching = new Map<string, readonly string[]>()

  constructor(system: ProcessSystem) {
    this.#system = system
  }

  of(program: StartedProgram): Process {
    try {
      return this.#follow(program)
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      return {files: [program.path], reads: [], starts: [], unknown: error.message}
    }
  }

  #follow(program: StartedProgram): Process {
    const {path, isSecure} = program
    const loader = this.#loaderOf(program)
    if (typeof loader === 'string') return {files: [path], reads: [], starts: [], unknown: loader}
    let plugins: readonly string[] = []
    let process = loader.processFiles(`/${path}`, [], isSecure)
    let additions = this.#additionsOf(path, process)
    for (let round = 0; round < rounds && !process.isStatic; round++) {
      const opens = this.#matches(additions, 'opens', ['shared'])
      if (opens.every(plugin => plugins.includes(plugin))) break
      plugins = opens
      process = loader.processFiles(
        `/${path}`,
        plugins.map(plugin => `/${plugin}`),
        isSecure,
      )
      additions = this.#additionsOf(path, process)
    }
    return {
      files: process.files.map(file => this.#real(file)),
      reads: additions.reads,
      starts: this.#matches(additions, 'starts', ['executable', 'pie', 'static', 'static-pie']).filter(
        one => one !== path,
      ),
      unknown: unknownOf(process),
    }
  }

  /** What all files of the process are hosts of. A static program opens no plugins, but may start programs. */
  #additionsOf(path: string, {files}: ProcessFiles): Additions {
    const all = [path, ...files.map(file => this.#real(file))].map(file => this.#table.of(file))
    return {
      opens: all.flatMap(({opens}) => opens),
      reads: all.flatMap(({reads}) => reads),
      starts: all.flatMap(({starts}) => starts),
    }
  }

  #matches(additions: Additions, kind: 'opens' | 'starts', types: readonly ElfFile['type'][]): readonly string[] {
    const found = new Set<string>()
    for (const pattern of additions[kind]) for (const path of this.#matchesOf(pattern, kind, types)) found.add(path)
    return [...found].slice(0, limits.plugins)
  }

  #matchesOf(pattern: RegExp, kind: string, types: readonly ElfFile['type'][]): readonly string[] {
    const key = `${kind} ${pattern.source}`
    const known = this.#matching.get(key)
    if (known !== undefined) return known
    const found = this.#system.elfFiles
      .filter(({path, type}) => types.includes(type) && pattern.test(path))
      .map(({path}) => path)
    this.#matching.set(key, found)
    return found
  }

  /** The loader of a program, or why there is none. */
  #loaderOf({path, folder, libraryPath, preload}: StartedProgram): MuslLoader | string {
    const found = this.#system.view.resolve(path)
    const record =
      typeof found === 'string' || found.node.type !== 'file' ? undefined : this.#system.view.found(found.node, elfFile)
    const name = record?.header.machine ?? 'unknown'
    const machine = muslMachine(name)
    if (machine === null) return `there is no musl for ${name}`
    const key = [name, folder, libraryPath, preload].join('\0')
    const loader = this.#loaders.get(key) ?? this.#makeLoader(machine, folder, libraryPath, preload)
    this.#loaders.set(key, loader)
    return loader
  }

  #makeLoader(machine: MuslMachine, folder: string, libraryPath: string, preload: string): MuslLoader {
    const {view, version, pathFiles} = this.#system
    const root = loaderRoot(view)
    const path = loaderPath(machine)
    const opened = root.open(path)
    const musl = opened.kind === 'file' ? opened.object() : null
    return new MuslLoader(root, {
      machine,
      // Without musl there is no process; a static program does not ask.
      musl: {version, exports: musl?.exports ?? noExports, path},
      pathFiles,
      workingDirectory: folder,
      ...(libraryPath !== '' && {libraryPath}),
      ...(preload !== '' && {preload: preload.split(/[ :]+/).filter(one => one !== '')}),
    })
  }

  #real(file: string): string {
    const found = this.#system.view.resolve(file)
    return typeof found === 'string' ? file.replace(/^\/+/, '') : found.path
  }
}

function unknownOf({unknown, missing}: ProcessFiles): string | null {
  const [first] = missing
  if (unknown !== null || first === undefined) return unknown
  return `it needs ${first.name}, which is not there`
}
