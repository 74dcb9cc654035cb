import type {Config} from '@oclif/core/config'
import type {COMMANDS} from '../commands/index.js'
import {version} from '../version.js'
import {asksForHelp} from './asks-for-help.js'

type Commands = typeof COMMANDS
type CommandName = keyof Commands

/** A command line whose command is clear, taken apart. */
interface Called {
  readonly command: Commands[CommandName]
  readonly argv: string[]
}

/**
 * The command that a line calls, without asking oclif: what it would do first (plugins, hooks, themes, a table of all
 * commands) takes longer than a scan, and comes to nothing here.
 * @returns null for help, and for what is no command
 */
export function calledCommand(words: readonly string[], commands: Commands): Called | null {
  for (let length = Math.min(words.length, mostWords); length > 0; length--) {
    const name = words.slice(0, length).join(':')
    if (!Object.hasOwn(commands, name) || words.slice(0, length).some(word => word.includes(':'))) continue
    const argv = words.slice(length)
    return asksForHelp(argv) ? null : {command: commands[name as CommandName], argv}
  }
  return null
}

/** `db status`. */
const mostWords = 2

/** @param root the program's folder */
export async function runCommand({command: Command, argv}: Called, root: string): Promise<void> {
  await new Command(argv, configOf(root)).run()
}

/** As much of oclif's configuration as its parser, and our commands, ask for. */
function configOf(root: string): Config {
  const config: Pick<Config, 'root' | 'bin' | 'name' | 'version' | 'runHook'> = {
    root,
    bin: 'piton',
    name: 'piton',
    version,
    runHook: async () => ({successes: [], failures: []}),
  }
  return config as Config
}
