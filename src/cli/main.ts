import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {OutputError} from '../model/errors.js'
import {exitCodes, printError} from './errors.js'

/** The program's folder, from `dist/program.cjs` as well as from `src/cli/main.ts`. */
const fromSources = import.meta.url.endsWith('/src/cli/main.ts')
const root = fileURLToPath(new URL(fromSources ? '../..' : '..', import.meta.url))

/**
 * Runs a command line. Whatever is thrown, also later in timers and rejected promises, ends in exit code 2: 1 means
 * findings, and only that.
 */
export async function main(argv: readonly string[]): Promise<void> {
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
    const {run} = await import('./oclif.js')
    const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
    // Nothing that lies in somebody's home is loaded into a scanner.
    const options = {root, userPlugins: false, devPlugins: false}
    await run(words, fromSources ? {...options, pjson: sourcePackage()} : options)
  } catch (error) {
    if (isHelpExit(error)) return
    printError(error, debug)
    process.exitCode = exitCodes.failed
  }
}

/** The package as it stands in the sources: commands are TypeScript there. */
function sourcePackage() {
  const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  pjson.oclif.commands.target = './src/commands/index.ts'
  return pjson
}

/** `piton scan … | head`: the reader has seen enough, and the verdict stays what it is. */
function onClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  throw new OutputError('OUTPUT_UNWRITABLE', `cannot write to the terminal or pipe: ${error.code ?? error.message}`, {
    hint: 'Check that there is space where the output goes.',
    cause: error,
  })
}

/** oclif ends `--help` with an exception. */
function isHelpExit(error: unknown): boolean {
  return error instanceof Error && (error as {oclif?: {exit?: unknown}}).oclif?.exit === 0
}
