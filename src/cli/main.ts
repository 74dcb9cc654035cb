import {fileURLToPath} from 'node:url'
import {OutputError} from '../model/errors.js'
import {version} from '../version.js'
import {asksForHelp} from './asks-for-help.js'
import {exitCodes, printError} from './errors.js'
import type {HelpedCommands} from './help/overview.js'
import {type Watcher, watchedBy} from './watched.js'

/** The program's folder, from `dist/program.cjs` as well as from `src/cli/main.ts`. */
const fromSources = import.meta.url.endsWith('/src/cli/main.ts')
const root = fileURLToPath(new URL(fromSources ? '../..' : '..', import.meta.url))

/**
 * Runs a command line. Whatever is thrown, also later in timers and rejected promises, ends in exit code 2: 1 means
 * findings, and only that.
 * @param watcher who watches what is read
 */
export async function main(argv: readonly string[], watcher: Watcher | null = null): Promise<void> {
  watchedBy(watcher)
  const debug = argv.includes('--debug')
  const fail = (error: unknown) => {
    printError(error, debug)
    process.exit(exitCodes.failed)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onClosedPipe)
  try {
    const [{COMMANDS}, {calledCommand, runCommand}] = await Promise.all([
      import('../commands/index.js'),
      import('./direct.js'),
    ])
    const called = calledCommand(argv, COMMANDS)
    if (called !== null) {
      await runCommand(called, root)
      return
    }
    await answer(argv, COMMANDS)
  } catch (error) {
    printError(error, debug)
    process.exitCode = exitCodes.failed
  }
}

/** What is no call of a command: a question, or a slip of the hand. */
async function answer(argv: readonly string[], commands: HelpedCommands): Promise<void> {
  if (argv[0] === '--version' || argv[0] === '-v') return void process.stdout.write(`piton ${version}\n`)
  const asked = argv[0] === 'help' ? argv.slice(1) : argv
  const flag = asked.findIndex(word => word.startsWith('-'))
  const words = flag < 0 ? asked : asked.slice(0, flag)
  const ids = Object.keys(commands)
  const isGroup = asked.length === 1 && ids.some(id => id.startsWith(`${asked[0]}:`))
  if (asked.length < argv.length || argv.length === 0 || isGroup || asksForHelp(argv)) {
    const {showHelp} = await import('./help/index.js')
    return showHelp(words, commands)
  }
  const [{unknownCommand}, {typed}] = await Promise.all([import('./unknown-command.js'), import('./command-names.js')])
  throw unknownCommand(argv, ids.map(typed))
}

/** `piton scan … | head`: the reader has seen enough, and the verdict stays what it is. */
function onClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  throw new OutputError('OUTPUT_UNWRITABLE', `cannot write to the terminal or pipe: ${error.code ?? error.message}`, {
    hint: 'Check that there is space where the output goes.',
    cause: error,
  })
}
