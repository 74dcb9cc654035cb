import {createHash} from 'node:crypto'
import {fstatSync} from 'node:fs'
import {build} from '../../version.js'

/** Commands whose answer may be kept: they read, and print. */
const commands: ReadonlySet<string> = new Set(['scan', 'audit', 'sbom'])

/**
 * Variables that nothing asks for, neither piton nor Node nor what is in it: what a shell counts and remembers, and the
 * padding by which hyperfine moves the stack about.
 */
const idleVariables: ReadonlySet<string> = new Set(['_', 'SHLVL', 'OLDPWD', 'HYPERFINE_RANDOMIZED_ENVIRONMENT_OFFSET'])

/** The part of a file's mode that says what it is. */
const kindBits = 0o170_000
const characterDevice = 0o020_000

/**
 * All that an answer depends on besides files: who asks, what, where, on which day, in which surroundings, and to what kind
 * of place it goes. Only a digest of it, as there are secrets in environments.
 * @returns null where no answer is to be kept: another command, sources that run as they are, code that somebody has Node
 *   load before this, or a system whose identities of files nobody has looked at
 */
export function keyOf(argv: readonly string[]): string | null {
  const {env, execArgv} = process
  if (build === null || process.platform !== 'linux' || !commands.has(argv[0] ?? '')) return null
  // Without HOME the system is asked for it, where nobody sees that.
  if (execArgv.length > 0 || env['NODE_OPTIONS'] || !env['HOME']) return null
  const variables = Object.entries(env).filter(([name]) => !idleVariables.has(name))
  const asked = [
    [build, import.meta.url, process.version, process.arch, process.execPath],
    argv,
    process.cwd(),
    new Date().toISOString().slice(0, 10),
    [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.(), process.getgroups?.()],
    process.umask(),
    [0, 1, 2].map(placeOf),
    [process.stdout.isTTY, process.stdout.columns],
    variables.sort(([a], [b]) => (a < b ? -1 : 1)),
  ]
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex')
}

/** What a descriptor leads to: a file, a pipe, this terminal or that. */
function placeOf(fd: number): readonly number[] {
  const {mode, rdev} = fstatSync(fd)
  const kind = mode & kindBits
  return kind === characterDevice ? [kind, rdev] : [kind]
}
