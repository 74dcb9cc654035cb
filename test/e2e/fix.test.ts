import {execFileSync} from 'node:child_process'
import {chmodSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {dockerfile, fixed, workspace} from '../support/fix-workspace.js'
import {countOf, fixDatabase} from '../support/fix-world.js'
import {piton} from '../support/piton.js'

const all = countOf('busybox', 'openssl', 'nginx', 'curl', 'nghttp2')

let built = {folder: '', database: ''}
beforeAll(async () => {
  built = await fixDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

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
