import {posix} from 'node:path'
import type {ImageConfig} from '../../model/image.js'
import {shorten} from '../../model/text.js'
import type {FileNode} from '../../model/tree.js'
import type {RootView} from '../../rootfs/index.js'
import {elfFile} from '../elf-collector.js'
import {script} from '../scripts.js'
import {isSupervisor, type Launch, launchOf, textOfSu} from './launchers.js'
import {limits} from './limits.js'
import {filesBelow, matchFiles} from './match-files.js'
import {isInterpreter} from './plugin-table.js'
import type {ScriptTexts} from './script-text.js'
import {readShell} from './shell/read.js'
import {runShell, type ShellHost} from './shell/run.js'
import type {ShellStart} from './shell/state.js'
import type {Alternatives, Words} from './shell/values.js'
import {isShell, shellTask} from './shells.js'

/** A program that is started, and what decides which libraries it gets. */
export interface StartedProgram {
  /** Where it really is, without a leading slash. */
  readonly path: string
  /** Name that it is called by: BusyBox is many. */
  readonly name: string
  readonly isSecure: boolean
  readonly folder: string
  /** LD_LIBRARY_PATH and LD_PRELOAD. */
  readonly libraryPath: string
  readonly preload: string
}

/** What an image starts, as far as it can be followed. */
export interface Followed {
  /** Path of the program that is left when scripts and launchers are done; null where there is none. */
  readonly program: string | null
  readonly programs: readonly StartedProgram[]
  /** Links that lead to programs, and files that programs are given to run: scripts, archives. */
  readonly scripts: readonly string[]
  /** What could not be followed, for people; the most important first. */
  readonly reasons: readonly string[]
}

/** What Docker sets where the image says nothing. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Follows ENTRYPOINT and CMD, through launchers and scripts, to the programs that they start. */
export function followStart(view: RootView, texts: ScriptTexts, config: ImageConfig): Followed {
  const words = [...config.entrypoint, ...config.cmd]
  const follower = new Follower(view, texts)
  if (words.length === 0) return follower.result(null, 'the image names neither an ENTRYPOINT nor a CMD')
  const [name = ''] = words
  const start: ShellStart = {
    script: config.entrypoint.length > 0 ? 'ENTRYPOINT' : 'CMD',
    zero: '',
    positional: [],
    variables: variablesOf(config.env),
    folder: posix.resolve('/', config.workingDir),
    depth: 0,
  }
  const program = follower.start(words, start)
  return follower.result(program, program === null ? `${shorten(name, 100)} is no program of the image` : null)
}

function variablesOf(env: readonly string[]): ReadonlyMap<string, Alternatives> {
  const variables = new Map<string, Alternatives>([['PATH', [[defaultPath]]]])
  for (const text of env) {
    const equals = text.indexOf('=')
    if (equals > 0) variables.set(text.slice(0, equals), [[text.slice(equals + 1)]])
  }
  return variables
}

interface FoundFile {
  readonly path: string
  readonly node: FileNode
}

class Follower implements ShellHost {
  readonly #view: RootView
  readonly #texts: ScriptTexts
  readonly #programs = new Map<string, StartedProgram>()
  readonly #scripts = new Set<string>()
  readonly #reasons = new Set<string>()
  /** Scripts that are being run: a script that starts itself once more, as another user, starts nothing new. */
  readonly #running = new Set<string>()
  #steps = 0

  constructor(view: RootView, texts: ScriptTexts) {
    this.#view = view
    this.#texts = texts
  }

  result(program: string | null, reason: string | null): Followed {
    const reasons = [...this.#reasons, ...(reason === null || this.#reasons.size > 0 ? [] : [reason])]
    return {program, programs: [...this.#programs.values()], scripts: [...this.#scripts], reasons}
  }

  start(words: Words, by: ShellStart): string | null {
    const [name] = words
    if (name === null || name === undefined || name === '' || !this.step()) return null
    const found = this.#lookUp(name, by)
    if (found === null || by.depth <= limits.depth) return found && this.#started(found, words, by)
    this.lose(`${by.script}: scripts start scripts, deeper than any real ones`)
    return found.path
  }

  lose(why: string): void {
    if (this.#reasons.size < limits.reasons) this.#reasons.add(why)
  }

  find(command: string, by: ShellStart): string | null {
    const found = this.#lookUp(command, by)
    return found === null ? null : `/${found.path}`
  }

  match(pattern: string): readonly string[] {
    return matchFiles(pattern, this.#view)
  }

  below(folder: string): readonly string[] {
    return filesBelow(folder, this.#view)
  }

  textOf(path: string): string | null | undefined {
    const found = this.#fileAt(path)
    if (found === null) return null
    this.#scripts.add(found.path)
    return found.node.size === 0 ? '' : this.#texts(found.node)
  }

  step(): boolean {
    if (++this.#steps <= limits.steps) return true
    this.lose('its scripts have more commands than any real ones')
    return false
  }

  /** As execvp(3) does: a name with a slash is a path, any other is looked for in PATH. */
  #lookUp(name: string, {folder, variables}: ShellStart): FoundFile | null {
    if (name.includes('/')) return this.#executableAt(posix.resolve('/', folder, name))
    for (const [path] of variables.get('PATH') ?? []) {
      for (const place of (path ?? defaultPath).split(':')) {
        const found = this.#executableAt(posix.resolve('/', folder, place, name))
        if (found !== null) return found
      }
    }
    return null
  }

  #executableAt(path: string): FoundFile | null {
    const found = this.#fileAt(path)
    if (found === null || (found.node.mode & 0o111) === 0) return null
    const link = this.#view.resolve(path, 'keep')
    // `bin/sh` may be of another package than BusyBox.
    if (typeof link !== 'string' && link.node.type === 'symlink') this.#scripts.add(link.path)
    return found
  }

  #fileAt(path: string): FoundFile | null {
    const found = this.#view.resolve(path)
    return typeof found !== 'string' && found.node.type === 'file' ? {path: found.path, node: found.node} : null
  }

  #started({path, node}: FoundFile, words: Words, by: ShellStart): string | null {
    if (this.#view.found(node, elfFile) !== undefined) return this.#program(path, node, words, by)
    const shebang = this.#view.found(node, script)
    const isCalled = isSupervisor(baseName(words[0] ?? ''))
    this.#scripts.add(path)
    if (shebang !== undefined) {
      const arguments_ = shebang.argument === '' ? [] : [shebang.argument]
      const interpreter = [shebang.interpreter, ...arguments_, `/${path}`, ...words.slice(1)]
      const program = this.start(interpreter, {...by, depth: by.depth + 1})
      if (program === null) this.lose(`${path}: its interpreter ${shorten(shebang.line, 100)} is not there`)
      if (isCalled) this.#loseSupervised(words)
      return program
    }
    // What the kernel does not know, a shell takes for a script of its own.
    if (by.depth > 0) return this.#file(`/${path}`, words.slice(1), by)
    this.lose(`${path} is neither an ELF file nor a script with a #! line`)
    return null
  }

  #program(path: string, node: FileNode, words: Words, by: ShellStart): string | null {
    const [called = '', ...rest] = words
    const name = baseName(called ?? '')
    // `busybox sh -c …`.
    if (name === 'busybox' && rest[0] != null && rest[0] !== '') return this.#program(path, node, rest, by)
    this.#add(path, node, name, by)
    if (isShell(name)) return this.#shell(path, words, by)
    if (isSupervisor(name)) this.#loseSupervised(words)
    const text = name === 'su' ? textOfSu(rest) : undefined
    if (text !== undefined) return this.#text(text, {...by, depth: by.depth + 1}) ?? path
    const launch = launchOf(name, rest)
    if (launch !== null) return this.#launched(path, launch, by)
    if (isInterpreter(name)) this.#addGiven(rest, by)
    return path
  }

  #launched(path: string, {command, variables}: Launch, by: ShellStart): string | null {
    const [name] = command
    if (name === undefined) return path
    if (name === null) {
      this.lose(`${path}: only the running container knows what it starts`)
      return path
    }
    const set = [...variables].map(([variable, value]) => [variable, [[value]]] as const)
    const inside = {...by, variables: new Map([...by.variables, ...set]), depth: by.depth + 1}
    const program = this.start(command, inside)
    // A script may have other ways to go on.
    if (program === null && by.zero === '')
      this.lose(`${shorten(name, 100)}, which ${path} is to start, is not in the image`)
    return program
  }

  #shell(path: string, words: Words, by: ShellStart): string | null {
    const task = shellTask(words)
    const {positional} = task.kind === 'nothing' ? {positional: []} : task
    const inside: ShellStart = {...by, depth: by.depth + 1, positional: [positional]}
    switch (task.kind) {
      case 'nothing':
        return path
      case 'text':
        return this.#text(task.text, {...inside, zero: task.zero}) ?? path
      case 'file':
        if (task.file !== null) return this.#file(task.file, positional, by) ?? path
        this.lose(`${by.script}: only the running container knows which script it runs`)
        return path
    }
  }

  #text(text: string | null, start: ShellStart): string | null {
    if (text !== null) return this.#run(text, start)
    this.lose(`${start.script}: only the running container knows what its shell runs`)
    return null
  }

  /** A script that a shell was given. */
  #file(file: string, positional: Words, by: ShellStart): string | null {
    const found =
      this.#fileAt(posix.resolve('/', by.folder, file)) ?? (file.includes('/') ? null : this.#lookUp(file, by))
    if (found === null) {
      this.lose(`${shorten(file, 100)}, which a shell is to run, is not in the image`)
      return null
    }
    const {path, node} = found
    this.#scripts.add(path)
    const text = node.size === 0 ? '' : this.#texts(node)
    if (text === undefined) {
      this.lose(`${path} was not read: it is no script of a shell, or too long for one`)
      return null
    }
    if (this.#running.has(path)) return null
    this.#running.add(path)
    const zero = file.includes('/') ? posix.resolve('/', by.folder, file) : `/${path}`
    const program = this.#run(text, {...by, script: path, zero, positional: [positional], depth: by.depth + 1})
    this.#running.delete(path)
    return program
  }

  #run(text: string, start: ShellStart): string | null {
    const {statements, cut} = readShell(text)
    if (cut) this.lose(`${start.script} is longer or deeper than any real script`)
    return runShell(statements, start, this)
  }

  #add(path: string, node: FileNode, name: string, {folder, variables}: ShellStart): void {
    const value = (variable: string) => variables.get(variable)?.find(([first]) => first)?.[0] ?? ''
    const isSecure = (node.mode & 0o6000) !== 0 || node.capability !== null
    const started: StartedProgram = {
      path,
      name,
      isSecure,
      folder,
      libraryPath: value('LD_LIBRARY_PATH'),
      preload: value('LD_PRELOAD'),
    }
    const key = [path, name, started.libraryPath, started.preload].join('\0')
    if (this.#programs.has(key)) return
    if (this.#programs.size >= limits.programs) this.lose('its scripts start more programs than any real ones')
    else this.#programs.set(key, started)
  }

  /** The script or archive that an interpreter is given: the first word that names a file. */
  #addGiven(words: Words, {folder}: ShellStart): void {
    const start = words.findIndex(word => word !== null && !word.startsWith('-') && word !== '')
    const given = words[start]
    const found = given == null ? null : this.#fileAt(posix.resolve('/', folder, given))
    if (found !== null) this.#scripts.add(found.path)
  }

  #loseSupervised([name]: Words): void {
    this.lose(`${shorten(baseName(name ?? ''), 100)} starts what its own configuration names`)
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
