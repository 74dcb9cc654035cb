import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, realpathSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {readCheckout} from '../../src/cli/git.js'
import {temporaryFolder} from '../support/files.js'

const {PATH = '', HOME = ''} = process.env
const env = {PATH, HOME, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null'}

function checkout(...commands: readonly (readonly string[])[]) {
  const folder = realpathSync(temporaryFolder())
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
    }).trim()
  git('init', '--quiet', '--initial-branch', 'main')
  for (const command of commands) git(...command)
  return {folder, git}
}

const commit = ['commit', '--quiet', '--allow-empty', '--message', 'x']

describe.skipIf(spawnSync('git', ['--version']).status !== 0)('git', () => {
  test('names root, commit, branch and remote, from a folder within', async () => {
    const {folder, git} = checkout(
      commit,
      ['checkout', '--quiet', '-b', 'a/b'],
      ['remote', 'add', 'origin', 'git@github.com:o/r.git'],
    )
    mkdirSync(join(folder, 'deep'))
    expect(await readCheckout(join(folder, 'deep'), env)).toEqual({
      root: folder,
      head: git('rev-parse', 'HEAD'),
      branch: 'refs/heads/a/b',
      remote: 'git@github.com:o/r.git',
    })
  })

  test('names no commit before the first, and no branch on a detached head', async () => {
    expect(await readCheckout(checkout().folder, env)).toMatchObject({
      head: null,
      branch: 'refs/heads/main',
      remote: null,
    })
    const {folder, git} = checkout(commit, ['checkout', '--quiet', '--detach'])
    expect(await readCheckout(folder, env)).toMatchObject({head: git('rev-parse', 'HEAD'), branch: null})
  })

  test('takes the only remote, and of several none but origin', async () => {
    const only = checkout(['remote', 'add', '--', 'up', 'https://github.com/o/r'])
    expect(await readCheckout(only.folder, env)).toMatchObject({remote: 'https://github.com/o/r'})
    const several = checkout(['remote', 'add', 'a', 'https://x/o/a'], ['remote', 'add', 'b', 'https://x/o/b'])
    expect(await readCheckout(several.folder, env)).toMatchObject({remote: null})
  })

  test('says nothing where there is no checkout, or no git', async () => {
    expect(await readCheckout(temporaryFolder(), env)).toBeNull()
    expect(await readCheckout(checkout(commit).folder, {PATH: '/nonexistent'})).toBeNull()
  })

  test('runs nothing that the checkout names', async () => {
    const {folder} = checkout(commit, ['remote', 'add', 'origin', 'git@github.com:o/r.git'])
    const [trap, mark] = [join(folder, 'trap.sh'), join(folder, 'sprung')]
    writeFileSync(trap, `#!/bin/sh\ntouch ${mark}\n`)
    chmodSync(trap, 0o755)
    for (const name of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'core.editor',
      'diff.external',
      'credential.helper',
    ]) {
      execFileSync('git', ['config', name, trap], {cwd: folder, env})
    }
    writeFileSync(join(folder, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${mark}\n`, {mode: 0o755})
    expect(await readCheckout(folder, env)).toMatchObject({branch: 'refs/heads/main'})
    expect(spawnSync('ls', [mark]).status).not.toBe(0)
  })
})
