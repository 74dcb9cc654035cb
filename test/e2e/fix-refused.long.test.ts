import {chmodSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {dockerfile, workspace} from '../support/fix-workspace.js'
import {fixDatabase} from '../support/fix-world.js'
import {oneErrorLine, piton} from '../support/piton.js'
import {file, tarOf} from '../support/tar.js'

let built = {folder: '', database: ''}
beforeAll(async () => {
  built = await fixDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const fix = (cwd: string, ...args: string[]) =>
  piton(['fix', ...args, '--db', built.database, '--at', '2025-01-20', '--no-cache'], {cwd})
const read = (cwd: string, path = 'Dockerfile') => readFileSync(join(cwd, path), 'utf8')

test('with --strict a warning keeps the file as it is', async () => {
  const cwd = workspace({
    Dockerfile: 'FROM alpine:3.19.0\n',
    'lib/apk/db/installed': 'P:libssl3\nV:3.1.4-r2\no:openssl\nnonsense\n\n',
    'etc/os-release': 'ID=alpine\nVERSION_ID=3.19.0\n',
  })
  const {code, stderr} = await fix(cwd, 'rootfs:.', '--dockerfile', 'Dockerfile', '--write', '--strict')
  expect([code, read(cwd)]).toEqual([2, 'FROM alpine:3.19.0\n'])
  expect(stderr).toContain('piton: 1 warning, and --strict makes that a failure.\n')
})

describe.concurrent('what a terminal obeys is shown', () => {
  test('in the patch and in the words', async () => {
    const cwd = workspace({Dockerfile: dockerfile.replace('# The shop.', '# \u001b[31mred\u202e')})
    const {code, stdout} = await fix(cwd, 'app.tar')
    expect(code).toBe(0)
    expect(stdout).toContain(' # \\u{1b}[31mred\\u{202e}\n')
    expect(stdout).toContain('only --write makes this edit')
  })
})

describe.concurrent('what cannot be done is said in one line', () => {
  const debian = tarOf([
    file('etc/os-release', 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n'),
    file('lib/apk/db/installed', 'P:a\nV:1-r0\n\n'),
  ])
  const wrong: [name: string, files: Record<string, string | Uint8Array>, args: string[], said: RegExp][] = [
    ['no image', {}, [], /piton fix needs the image that was built from the Dockerfile\. For example/],
    ['two images', {}, ['app.tar', '--image', 'app.tar'], /TARGET or --image, not both/],
    ['no such image', {Dockerfile: dockerfile}, ['none.tar'], /none\.tar does not exist/],
    [
      'no Dockerfile',
      {},
      ['app.tar'],
      /there is no Dockerfile here that app:1\.0 was built from\. Name it with --dockerfile/,
    ],
    ['none that fits', {Dockerfile: 'FROM a\nRUN make\nCOPY a b\n'}, ['app.tar'], /there is no Dockerfile here/],
    [
      'one that does not fit',
      {D: 'FROM a\nRUN make\nCOPY a b\n'},
      ['app.tar', '--dockerfile', 'D'],
      /D does not belong to this image/,
    ],
    [
      'one of another branch',
      {D: dockerfile.replace('3.19.0', '3.20.0')},
      ['app.tar', '--dockerfile', 'D'],
      /D builds on alpine:3\.20\.0, and the image is Alpine 3\.19\.0/,
    ],
    [
      'one that does not parse',
      {D: 'FROM a\nRUN <<E\n'},
      ['app.tar', '--dockerfile', 'D'],
      /D, line 2: no line ends the heredoc/,
    ],
    [
      'one that is not there',
      {},
      ['app.tar', '--dockerfile', 'D'],
      /cannot read the Dockerfile D: there is no such file/,
    ],
    [
      'one that is not UTF-8',
      {D: Buffer.concat([Buffer.from('# \xe9\n', 'latin1'), Buffer.from(dockerfile)])},
      ['app.tar', '--dockerfile', 'D'],
      /D is not UTF-8/,
    ],
    [
      'no Alpine',
      {D: dockerfile, 'debian.tar': debian},
      ['rootfs:debian.tar', '--dockerfile', 'D'],
      /rootfs:debian\.tar is not Alpine Linux \(Debian 12\)/,
    ],
    [
      'a format of another command',
      {D: dockerfile},
      ['app.tar', '-o', 'sarif'],
      /there is no output format "sarif"\. Formats: diff, json/,
    ],
  ]
  for (const [name, files, args, said] of wrong) {
    test(name, async () => {
      const cwd = workspace(files)
      const {code, stdout, stderr} = await fix(cwd, ...args, '--write')
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(said)
      expect(stderr).toMatch(oneErrorLine)
      for (const [path, content] of Object.entries(files))
        expect(readFileSync(join(cwd, path))).toEqual(Buffer.from(content))
    })
  }

  test('a link out of the repository', async () => {
    const elsewhere = workspace({shop: dockerfile})
    const cwd = workspace({'.git/HEAD': ''})
    symlinkSync(join(elsewhere, 'shop'), join(cwd, 'D'))
    const {code, stdout, stderr} = await fix(cwd, 'app.tar', '--dockerfile', 'D', '--write')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^piton: cannot write D: it is a link out of the repository, to [^\n]*\/shop\. Name [^\n]+ itself\.\n$/,
    )
    expect(read(elsewhere, 'shop')).toBe(dockerfile)
  })

  test('a link to itself', async () => {
    const cwd = workspace({})
    symlinkSync('D', join(cwd, 'D'))
    const {code, stdout, stderr} = await fix(cwd, 'app.tar', '--dockerfile', 'D')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^piton: cannot read the Dockerfile D: ELOOP\. [^\n]+\n$/)
  })

  test('a folder that may not be written', async () => {
    const cwd = workspace({Dockerfile: dockerfile})
    chmodSync(cwd, 0o555)
    chmodSync(join(cwd, 'Dockerfile'), 0o444)
    const args = ['fix', 'app.tar', '--write', '--db', built.database, '--at', '2025-01-20', '--no-cache']
    chmodSync(built.folder, 0o755)
    const {code, stderr} = await piton(args, {cwd, unprivileged: true})
    expect([code, stderr]).toEqual([
      2,
      'piton: cannot write Dockerfile: EACCES. Check the folder and its permissions.\n',
    ])
    expect(read(cwd)).toBe(dockerfile)
  })
})
