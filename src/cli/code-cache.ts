import {homedir} from 'node:os'
import {join} from 'node:path'
import {build} from '../version.js'
import {readOwn, removeOwn, writeOwn} from './own-file.js'

const suffix = '.code'
/** Code of one command has 2 MB. */
const mostBytes = 32 * 1024 * 1024

/** Where compiled code is kept: it is run as it is, so only what this user alone can write is taken. */
export function codeFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'piton', 'code')
}

/** A file of {@link CodeCache}: build, release of Node, processor, command. Nothing else in the folder is ours. */
const codeName = /^[0-9a-z]+-v[0-9a-z.-]+-[a-z0-9]+-[a-z]+\.code(?:\.\d+)?$/

/** Takes away compiled code, all of it or what `which` names. That a file is gone already, or there is none, is fine. */
export function removeCode(folder: string, which: (name: string) => boolean = () => true): void {
  removeOwn(folder, name => codeName.test(name) && which(name))
}

/**
 * Compiled code of the program, as V8 makes it, one file for each command: for the releases of Node that do not keep it by
 * themselves. It is worth a third of a scan, and no more: whatever is wrong with it, the program is compiled again. V8 does
 * not look for damage in what it kept, so a digest stands before it.
 */
export class CodeCache {
  /** undefined where nothing is kept yet, or nothing that can be trusted. */
  readonly data: Buffer | undefined
  readonly #folder: string
  readonly #name: string

  private constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
    this.data = readOwn(join(folder, name), mostBytes)
  }

  /**
   * @param command the first word of the command line
   * @returns null where nothing is to be kept: Node's own switch for that is NODE_DISABLE_COMPILE_CACHE
   */
  static open(command: string, env: NodeJS.ProcessEnv = process.env): CodeCache | null {
    if (build === null || env['NODE_DISABLE_COMPILE_CACHE']) return null
    const word = /^[a-z]{1,20}$/.test(command) ? command : 'other'
    return new CodeCache(codeFolder(env), `${prefixOf(build)}${word}${suffix}`)
  }

  /** Keeps code when the program ends, since V8 knows only then which functions were needed. */
  keepAtExit(codeOf: () => Buffer): void {
    process.once('exit', () => {
      try {
        this.#keep(codeOf())
      } catch {
        // A folder that cannot be written, a full disk: the next run compiles again.
      }
    })
  }

  #keep(code: Buffer): void {
    writeOwn(this.#folder, this.#name, code)
    // What an earlier build of piton left is of no use to anybody.
    const [current] = this.#name.split('-', 1)
    removeCode(this.#folder, name => !name.startsWith(`${current}-`))
  }
}

function prefixOf(digest: string): string {
  return `${digest}-${process.version}-${process.arch}-`
}
