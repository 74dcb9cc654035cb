import {execFileSync, spawnSync} from 'node:child_process'
import {describe, expect, test} from 'vitest'
import {completionScript, shells} from '../../src/cli/completion/index.js'
import {COMMANDS} from '../../src/commands/index.js'
import {temporaryFolder, writeFiles} from '../support/files.js'

/** Runs where there are files to complete. */
function folder(): string {
  return writeFiles(temporaryFolder(), [
    ['app.tar', ''],
    ['a b.tar', ''],
    ['feeds/x', ''],
  ])
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0
}

/** What a line offers, as [words before the cursor as the shell breaks them, the last being completed, offers]. */
const cases: [words: string[], offered: string[]][] = [
  [['sc'], ['scan']],
  [['db', 'up'], ['update']],
  [
    ['db', ''],
    ['build', 'clean', 'export', 'import', 'mirror', 'status', 'update', 'verify'],
  ],
  [['scan', '--sev'], ['--severity']],
  [['scan', 'app.tar', '--sev'], ['--severity']],
  [['audit', '--no-ca'], ['--no-cache']],
  [
    ['scan', '--severity', ''],
    ['critical', 'high', 'medium', 'low', 'note'],
  ],
  [
    ['scan', 'a'],
    ['a b.tar', 'app.tar'],
  ],
  [['elf', '--fail-on', 'me'], ['medium']],
  [
    ['sbom', '-o', ''],
    ['cyclonedx', 'spdx'],
  ],
  [['scan', '-o', 'sa'], ['sarif']],
  [['scan', '--check', 'ha'], ['hardening']],
  [
    ['explain', 'PT100'],
    ['PT1001', 'PT1002', 'PT1003', 'PT1004', 'PT1005', 'PT1006', 'PT1007', 'PT1008'],
  ],
  [['help', 'exit'], ['exit-codes']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
]

describe('bash', () => {
  const script = completionScript('bash', COMMANDS)
  const complete = (words: readonly string[]) => {
    const list = ['piton', ...words].map(word => `'${word}'`).join(' ')
    const line = `${script}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length}; _piton; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['--norc', '-c', line], {cwd: folder(), encoding: 'utf8'})
      .split('\n')
      .filter(word => word !== '')
      .sort()
  }
  // bash breaks words at = and :, and gives the signs themselves as words.
  const broken: typeof cases = [
    [['scan', '--severity', '=', 'hi'], ['high']],
    [
      ['scan', '--only', '='],
      ['base', 'own'],
    ],
    [['scan', '--fail-on', 'high', ':', 'lo'], ['loaded']],
    [
      ['scan', '--fail-on', '=', 'high', ':'],
      ['base', 'fixable', 'kev', 'loaded', 'own'],
    ],
    [['scan', '--fail-on', 'high,me'], ['high,medium']],
    [['scan', 'docker-archive', ':', 'ap'], ['app.tar']],
    [['scan', '-o', 'sarif', '=', 'ap'], ['app.tar']],
    [['db', 'build', '--to', ''], ['feeds']],
  ]
  test.each([...cases, ...broken])('%j', (words, offered) => {
    expect(complete(words)).toEqual([...offered].sort())
  })
})

describe.skipIf(!isInstalled('fish'))('fish', () => {
  const script = completionScript('fish', COMMANDS)
  const complete = (words: readonly string[]) => {
    const line = `${script}\ncomplete -C '${['piton', ...words].join(' ')}'`
    const out = execFileSync('fish', ['--no-config', '-c', line], {cwd: folder(), encoding: 'utf8'})
    return out
      .split('\n')
      .map(offer => offer.split('\t')[0] ?? '')
      .filter(offer => offer !== '')
      .sort()
  }
  test.each([
    ...cases,
    [['scan', '--severity=hi'], ['--severity=high']] as (typeof cases)[number],
    [['scan', '--fail-on', 'high:lo'], ['high:loaded']] as (typeof cases)[number],
  ])('%j', (words, offered) => {
    expect(complete(words)).toEqual([...offered].sort())
  })
})

test.skipIf(!isInstalled('zsh'))('zsh can read its script', () => {
  const {status, stderr} = spawnSync('zsh', ['-f', '-n'], {input: completionScript('zsh', COMMANDS), encoding: 'utf8'})
  expect([status, stderr]).toEqual([0, ''])
})

test.each(Object.keys(shells))('%s: every flag of every command is in the script', shell => {
  const script = completionScript(shell as keyof typeof shells, COMMANDS)
  const commands = Object.values(COMMANDS) as readonly {readonly flags?: Readonly<Record<string, unknown>>}[]
  const names = new Set(commands.flatMap(({flags}) => Object.keys(flags ?? {})))
  const sign = shell === 'fish' ? '-l ' : '--'
  expect([...names].filter(name => !script.includes(sign + name))).toEqual([])
})
