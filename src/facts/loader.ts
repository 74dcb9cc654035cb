import {PitonError} from '../model/errors.js'
import type {LoaderVerdict} from '../model/facts.js'
import type {MuslVerdict} from '../model/musl.js'
import type {Warn} from '../model/warning.js'
import {
  type Circumstances,
  type LibcTables,
  type LoaderEnvironment,
  type LoaderRoot,
  libraryOf,
  loaderPath,
  type Musl,
  MuslLoader,
  type MuslMachine,
  type MuslVersion,
  muslMachine,
} from '../musl/index.js'
import type {ElfRecord} from './elf-file.js'
import {moduleHost} from './plugin-apis.js'
import {PluginHosts} from './plugin-hosts.js'

/** One ELF file to judge. */
export interface Subject {
  /** Path in the image, no leading slash. */
  readonly path: string
  readonly record: ElfRecord
  /** A program with the set-user-ID bit, or with capabilities. */
  readonly secure: boolean
}

/** What the files are judged against. */
export interface LoaderSystem {
  readonly root: LoaderRoot
  /** Version of the musl in the target, or of the release that is moved to; decides where the file does not tell. */
  readonly version: MuslVersion
  /** Contents of `/etc/ld-musl-ARCH.path`, by path. */
  readonly pathFiles: ReadonlyMap<string, string | null>
  readonly tables: LibcTables
  /** Alpine packages that bring a library, best first. */
  readonly providers: (soname: string) => readonly string[]
  /** Is Alpine's musl assumed where the root has none? */
  readonly assumeMusl: boolean
  /** Told of files that make more work than any real one: they have no verdict. */
  readonly warn: Warn
}

/**
 * Asks musl's loader about every file, machine by machine. Programs first: what they bring in is known then, and what is
 * left over is plugins, which are judged as parts of a program that has what they lack.
 * @returns verdicts by path; none for files of a machine without a musl
 */
export function judgeFiles(subjects: readonly Subject[], system: LoaderSystem): ReadonlyMap<string, LoaderVerdict> {
  const verdicts = new Map<string, LoaderVerdict>()
  const machines = new Set(subjects.map(({record}) => record.header.machine))
  for (const name of machines) {
    const machine = muslMachine(name)
    const musl = machine && findMusl(machine, system)
    if (machine === null || musl === null) continue
    const {root, pathFiles, tables} = system
    const environment: LoaderEnvironment = {machine, musl, pathFiles, knowledge: tables.knowledge}
    const judge = new Judge(new MuslLoader(root, environment), machine, system)
    for (const [path, verdict] of judge.all(subjects.filter(({record}) => record.header.machine === name)))
      verdicts.set(path, verdict)
  }
  return verdicts
}

/** The musl of the root: its own file is better than any table. */
function findMusl(machine: MuslMachine, {root, version, tables, assumeMusl}: LoaderSystem): Musl | null {
  const path = loaderPath(machine)
  const opened = root.open(path)
  const object = opened.kind === 'file' ? opened.object() : null
  if (object?.unusable === null) return {version, exports: object.exports, path}
  return assumeMusl ? tables.musl(version, machine) : null
}

const nowhere: LoaderVerdict['elsewhere'] = {libraries: new Set(), symbols: new Set()}

/** Packages that are named for one library. */
const packagesNamed = 3

class Judge {
  readonly #loader: MuslLoader
  readonly #machine: MuslMachine
  readonly #system: LoaderSystem

  constructor(loader: MuslLoader, machine: MuslMachine, system: LoaderSystem) {
    this.#loader = loader
    this.#machine = machine
    this.#system = system
  }

  *all(subjects: readonly Subject[]): Generator<readonly [path: string, verdict: LoaderVerdict]> {
    const hosts = new PluginHosts()
    const opened: Subject[] = []
    for (const subject of subjects) {
      hosts.addFile(subject)
      if (!isProgram(subject)) {
        opened.push(subject)
        continue
      }
      const verdict = this.#bounded(subject, () => this.#ask(subject.path, {secure: subject.secure}))
      if (verdict === null) continue
      hosts.addProgram(subject.path, verdict)
      yield [subject.path, {...verdict, host: null, elsewhere: nowhere}]
    }
    for (const subject of opened) {
      const verdict = this.#bounded(subject, () => this.#judgeOpened(subject, hosts))
      if (verdict !== null) yield [subject.path, verdict]
    }
  }

  /** A verdict, or null, with a warning, for a file that is made to cost more than any real one. */
  #bounded<Verdict>({path}: Subject, judge: () => Verdict): Verdict | null {
    try {
      return judge()
    } catch (error) {
      if (!(error instanceof PitonError)) throw error
      this.#system.warn({
        code: error.code,
        path,
        message: `${path} was not judged for musl: ${error.message}`,
        hides: true,
      })
      return null
    }
  }

  /** A library, or what some program opens. */
  #judgeOpened({path, record}: Subject, hosts: PluginHosts): LoaderVerdict {
    if (path.endsWith('.node')) return this.#judgeAddon(path, hosts)
    const alone = this.#ask(path)
    if (alone.verdict === 'loads' || hosts.isLinked(path)) return {...alone, host: null, elsewhere: nowhere}
    let best: {readonly verdict: MuslVerdict; readonly host: string | null} = {verdict: alone, host: null}
    const known = moduleHost(path, record.object())
    const binding = known === null ? {} : {binding: known.binding}
    for (const host of hosts.candidates(alone)) {
      const verdict = this.#ask(path, {host: `/${host}`, ...binding})
      if (weight(verdict) < weight(best.verdict)) best = {verdict, host}
      if (verdict.verdict === 'loads') break
    }
    // Its interpreter is not in the target: a folder of modules goes to where there is one.
    if (best.host === null && known !== null) {
      const verdict = this.#ask(path, {host: libraryOf(this.#machine.name, known.exports), ...binding})
      if (weight(verdict) < weight(best.verdict)) best = {verdict, host: known.host}
    }
    return {...best.verdict, host: best.host, elsewhere: hosts.elsewhere(best.verdict)}
  }

  /** A Node.js add-on: in the Node.js of the target, else in one as it is known. */
  #judgeAddon(path: string, hosts: PluginHosts): LoaderVerdict {
    const node = hosts.node
    const known = libraryOf(this.#machine.name, this.#system.tables.nodeHost)
    const verdict = this.#ask(path, {host: node === null ? known : `/${node}`})
    return {...verdict, host: node ?? 'node', elsewhere: nowhere}
  }

  /** The loader's verdict, with paths as the rest of piton writes them: without a leading slash. */
  #ask(path: string, circumstances: Circumstances = {}): MuslVerdict {
    const verdict = this.#loader.judge(`/${path}`, circumstances)
    return {
      ...verdict,
      missingLibraries: verdict.missingLibraries.map(one => {
        return {
          ...one,
          neededBy: bare(one.neededBy),
          packages: this.#system.providers(one.name).slice(0, packagesNamed),
        }
      }),
      missingSymbols: verdict.missingSymbols.map(one => ({...one, requiredBy: bare(one.requiredBy)})),
      lazySymbols: verdict.lazySymbols.map(one => ({...one, requiredBy: bare(one.requiredBy)})),
      unsupportedRelocations: verdict.unsupportedRelocations.map(one => ({...one, in: bare(one.in)})),
      closure: verdict.closure.map(bare),
    }
  }
}

function bare(path: string): string {
  return path.replace(/^\/+/, '')
}

function isProgram({record: {type}}: Subject): boolean {
  return type === 'executable' || type === 'pie' || type === 'static' || type === 'static-pie'
}

/** How much a verdict complains of: a missing library hides symbols, so it weighs most. */
function weight({missingLibraries, missingSymbols, lazySymbols, unsupportedRelocations}: MuslVerdict): number {
  return missingLibraries.length * 1000 + missingSymbols.length + lazySymbols.length + unsupportedRelocations.length
}
