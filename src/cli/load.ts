import {readFileSync} from 'node:fs'
import module, {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'
import v8 from 'node:v8'
import vm from 'node:vm'
import {version} from '../version.js'
import {KeptAnswer, programFiles} from './answers/index.js'
import {CodeCache} from './code-cache.js'
import type {Watcher} from './watched.js'

/** The bundle: what `dist/program.cjs` exports. */
interface Program {
  readonly main: (argv: readonly string[], watcher?: Watcher | null) => Promise<void>
  readonly COMMANDS: object
  readonly library: object
}

let loaded: Program | undefined

/**
 * Runs a command line: what `bin/run.js` does. The version is known without the program, and so is an answer that was given
 * before to the same question.
 */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
    process.stdout.write(`piton ${version}\n`)
    return
  }
  const command = argv[0] ?? ''
  const kept = KeptAnswer.of(argv)
  if (kept?.give(() => void loadProgram(command).main(argv)) === true) return
  const watch = kept?.watch(programFiles()) ?? null
  const program = loadProgram(command)
  watch?.start()
  await program.main(argv, watch)
}

/**
 * Loads the program, once. Compiling it takes longer than most of what it does, so the compiled code is kept where Node
 * can do that: by itself from 22 on, with {@link CodeCache} before.
 * @param command what will be run, as the code that one command needs is not what another does
 */
export function loadProgram(command: string): Program {
  loaded ??= load(command)
  return loaded
}

/**
 * How often a function has run before V8 compiles it anew, 8 times as often as is usual: in a run of a second or less the
 * compiler takes as much time as it saves, and takes it from what inflates. Later releases do better by themselves.
 */
const optimizeLater = '--interrupt-budget=540672'

/**
 * By itself V8 lets its heap grow up to four times as large as what was in use at the last collection, and of a large
 * target half of the peak would be garbage. With this it is a third as much again.
 */
const heapGrowth = '--heap-growing-percent=30'

function load(command: string): Program {
  v8.setFlagsFromString(heapGrowth)
  const file = fileURLToPath(new URL('./program.cjs', import.meta.url))
  const require = createRequire(file)
  const {enableCompileCache} = module as {enableCompileCache?: () => void}
  if (enableCompileCache !== undefined) {
    enableCompileCache()
    return require(file)
  }
  v8.setFlagsFromString(optimizeLater)
  const cache = CodeCache.open(command)
  if (cache === null) return require(file)
  // Else a long run would have thrown away, by its end, the code that its beginning needed, and little would be kept.
  v8.setFlagsFromString('--no-flush-bytecode')
  // As Node wraps a CommonJS module. The bundle is ASCII: what is not, esbuild escapes.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
  const script = new vm.Script(source, {
    filename: file,
    cachedData: cache.data,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  if (cache.data === undefined || script.cachedDataRejected === true) cache.keepAtExit(() => script.createCachedData())
  const made: {exports: unknown} = {exports: {}}
  script.runInThisContext()(made.exports, require, made, file, fileURLToPath(new URL('.', import.meta.url)))
  return made.exports as Program
}
