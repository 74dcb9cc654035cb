import {cpSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {openDatabase} from '../../src/advisory/database.js'
import {libcTables} from '../../src/cli/database.js'
import type {ScanEvent} from '../../src/model/event.js'
import {json} from '../../src/report/json.js'
import {type ScanOptions, scan} from '../../src/scan.js'
import {tinyDatabase} from '../support/database.js'
import {dynamicOf, R} from '../support/elf-dynamic.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive, type ImageParts, ociArchive, ociFiles} from '../support/images.js'
import {TestMemory} from '../support/memory.js'
import {contentOf, registryServer} from '../support/registry-server.js'
import {settled} from '../support/settled.js'
import {smallSystem} from '../support/small-system.js'
import {file, symlink, tarOf} from '../support/tar.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
  await settled(built.database, join(root, 'data/libc'))
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

/** A system, and an application on it that lacks a library, and brings a script and a package of Node.js. */
const parts: ImageParts = {
  layers: [
    tarOf(smallSystem),
    tarOf([
      file(
        'app/run',
        dynamicOf({interpreter: '/lib/ld-musl-x86_64.so.1', needed: ['libgone.so'], uses: [['gone', R.call]]}),
        {
          mode: 0o755,
        },
      ),
      file('app/start.sh', '#!/bin/bash\n', {mode: 0o755}),
      file('app/node_modules/x/package.json', '{"name": "x", "version": "1.0.0"}'),
      file('app/node_modules/x/x.node', dynamicOf({needed: ['libc.so.6', 'ld-linux-x86-64.so.2'], defines: ['y']})),
      file('etc/apk/repositories', 'http://example.org/alpine/v3.19/main\nhttp://example.org/alpine/edge/main\n'),
    ]),
  ],
  compress: tar => gzipSync(tar),
  tags: ['app:1.0'],
  createdBy: ['ADD rootfs /', 'COPY app /app'],
  config: {Labels: {maintainer: 'somebody'}},
}
const plainParts: ImageParts = {...parts, compress: tar => tar}

const today = '2026-01-20'

interface Scanned {
  readonly bytes: string
  /** Were layers, or the archive, read? */
  readonly read: boolean
  readonly report: Awaited<ReturnType<typeof scan>>['report']
}

async function scanned(target: string, options: Partial<ScanOptions> = {}): Promise<Scanned> {
  const events: ScanEvent[] = []
  const {report} = await scan(
    target,
    {database: openDatabase(built.database), libc: libcTables(root), today, ...options},
    event => events.push(event),
  )
  const bytes = await json.render(report, {color: false, width: 100})
  return {bytes, report, read: events.some(({type}) => type !== 'open')}
}

const targets: [name: string, target: () => string][] = [
  ['docker save', () => `docker-archive:${temporaryFile(dockerArchive(plainParts))}`],
  ['docker save, compressed as a whole', () => temporaryFile(gzipSync(dockerArchive(plainParts)))],
  ['an OCI archive', () => temporaryFile(ociArchive(parts))],
  ['an OCI folder', () => `oci:${writeFiles(temporaryFolder(), ociFiles(parts))}`],
  ['a root file system', () => temporaryFile(parts.layers[0] ?? '')],
  ['a compressed root file system', () => `rootfs:${temporaryFile(gzipSync(parts.layers[0] ?? ''))}`],
]

function pathOf(target: string): string {
  return target.replace(/^[a-z-]+:/, '')
}

describe('a report is the same, to the byte', () => {
  for (const [name, make] of targets) {
    test(`${name}: without memory, at first, and from memory`, async () => {
      const [target, cache] = [make(), new TestMemory()]
      await settled(pathOf(target))
      const plain = await scanned(target)
      const cold = await scanned(target, {cache})
      const warm = await scanned(target, {cache})
      expect([cold.bytes, warm.bytes]).toEqual([plain.bytes, plain.bytes])
      expect([warm.report, cold.read, warm.read]).toEqual([plain.report, true, false])
      // Another day is another question; layers say what they said, where they have digests.
      const tomorrow = '2026-01-21'
      expect((await scanned(target, {cache, today: tomorrow})).bytes).toBe(
        (await scanned(target, {today: tomorrow})).bytes,
      )
    })
  }

  test('standard input is not a file of its name', async () => {
    const folder = writeFiles(temporaryFolder(), [['-', parts.layers[0] ?? '']])
    await settled(join(folder, '-'))
    const before = process.cwd()
    process.chdir(folder)
    onTestFinished(() => process.chdir(before))
    const cache = new TestMemory()
    await scanned('./-', {cache})
    for (const which of ['3.18.0', '3.20.0']) {
      const bytes = tarOf([file('etc/alpine-release', which), file('lib/apk/db/installed', '')])
      const input = {isTerminal: false, file: null, chunks: () => [bytes] as unknown as AsyncIterable<Uint8Array>}
      expect((await scanned('-', {cache, input})).report.release?.version).toBe(which)
    }
  })

  test('whatever else is asked of what is remembered', async () => {
    const [target, cache] = [temporaryFile(dockerArchive(plainParts)), new TestMemory()]
    await settled(target)
    const asked: Partial<ScanOptions>[] = [
      // Asks for the layer of fewer paths than the next one.
      {policy: {checks: ['musl']}},
      {policy: {severity: 'critical'}},
      {},
      {policy: {checks: ['image']}},
      {policy: {skip: ['musl']}},
      {policy: {checks: ['vulnerabilities', 'image']}},
      {policy: {also: ['integrity']}},
      {verify: true},
      {allowEmpty: true},
    ]
    for (const options of [...asked, ...asked]) {
      expect([options, (await scanned(target, {...options, cache})).bytes]).toEqual([
        options,
        (await scanned(target, options)).bytes,
      ])
    }
  })
})

describe('a target is looked at again', () => {
  const changes: [name: string, change: (path: string) => Partial<ScanOptions>][] = [
    [
      'when its file changed',
      path => {
        writeFileSync(path, dockerArchive({...plainParts, layers: [tarOf([...smallSystem, file('new', '')])]}))
        return {}
      },
    ],
    ['when every byte is to be hashed', () => ({verify: true})],
    ['for another check', () => ({policy: {also: ['integrity']}})],
    ['for another day', () => ({today: '2026-02-01'})],
    ['for another platform', () => ({platform: {os: 'linux', architecture: 'amd64'}})],
    [
      'with another database',
      () => {
        const copy = temporaryFolder()
        cpSync(built.database, copy, {recursive: true})
        return {database: openDatabase(copy)}
      },
    ],
    ['when tables come from nowhere in particular', () => ({libc: null})],
  ]
  for (const [name, change] of changes) {
    test(name, async () => {
      const [target, cache] = [temporaryFile(dockerArchive(plainParts)), new TestMemory()]
      await settled(target)
      await scanned(target, {cache})
      expect((await scanned(target, {cache})).read).toBe(false)
      const options = change(target)
      const again = await scanned(target, {...options, cache})
      expect(again.read).toBe(true)
      expect(again.bytes).toBe((await scanned(target, options)).bytes)
    })
  }

  test('when its file was written this very moment: it may still change', async () => {
    const [target, cache] = [temporaryFile(dockerArchive(plainParts)), new TestMemory()]
    await scanned(target, {cache})
    expect(cache.kept).toEqual([])
  })

  test('when it changes while it is read, and what was seen is not kept', async () => {
    const [target, cache] = [temporaryFile(dockerArchive(plainParts)), new TestMemory()]
    await settled(target)
    await scan(target, {database: null, today, cache}, ({type}) => {
      if (type === 'layer') writeFileSync(`${target}`, dockerArchive(plainParts))
    })
    expect(cache.kept).toEqual([])
  })

  test('when it is a tree of files, of which nothing is remembered', async () => {
    const folder = writeFiles(temporaryFolder(), [
      ['etc/alpine-release', '3.19.0\n'],
      ['lib/apk/db/installed', 'P:a\nV:1-r0\n\n'],
    ])
    const cache = new TestMemory()
    for (const _ of [1, 2]) expect((await scanned(folder, {cache})).read).toBe(true)
    expect(cache.kept).toEqual([])
  })
})

describe('an image in a registry', () => {
  const layers = (seen: readonly {readonly path: string}[]) => {
    const config = 1
    return seen.filter(({path}) => path.includes('/blobs/')).length - config
  }
  const registry = {env: {HOME: '/nonexistent'}}

  test('is not fetched again, but for its documents', async () => {
    const cache = new TestMemory()
    const pull = async (options: Partial<ScanOptions>) => {
      const server = await registryServer(contentOf('1.0', parts))
      const {report} = await scanned(`${server.image}:1.0`, {registry, ...options})
      const {reference: _, name: __, ...target} = report.target
      const findings = report.findings.map(({fingerprint: ___, ...finding}) => finding)
      return {said: {...report, findings, target}, layers: layers(server.seen)}
    }
    const plain = await pull({})
    expect(plain.layers).toBe(2)
    expect(await pull({cache})).toEqual(plain)
    expect(await pull({cache})).toEqual({...plain, layers: 0})
    // Nor are its layers for another question.
    const tomorrow = await pull({today: '2026-01-21'})
    expect(await pull({cache, today: '2026-01-21'})).toEqual({...tomorrow, layers: 0})
  })

  test('with the base of another is fetched without that', async () => {
    const cache = new TestMemory()
    const base = await registryServer(contentOf('1.0', {...parts, layers: parts.layers.slice(0, 1)}))
    await scanned(`${base.image}:1.0`, {registry, cache})
    const app = await registryServer(contentOf('1.0', parts))
    const {bytes} = await scanned(`${app.image}:1.0`, {registry, cache})
    expect(layers(app.seen)).toBe(1)
    expect(bytes).toBe((await scanned(`${app.image}:1.0`, {registry})).bytes)
  })

  test('with a release file behind links needs no layer again either', async () => {
    const cache = new TestMemory()
    const linked: ImageParts = {
      layers: [
        tarOf([
          ...smallSystem.filter(({name}) => name !== 'etc/os-release'),
          symlink('etc/os-release', '../opt/release'),
          file('opt/release', 'ID=alpine\nVERSION_ID=3.19.0\n'),
        ]),
      ],
    }
    const counts: number[] = []
    for (const day of ['2026-01-20', '2026-01-21']) {
      const server = await registryServer(contentOf('1.0', linked))
      await scanned(`${server.image}:1.0`, {registry, cache, today: day})
      counts.push(layers(server.seen))
    }
    // Once for all it holds, once for what the link led to.
    expect(counts).toEqual([2, 0])
  })
})

test('what was read while a link led elsewhere is not kept under what it leads to again', async () => {
  const folder = temporaryFolder()
  const [link, usual, other] = ['link', 'usual.tar', 'other.tar'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(usual, dockerArchive(plainParts))
  writeFileSync(other, dockerArchive({layers: [tarOf([...smallSystem, file('etc/other')])]}))
  const lead = (to: string) => {
    symlinkSync(to, `${link}.new`)
    renameSync(`${link}.new`, link)
  }
  lead(usual)
  await settled(usual, other)
  const cache = new TestMemory()
  const options = {database: openDatabase(built.database), libc: libcTables(root), today, cache}
  // The first event comes when the identity is known, and nothing is open; the next when something is.
  await scan(link, options, ({type}) => lead(type === 'open' ? other : usual))
  const {bytes} = await scanned(link)
  expect([cache.kept.filter(key => key.startsWith('seen')), (await scanned(link, {cache})).bytes]).toEqual([[], bytes])
  expect((await scanned(link, {cache})).read).toBe(false)
})
