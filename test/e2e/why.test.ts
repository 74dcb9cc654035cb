import {rmSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {apkDatabase, releaseFiles} from '../support/alpine.js'
import {criticalID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {oneErrorLine, piton} from '../support/piton.js'
import {alpine, library, program} from '../support/started.js'
import {file, type TarItem, tarOf} from '../support/tar.js'

const base: readonly TarItem[] = [
  ...releaseFiles('3.19.0'),
  ...alpine,
  library('usr/lib/libssl.so.3'),
  file('etc/apk/world', 'busybox\n'),
  apkDatabase([{name: 'busybox', version: '1.36.1-r16', files: ['bin/busybox']}]),
]
const own: readonly TarItem[] = [
  program('usr/sbin/nginx', 'libssl.so.3'),
  file('etc/apk/world', 'busybox\nnginx\n'),
  apkDatabase([
    {name: 'busybox', version: '1.36.1-r16', files: ['bin/busybox']},
    {name: 'nginx', version: '1.24.0-r15', files: ['usr/sbin/nginx'], depends: 'so:libssl.so.3'},
    {
      name: 'libssl3',
      version: '3.1.4-r2',
      origin: 'openssl',
      files: ['usr/lib/libssl.so.3'],
      provides: 'so:libssl.so.3=3',
    },
  ]),
]
const image = dockerArchive({
  layers: [tarOf(base), tarOf(own)],
  tags: ['app:1.0'],
  createdBy: ['ADD alpine.tar.gz / # buildkit', 'RUN /bin/sh -c apk add --no-cache nginx # buildkit'],
  config: {Cmd: ['nginx']},
})
const dockerfile = 'FROM alpine:3.19.0\n\nRUN apk add --no-cache nginx\nCMD ["nginx"]\n'

let built = {folder: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

async function why(...args: string[]) {
  const cwd = writeFiles(temporaryFolder(), new Map([['Dockerfile', dockerfile]]))
  return piton(
    [
      'why',
      '--db',
      built.database,
      '--at',
      '2026-01-20',
      '--no-cache',
      '-q',
      '--image',
      temporaryFile(image, 'app.tar'),
      ...args,
    ],
    {cwd},
  )
}

describe.concurrent('a person asks why', () => {
  test('something is in an image', async () => {
    const {stdout, stderr, code} = await why('libssl3')
    expect([stderr, code]).toEqual(['', 0])
    expect(stdout).toContain('  because     nginx, which is asked for, needs it\n')
    expect(stdout).toContain('  brought by  layer 2 of 2, of your own: RUN /bin/sh -c apk add --no-cache nginx')
    expect(stdout).toContain('  line        Dockerfile:3: RUN apk add --no-cache nginx\n')
    expect(stdout).toContain('  loaded      yes: usr/sbin/nginx → usr/lib/libssl.so.3\n')
    expect(stdout).toContain(criticalID)
  })

  test('for a program', async () => {
    const {stdout, code} = await why('libssl.so.3', '-o', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      meant: 'library',
      whys: [{package: {name: 'libssl3'}, dockerfile: {line: 3}, loaded: true}],
    })
  })

  test('what is not there', async () => {
    const {stdout, stderr, code} = await why('libsll3')
    expect([stdout, code]).toEqual(['', 2])
    expect(stderr).toMatch(oneErrorLine)
    expect(stderr).toBe('piton: nothing in app:1.0 is called "libsll3". Did you mean libssl3?\n')
  })
})
