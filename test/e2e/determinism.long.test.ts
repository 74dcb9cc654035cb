import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import {reporters} from '../../src/report/index.js'
import {scan} from '../../src/scan.js'
import {apkDatabase, repositoriesFile, tinyElf} from '../support/alpine.js'
import {tinyDatabase} from '../support/database.js'
import {temporaryFolder} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {piton} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {file, type TarItem, tarOf} from '../support/tar.js'

// One image, one database and one day make one report, to the byte, whoever scans it and wherever.

let built = {folder: '', feeds: '', database: ''}
let database: AdvisoryDatabase
beforeAll(async () => {
  built = await tinyDatabase()
  database = openDatabase(built.database)
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const today = '2026-02-01'
const folder = temporaryFolder()
const formats = [...reporters.keys()]

/** Names that locales order, or write in capitals, in ways of their own. */
const names = ['z', 'a', 'Z', 'Ä', 'ä', 'I', 'i', 'ı', 'İ', 'ß', '10', '9', 'é', 'e\u0301', '日本', '-x']

const system: readonly TarItem[] = [
  ...smallSystem,
  repositoriesFile('v3.19'),
  file('etc/apk/keys/corp.rsa.pub', 'x'),
  ...names.map(name => file(`usr/local/bin/${name}`, tinyElf(), {mode: 0o755})),
  ...names.map(name => file(`usr/local/share/${name}.sh`, '#!/bin/bash\n', {mode: 0o755})),
  file('usr/bin/broken', tinyElf().subarray(0, 40), {mode: 0o755}),
]

const upper = [
  apkDatabase([
    {name: 'libssl3', version: '3.1.4-r2', origin: 'openssl', files: ['usr/lib/libssl.so.3']},
    {name: 'busybox', version: '1.36.1-r15', files: ['bin/busybox']},
    ...names.map(name => ({name: `lib${name}`, version: '3.1.4-r1', origin: 'openssl'})),
  ]),
  ...names.map(name => file(`opt/${name}`, tinyElf(), {mode: 0o755})),
]

/** Every format of one scan. */
async function render(target: string): Promise<Record<string, string>> {
  const {report} = await scan(target, {database, today})
  const texts = formats.map(async name => [name, await reporters.get(name)?.render(report, {color: false, width: 100})])
  return Object.fromEntries(await Promise.all(texts))
}

/** The report of a tar, always under the same name. */
async function renderTar(items: readonly TarItem[]): Promise<Record<string, string>> {
  const path = join(folder, 'system.tar')
  writeFileSync(path, tarOf(items))
  return render(`rootfs:${path}`)
}

test('the order of the entries of a tar does not matter', async () => {
  const expected = await renderTar(system)
  expect(expected['json']).toContain('CVE-2030-0001')
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...system], {minLength: system.length}), async items => {
      expect(await renderTar(items)).toEqual(expected)
    }),
    {numRuns: 8},
  )
})

test('nor does which layer is read first', async () => {
  const path = join(folder, 'image.tar')
  const layers = [tarOf(system), tarOf(upper), tarOf([file('opt/last', tinyElf(), {mode: 0o755})])]
  const compress = (tar: Uint8Array, index: number) => gzipSync(tar, {level: index === 0 ? 9 : 1})
  writeFileSync(path, dockerArchive({layers, compress, tags: ['app:1.2'], createdBy: ['ADD a', 'RUN b', 'COPY c']}))
  const expected = await render(path)
  for (let run = 0; run < 5; run++) expect(await render(path)).toEqual(expected)
})

describe('where and when it is run does not matter', () => {
  const places: [name: string, env: Readonly<Record<string, string>>][] = [
    ['Kiritimati, in Turkish', {TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr'}],
    ['Marquesas, in Swedish', {TZ: 'Pacific/Marquesas', LANG: 'sv_SE.ISO-8859-1', LC_ALL: 'sv_SE', COLUMNS: '200'}],
    ['no place at all', {TZ: '', LANG: '', LC_ALL: 'C', TERM: 'dumb', CI: 'true'}],
  ]

  async function reportsIn(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const to = join(folder, 'reports')
    mkdirSync(to, {recursive: true})
    const outputs = formats.flatMap(name => ['-o', `${name}=${join(to, name)}`])
    const target = join(folder, 'placed.tar')
    const ran = await piton(['scan', target, '--db', built.database, '--at', today, '-q', ...outputs], {env})
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, '', ''])
    return Object.fromEntries(formats.map(name => [name, readFileSync(join(to, name), 'utf8')]))
  }

  test.each(places)('%s', async (_name, env) => {
    writeFileSync(join(folder, 'placed.tar'), tarOf(system))
    const expected = await reportsIn({TZ: 'UTC', LANG: 'C.UTF-8'})
    expect(await reportsIn(env)).toEqual(expected)
  })
})
