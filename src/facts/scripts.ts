import type {Script, ScriptProblem} from '../model/script.js'
import {plainCodec} from '../model/stored.js'
import {compareText} from '../model/text.js'
import type {Collector, RootView} from '../rootfs/index.js'
import {CommandPath} from './command-path.js'
import {parseEnv, parseShebang, type Shebang, shebangBytes} from './shebang.js'

/** The first line of every executable file that begins with `#!`. */
export const script: Collector<Shebang> = {
  name: 'script',
  wants: ({mode}) => (mode & 0o111) !== 0,
  magic: new Uint8Array([0x23, 0x21]),
  limitBytes: shebangBytes,
  read: body => parseShebang(body.read(0, shebangBytes)) ?? undefined,
  codec: plainCodec(),
}

/**
 * Every script with what keeps it from starting.
 * @param owners package of each path that a package's file list names
 */
export function listScripts(view: RootView, owners: ReadonlyMap<string, string>): Script[] {
  const problemOf = new Interpreters(view, owners)
  return [...view.collected(script)]
    .map(({path, node: {layer}, value}) => ({
      path,
      layer,
      package: owners.get(path) ?? null,
      line: value.line,
      problem: problemOf.of(value),
    }))
    .sort((a, b) => compareText(a.path, b.path))
}

/** Looks interpreters up, each line once: thousands of scripts share a handful. */
class Interpreters {
  readonly #view: RootView
  readonly #owners: ReadonlyMap<string, string>
  readonly #commands: CommandPath
  readonly #known = new Map<string, ScriptProblem | null>()

  constructor(view: RootView, owners: ReadonlyMap<string, string>) {
    this.#view = view
    this.#owners = owners
    this.#commands = new CommandPath(view)
  }

  of(shebang: Shebang): ScriptProblem | null {
    let problem = this.#known.get(shebang.line)
    if (problem === undefined) {
      problem = this.#look(shebang)
      this.#known.set(shebang.line, problem)
    }
    return problem
  }

  #look({interpreter, argument}: Shebang): ScriptProblem | null {
    // A relative path depends on the folder that the script is started in.
    if (!interpreter.startsWith('/')) return null
    const carriageReturn = interpreter.endsWith('\r') || argument.endsWith('\r')
    const plain = interpreter.replace(/\r$/, '')
    if (carriageReturn && (argument === '' || isEnv(plain))) {
      return {kind: 'line-end', name: argument === '' ? plain : argument.replace(/\r$/, ''), elsewhere: null}
    }
    const found = this.#view.resolve(interpreter)
    if (found === 'loop') return null
    if (typeof found === 'string') {
      if (this.#isListed(interpreter)) return null
      const command = interpreter.slice(interpreter.lastIndexOf('/') + 1)
      return {kind: 'path', name: interpreter, elsewhere: this.#commands.find(command)}
    }
    return isEnv(interpreter) ? this.#lookForCommand(argument, found.path) : null
  }

  /** @param env where env really is */
  #lookForCommand(argument: string, env: string): ScriptProblem | null {
    const wanted = parseEnv(argument)
    if (wanted === null) return null
    const {command, splits} = wanted
    // BusyBox 1.37 still says "unrecognized option: S".
    if (splits && /(?:^|\/)busybox[^/]*$/.test(env)) return {kind: 'split', name: command, elsewhere: null}
    return this.#commands.has(command) ? null : {kind: 'command', name: command, elsewhere: null}
  }

  /** A package says that it is there: then the tree lacks files, and that one is missing means little. */
  #isListed(path: string): boolean {
    const relative = path.slice(1)
    return this.#owners.has(relative) || this.#owners.has(`usr/${relative}`)
  }
}

function isEnv(interpreter: string): boolean {
  return interpreter.endsWith('/env')
}
