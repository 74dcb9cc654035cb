import {execFile} from 'node:child_process'
import type {Checkout} from '../github/destination.js'

/** Four questions to a program that reads a few small files: over this it waits for something. */
const timeoutMs = 10_000
const outputBytes = 256 * 1024

/**
 * What git says of the checkout around a folder. Nothing of it is run but git itself, without a shell.
 * @returns null where there is no checkout, or no git
 */
export async function readCheckout(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<Checkout | null> {
  const git = (...args: readonly string[]) => ask(folder, args, env)
  const root = await git('rev-parse', '--show-toplevel')
  if (root === null) return null
  const [head, branch, remotes] = await Promise.all([
    git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    git('symbolic-ref', '--quiet', 'HEAD'),
    git('remote'),
  ])
  const names = (remotes ?? '').split('\n').filter(name => name !== '')
  const name = names.includes('origin') || names.length > 1 ? 'origin' : names[0]
  const remote = name === undefined ? null : await git('remote', 'get-url', '--', name)
  return {root, head, branch: branch?.startsWith('refs/heads/') === true ? branch : null, remote}
}

/** @returns null where git fails: what it would say stands in nobody's way */
function ask(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | null> {
  const options = {
    cwd: folder,
    // It must not wait for a password, nor write to the index that somebody works in.
    env: {...env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C'},
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: outputBytes,
    windowsHide: true,
  } as const
  return new Promise(resolve => {
    execFile('git', [...args], options, (error, output) =>
      resolve(error === null ? output.replace(/\r?\n$/, '') : null),
    )
  })
}
