import {rmSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {apkFile} from '../support/apk-file.js'
import {criticalID, tinyDatabase} from '../support/database.js'
import {temporaryFile} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {oneErrorLine, piton, type RunOptions} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

const archive = dockerArchive({layers: [tarOf(smallSystem)], tags: ['app:1.0'], createdBy: ['ADD rootfs /']})

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const scan = (args: readonly string[], stdin: NonNullable<RunOptions['stdin']>) =>
  piton(['scan', '--db', built.database, '--at', '2026-01-20', ...args], {stdin})

describe.concurrent('a person pipes an image in', () => {
  const inputs: [name: string, stdin: NonNullable<RunOptions['stdin']>][] = [
    ['docker save app | piton scan -', archive],
    ['docker save app | gzip | piton scan -', gzipSync(archive)],
    ['piton scan - < app.tar', {path: temporaryFile(archive)}],
  ]
  for (const [name, stdin] of inputs) {
    test(name, async () => {
      const ran = await scan(['-o', 'json', '-'], stdin)
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      const {target, findings} = JSON.parse(ran.stdout)
      expect(target).toMatchObject({reference: 'docker-archive:-', name: 'app:1.0'})
      expect(findings.map(({rule}: {rule: string}) => rule)).toContain(criticalID)
    })
  }

  const refusals: [name: string, stdin: Uint8Array, message: RegExp][] = [
    ['nothing', Buffer.alloc(0), /standard input is empty/],
    ['text', Buffer.from('hello\n'), /standard input is not a tar archive/],
    ['a cut image', archive.subarray(0, 5000), /standard input ends inside/],
    ['a gzip that is cut', gzipSync(archive).subarray(0, 500), /standard input: the gzip stream is damaged/],
  ]
  for (const [name, stdin, message] of refusals) {
    test(`refused: ${name}`, async () => {
      const ran = await scan(['-'], stdin)
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(oneErrorLine)
      expect(ran.stderr).toMatch(message)
    })
  }

  test('piton sbom -', async () => {
    const ran = await piton(['sbom', '-'], {stdin: archive})
    expect([ran.code, JSON.parse(ran.stdout).components.length]).toEqual([0, 5])
  })
})

test('an .apk through the pipe, for a release that the person names', async () => {
  const ran = await scan(['--alpine', '3.19', '--fail-on', 'critical', '-'], apkFile({files: []}))
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('--fail-on critical')])
  expect(ran.stdout).toMatch(/package +openssl-3\.1\.4-r2, linux\/amd64/)
  expect(ran.stdout).toContain(criticalID)
  expect(ran.stdout).toContain('The signature of the package was not checked')
})

test('a release that there is not', async () => {
  const ran = await scan(['--alpine', '3.99', '-'], apkFile())
  expect([ran.code, ran.stderr]).toEqual([
    2,
    expect.stringMatching(/there is no Alpine release "3\.99"\. Known: .*edge/),
  ])
})

for (const command of ['scan', 'audit', 'sbom', 'elf', 'explain']) {
  test(`piton ${command}: what comes through a pipe is no argument`, async () => {
    const ran = await piton([command], {stdin: Buffer.from('app.tar\n')})
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/is missing|there is no target/)])
  })
}
