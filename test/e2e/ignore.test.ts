import {chmodSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {piton} from '../support/piton.js'

const config = 'fail-on: high   # the gate\n\nignore:\n  # openssl\n  - rule: CVE-2024-1000\n    reason: old one\n'

describe.concurrent('piton ignore', () => {
  test('adds to the configuration, which stays as it is, and says where', async () => {
    const cwd = writeFiles(temporaryFolder(), [['.piton.yaml', config]])
    chmodSync(join(cwd, '.piton.yaml'), 0o640)
    const args = ['cve 2024 6119', '--reason', 'TLS client only', '--expires', '2999-12-31', '--package', 'openssl']
    const ran = await piton(['ignore', ...args], {cwd})
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([
      0,
      'Added to .piton.yaml:7: CVE-2024-6119 is ignored until 2999-12-31.\n',
      '',
    ])
    expect(readFileSync(join(cwd, '.piton.yaml'), 'utf8')).toBe(
      `${config}  - rule: CVE-2024-6119\n    package: openssl\n    reason: TLS client only\n    expires: 2999-12-31\n`,
    )
    expect(statSync(join(cwd, '.piton.yaml')).mode & 0o777).toBe(0o640)
    expect((await piton(['config', 'check'], {cwd})).stdout).toMatch(/2 ignores/)
  })

  test('makes a configuration where there is none', async () => {
    const cwd = temporaryFolder()
    const ran = await piton(['ignore', 'PT2001', '--path', 'opt/**', '--reason', 'no other build'], {cwd})
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(readFileSync(join(cwd, '.piton.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: [^\n]+\n\nignore:\n {2}- rule: PT2001\n {4}path: opt\/\*\*\n {4}reason: no other build\n$/,
    )
  })

  test('adds to another file', async () => {
    const cwd = writeFiles(temporaryFolder(), [['ci.yaml', '']])
    const ran = await piton(['ignore', 'CVE-2024-6119', '--reason', 'x', '--config', 'ci.yaml'], {cwd})
    expect([ran.code, ran.stdout]).toEqual([0, 'Added to ci.yaml:2: CVE-2024-6119 is ignored.\n'])
  })

  const refused: [name: string, text: string, args: string[], said: RegExp][] = [
    ['no reason', config, ['CVE-2024-6119'], /^piton: --reason is missing\. See piton ignore --help\./m],
    ['an empty reason', config, ['CVE-2024-6119', '--reason', ' '], /--reason says nothing/],
    [
      'a day that is over',
      config,
      ['CVE-2024-6119', '--reason', 'x', '--expires', '2020-01-01'],
      /--expires 2020-01-01 is over already/,
    ],
    [
      'a day that is none',
      config,
      ['CVE-2024-6119', '--reason', 'x', '--expires', 'soon'],
      /--expires "soon" is not a day/,
    ],
    ['a rule that is none', config, ['PT2011', '--reason', 'x'], /there is no rule PT2011.*Did you mean PT20/],
    ['a package as the rule', config, ['openssl', '--reason', 'x'], /"openssl" is neither a rule nor an advisory/],
    [
      'what is ignored already',
      config,
      ['CVE-2024-1000', '--reason', 'x'],
      /\.piton\.yaml:5 ignores CVE-2024-1000 already/,
    ],
    [
      'a configuration that is wrong',
      'fail_on: high\n',
      ['CVE-2024-6119', '--reason', 'x'],
      /\.piton\.yaml:1:1: unknown key/,
    ],
    [
      'a configuration without a place for it',
      '{fail-on: high}\n',
      ['CVE-2024-6119', '--reason', 'x'],
      /leaves no place for one more ignore/,
    ],
    [
      'a path with braces',
      config,
      ['PT2001', '--reason', 'x', '--path', 'a/{b,c}'],
      /leaves no place|braces are not understood/,
    ],
  ]
  for (const [name, text, args, said] of refused) {
    test(`${name} is refused, and the file stays`, async () => {
      const cwd = writeFiles(temporaryFolder(), [['.piton.yaml', text]])
      const ran = await piton(['ignore', ...args], {cwd})
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(said)
      expect(readFileSync(join(cwd, '.piton.yaml'), 'utf8')).toBe(text)
    })
  }
})
