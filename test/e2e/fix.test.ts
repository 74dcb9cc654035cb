import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {dockerBuild} from '../support/docker-build.js'
import {temporaryFolder} from '../support/files.js'
import {countOf, earlier, fixDatabase} from '../support/fix-world.js'
import {oneErrorLine, piton} from '../support/piton.js'
import {file, tarOf} from '../support/tar.js'

const dockerfile = [
  '# The shop.',
  'FROM alpine:3.19.0',
  '',
  'RUN apk add --no-cache \\',
  '      nginx \\',
  '      curl=8.5.0-r0',
  'COPY shop /usr/local/bin/shop',
  'USER app',
  '',
].join('\n')
const fixed = dockerfile
  .replace('3.19.0\n', '3.19.9\nRUN apk add --no-cache --upgrade busybox libcrypto3 libssl3\n')
  .replace('8.5.0-r0', '8.9.1-r2')
const image = dockerBuild(dockerfile, earlier).image
const all = countOf('busybox', 'openssl', 'nginx', 'curl', 'nghttp2')

let built = {folder: '', database: ''}
beforeAll(async () => {
  built = await fixDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

/** A working folder with the image and these files. */
function workspace(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder()
  for (const [path, content] of Object.entries({'app.tar': image, ...files})) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), content)
  }
  return folder
}

const fix = (cwd: string, ...args: string[]) =>
  piton(['fix', ...args, '--db', built.database, '--at', '2025-01-20', '--no-cache'], {cwd})
const read = (cwd: string, path = 'Dockerfile') => readFileSync(join(cwd, path), 'utf8')

describe.concurrent('a person has an image, and its Dockerfile', () => {
  test('and sees what to change, and what that does', async () => {
    const cwd = workspace({Dockerfile: dockerfile})
    const {code, stdout, stderr} = await fix(cwd, 'app.tar')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(`--- a/Dockerfile
+++ b/Dockerfile
@@ -1,8 +1,9 @@
 # The shop.
-FROM alpine:3.19.0
+FROM alpine:3.19.9
+RUN apk add --no-cache --upgrade busybox libcrypto3 libssl3
${' '}
 RUN apk add --no-cache \\
       nginx \\
-      curl=8.5.0-r0
+      curl=8.9.1-r2
 COPY shop /usr/local/bin/shop
 USER app

With this edit an image built from Dockerfile has all ${all} vulnerabilities of app:1.0 fewer.
  Dockerfile:2  base image 3.19.0 becomes 3.19.9, the newest patch release of its branch
  Dockerfile:2  followed by an upgrade of busybox, libcrypto3, libssl3
  Dockerfile:6  curl=8.5.0-r0 becomes curl=8.9.1-r2
  new by themselves: libcurl, nghttp2-libs, nginx, as a line before theirs changes
No package index is at hand: pins name the first version with all fixes, and where the repository
has a newer one the build will not find it. piton db update --branch 3.19 --arch x86_64 fetches the
index.
--write makes this edit.
`)
    expect(read(cwd)).toBe(dockerfile)
  })

  test('and git takes what it prints, also with line ends of Windows', async () => {
    const windows = dockerfile.replaceAll('\n', '\r\n')
    const cwd = workspace({'deploy/Dockerfile': windows, '.git/HEAD': 'ref: refs/heads/main\n'})
    rmSync(join(cwd, '.git'), {recursive: true})
    execFileSync('git', ['init', '-q'], {cwd})
    const {stdout} = await fix(cwd, 'app.tar')
    expect(stdout).toMatch(/^--- a\/deploy\/Dockerfile$/m)
    execFileSync('git', ['apply'], {cwd, input: stdout})
    expect(read(cwd, 'deploy/Dockerfile')).toBe(fixed.replaceAll('\n', '\r\n'))
  })

  test('and has it changed, once', async () => {
    const cwd = workspace({'Dockerfile.shop': dockerfile})
    chmodSync(join(cwd, 'Dockerfile.shop'), 0o640)
    const first = await fix(cwd, '--image', 'app.tar', '--dockerfile', 'Dockerfile.shop', '--write')
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain(
      `Dockerfile.shop is changed: an image built from it has all ${all} vulnerabilities of app:1.0 fewer.`,
    )
    expect(read(cwd, 'Dockerfile.shop')).toBe(fixed)
    expect(statSync(join(cwd, 'Dockerfile.shop')).mode & 0o777).toBe(0o640)
    expect(readdirSync(cwd).sort()).toEqual(['Dockerfile.shop', 'app.tar'])
    const second = await fix(cwd, 'app.tar', '--dockerfile', 'Dockerfile.shop', '--write')
    expect([second.code, second.stderr]).toEqual([0, ''])
    expect(second.stdout).toBe(
      `Nothing to change in Dockerfile.shop: it asks for what fixes all ${all} vulnerabilities of app:1.0\nalready. Build it again (docker build --pull).\n`,
    )
    expect(read(cwd, 'Dockerfile.shop')).toBe(fixed)
  })

  test('through a link in the repository, which stays one', async () => {
    const cwd = workspace({'images/shop': dockerfile, '.git/HEAD': ''})
    symlinkSync('images/shop', join(cwd, 'D'))
    const {code} = await fix(cwd, 'app.tar', '--dockerfile', 'D', '--write', '-q')
    expect([code, read(cwd, 'images/shop')]).toEqual([0, fixed])
    expect(lstatSync(join(cwd, 'D')).isSymbolicLink()).toBe(true)
  })

  test('and what was decided not to count is no reason to change anything', async () => {
    const ignore = ['busybox', 'openssl', 'nginx', 'curl', 'nghttp2'].map(
      name => `  - {package: ${name}, reason: no}\n`,
    )
    const cwd = workspace({
      Dockerfile: dockerfile,
      '.piton.yaml': `ignore:\n${ignore.join('')}`,
    })
    const {code, stdout} = await fix(cwd, 'app.tar', '--write')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Nothing to fix: app:1\.0 has no vulnerability/)])
  })
})

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
