import {posix} from 'node:path'
import {shorten} from '../../../model/text.js'
import {limits} from '../limits.js'
import {declarations, idleBuiltins} from './builtins.js'
import {printedBy} from './printed.js'
import {assignmentOf, readShell} from './read.js'
import {type ShellStart, ShellState} from './state.js'
import type {Assignment, Command, Statement, VariablePart, Word} from './syntax.js'
import {type Alternatives, bounded, expandWord, expandWords, type Knowledge, type Words} from './values.js'

/** What a script meets when it runs: the programs and files of an image. */
export interface ShellHost {
  /**
   * A program is started.
   * @returns path of the program that remains; null where there is none of that name
   */
  start(words: Words, by: ShellStart): string | null
  /** What comes next cannot be told. */
  lose(why: string): void
  /** Where PATH finds a command; null where it does not. */
  find(command: string, by: ShellStart): string | null
  /** Files that a pattern stands for, or that lie below a folder. */
  match(pattern: string): readonly string[]
  below(folder: string): readonly string[]
  /** Text of a script; null where there is no such file, undefined where it was not kept. */
  textOf(path: string): string | null | undefined
  /** Counts one command; false when there were too many. */
  step(): boolean
}

const unknownProgram = 'only the running container knows what it starts'

/** How a list of commands ended. */
type End = 'goes-on' | 'returns' | 'ends'

/**
 * Follows a script through all of its branches to the programs that it may start.
 * @returns path of the program that is left in its place, or that it runs last; null where it starts none
 */
export function runShell(statements: readonly Statement[], start: ShellStart, host: ShellHost): string | null {
  return new ShellRun(new ShellState(start), host).result(statements)
}

class ShellRun implements Knowledge {
  readonly #state: ShellState
  readonly #host: ShellHost
  readonly #functions: Map<string, readonly Statement[]>
  /** Functions and sourced files that are being run: in them once more they find nothing new. */
  readonly #running: Set<unknown>
  readonly #printed = new WeakSet<readonly Statement[]>()
  #last: string | null = null
  #replacedBy: string | null = null

  constructor(
    state: ShellState,
    host: ShellHost,
    functions = new Map<string, readonly Statement[]>(),
    running = new Set(),
  ) {
    this.#state = state
    this.#host = host
    this.#functions = functions
    this.#running = running
  }

  result(statements: readonly Statement[]): string | null {
    this.#all(statements)
    return this.#replacedBy ?? this.#last
  }

  variable(part: VariablePart): Alternatives {
    return this.#state.lookUp(part)
  }

  printed(statements: readonly Statement[]): Alternatives {
    const inside = new ShellRun(this.#state.fork(), this.#host, this.#functions, this.#running)
    if (!this.#printed.has(statements) && this.#running.size < limits.depth) {
      this.#printed.add(statements)
      inside.#within(statements, () => inside.#all(statements))
    }
    return printedBy(statements, {
      expand: command => expandWords(command.words, inside),
      folder: inside.#state.folder,
      find: command => this.#host.find(command, this.#state),
    })
  }

  #all(statements: readonly Statement[]): End {
    for (const statement of statements) {
      if (!this.#host.step()) return 'ends'
      const end = this.#one(statement)
      if (end !== 'goes-on') return end
    }
    return 'goes-on'
  }

  #one(statement: Statement): End {
    switch (statement.kind) {
      case 'function':
        this.#functions.set(statement.name, statement.body)
        return 'goes-on'
      case 'for':
        this.#loop(statement.name, statement.words)
        return 'goes-on'
      case 'command':
        return this.#command(statement)
    }
  }

  /** What a loop goes over is what its variable may hold. */
  #loop(name: string, words: readonly Word[] | null): void {
    const lists = words === null ? this.#state.positional : expandWords(words, this)
    const items = lists
      .flat()
      .flatMap((word): Words => (word?.includes('*') === true ? this.#host.match(word) : [word]))
    this.#state.assign(name, bounded(items.map(item => [item])), true)
  }

  #command(command: Command): End {
    const {assignments, words, sure} = command
    const [first, ...rest] = words
    if (first === undefined) {
      this.#assign(assignments, sure)
      return 'goes-on'
    }
    const [name] = expandWord(first, this)[0] ?? []
    if (name !== undefined && name !== null && declarations.has(name)) {
      this.#declare(rest, sure)
      return 'goes-on'
    }
    const before = assignments.length === 0 ? this.#state : this.#state.fork()
    for (const {name, value} of assignments) before.assign(name, expandWord(value, this), true)
    const alternatives = expandWords(words, this)
    const execs = alternatives.filter(([word]) => word === 'exec').map(([, ...rest]) => rest)
    const ends = [
      ...alternatives.filter(([word]) => word !== 'exec').map(others => this.#call(others, command, before)),
      ...(execs.length === 0 ? [] : [this.#exec(execs, command, before)]),
    ]
    if (!sure || ends.length === 0) return 'goes-on'
    return ends.every(end => end === ends[0]) ? (ends[0] as End) : 'goes-on'
  }

  #assign(assignments: readonly Assignment[], sure: boolean): void {
    for (const {name, value} of assignments) this.#state.assign(name, expandWord(value, this), sure)
  }

  #declare(words: readonly Word[], sure: boolean): void {
    for (const [first, ...rest] of words) {
      const assigned = first?.kind === 'text' ? assignmentOf(first.text, rest) : null
      if (assigned !== null) this.#assign([assigned], sure)
    }
  }

  /** One of the commands that these words may be. */
  #call(words: Words, command: Command, state: ShellState): End {
    const [name, ...rest] = words
    const {sure} = command
    switch (name) {
      case undefined:
      case '':
        return 'goes-on'
      case null:
        this.#lose(command, unknownProgram)
        return 'goes-on'
      case 'exit':
        return 'ends'
      case 'return':
        return 'returns'
      case 'set':
        this.#set(rest, sure)
        return 'goes-on'
      case 'shift':
        this.#shift(rest, sure)
        return 'goes-on'
      case 'cd':
        this.#changeFolder(rest.at(-1))
        return 'goes-on'
      case 'read':
      case 'mapfile':
      case 'readarray':
        this.#read(rest, command)
        return 'goes-on'
      case '.':
      case 'source':
        return this.#source(rest, command)
      case 'eval':
        return this.#eval(rest, command)
      case 'command':
      case 'builtin':
        return rest[0]?.startsWith('-') === true ? 'goes-on' : this.#call(rest, command, state)
      default:
        return this.#start(name, words, state)
    }
  }

  #start(name: string, words: Words, state: ShellState): End {
    const body = this.#functions.get(name)
    if (body !== undefined) return this.#function(body, words.slice(1))
    // What begins like an option is one: another alternative is the command.
    if (!idleBuiltins.has(name) && !name.startsWith('-')) this.#last = this.#host.start(words, state) ?? this.#last
    return 'goes-on'
  }

  #function(body: readonly Statement[], parameters: Words): End {
    if (this.#running.has(body) || this.#running.size >= limits.depth) return 'goes-on'
    const {positional} = this.#state
    this.#state.positional = [parameters]
    const end = this.#within(body, () => this.#all(body))
    this.#state.positional = positional
    return end === 'ends' ? 'ends' : 'goes-on'
  }

  /** Of all that it may be, something has to be there. */
  #exec(alternatives: Alternatives, command: Command, state: ShellState): End {
    // Redirections of the script itself.
    if (command.words.length === 1) return 'goes-on'
    const programs = alternatives.map(withoutOptions).filter(([name]) => name?.startsWith('-') !== true)
    const started = programs.map(words => (words[0] ? this.#host.start(words, state) : null))
    this.#replacedBy = started.findLast(path => path !== null) ?? this.#replacedBy
    if (programs.some(([name]) => name === null)) this.#lose(command, unknownProgram)
    else if (command.sure && started.every(path => path === null)) this.#lose(command, missingText(programs))
    return 'ends'
  }

  #set(words: Words, sure: boolean): void {
    const dashes = words.indexOf('--')
    if (dashes >= 0) this.#state.setPositional([words.slice(dashes + 1)], sure)
    else if (words[0] === null || /^[^-+]/.test(words[0] ?? '')) this.#state.setPositional([words], sure)
  }

  /** In a loop it may come to any of the rest. */
  #shift([number]: Words, sure: boolean): void {
    const by = /^\d+$/.test(number ?? '') ? Number(number) : 1
    const {positional} = this.#state
    const rest = positional.flatMap(words =>
      sure ? [words.slice(by)] : words.map((_, index) => words.slice(index + 1)),
    )
    this.#state.setPositional(bounded(rest), sure)
  }

  #changeFolder(folder: string | null | undefined): void {
    if (folder !== null && folder !== undefined && folder !== '-') {
      this.#state.folder = posix.resolve('/', this.#state.folder, folder)
    }
  }

  /** `find FOLDER … | while read -r file` is how entry points go through their folders. */
  #read(words: Words, {input}: Command): void {
    const [name, folder] = input === null ? [] : (expandWords(input.words, this)[0] ?? [])
    const files = name === 'find' && folder !== null && folder !== undefined ? this.#host.below(folder) : null
    const values = files === null ? [[null]] : files.map(file => [file])
    for (const word of words) {
      if (word !== null && /^[A-Za-z_]\w*$/.test(word)) this.#state.assign(word, bounded(values), true)
    }
  }

  #source([file]: Words, command: Command): End {
    if (file === undefined || file === '') return 'goes-on'
    const path = file?.includes('/') === false ? (this.#host.find(file, this.#state) ?? file) : file
    const text = path === null ? undefined : this.#host.textOf(posix.resolve('/', this.#state.folder, path))
    if (text === null) return 'goes-on'
    if (text === undefined) {
      this.#lose(command, file === null ? 'only the running container knows what it reads' : `${file} was not read`)
      return 'goes-on'
    }
    return this.#inline(path, text, command)
  }

  #eval(words: Words, command: Command): End {
    if (!words.includes(null)) return this.#inline(words.join(' '), words.join(' '), command)
    this.#lose(command, 'only the running container knows what it runs')
    return 'goes-on'
  }

  /** Runs a text in this shell. */
  #inline(key: unknown, text: string, command: Command): End {
    if (this.#running.has(key) || this.#running.size >= limits.depth) return 'goes-on'
    const {statements, cut} = readShell(text)
    if (cut) this.#lose(command, 'it reads a script that is longer than any real one')
    const end = this.#within(key, () => this.#all(statements))
    return end === 'ends' ? 'ends' : 'goes-on'
  }

  #within<Value>(key: unknown, run: () => Value): Value {
    this.#running.add(key)
    const value = run()
    this.#running.delete(key)
    return value
  }

  #lose({line}: Command, why: string): void {
    this.#host.lose(`${this.#state.script}, line ${line}: ${why}`)
  }
}

/** The command after the options of exec. */
function withoutOptions(words: Words): Words {
  if (words[0] === '-a') return withoutOptions(words.slice(2))
  return words[0] !== null && /^-(?:[cl]+|-)$/.test(words[0] ?? '') ? withoutOptions(words.slice(1)) : words
}

function missingText(programs: Alternatives): string {
  const names = [...new Set(programs.flatMap(([name]) => name || []))]
  if (names.length === 0) return 'it starts what the container is given, and that is nothing'
  return `it starts ${names.map(name => shorten(name, 100)).join(' or ')}, which is not there`
}
