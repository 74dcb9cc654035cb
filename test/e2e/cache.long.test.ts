import {existsSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder} from '../support/files.js'
import {dockerArchive, ociArchive} from '../support/images.js'
import {piton, type Ran} from '../support/piton.js'
import {settled} from '../support/settled.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const plain = dockerArchive({layers: [tarOf(smallSystem)]})
const compressed = ociArchive({layers: [tarOf(smallSystem)], compress: tar => gzipSync(tar)})

/** A file that was not written just now, and the home of somebody who never scanned. */
async function prepared(bytes: Uint8Array) {
  const target = temporaryFile(bytes)
  await settled(target, built.database)
  const home = temporaryFolder()
  const layers = join(home, 'piton/layers')
  const run = (command: string, ...args: string[]) => piton([command, ...args], {env: {XDG_CACHE_HOME: home}})
  const scan = (...args: string[]) => run('scan', '--db', built.database, '--at', '2026-01-20', ...args, target)
  return {home, layers, run, scan, target}
}

const told = ({code, stdout, stderr}: Ran) => ({code, stdout, stderr})

describe.concurrent('a scan is remembered', () => {
  for (const [name, bytes] of [['docker save', plain] as const, ['an OCI archive', compressed] as const]) {
    test(`${name}: and says the same as one that begins anew`, async () => {
      const {scan, layers} = await prepared(bytes)
      const anew = told(await scan('--no-cache', '--fail-on', 'high'))
      expect([anew.code, anew.stderr, existsSync(layers)]).toEqual([
        1,
        expect.stringContaining('--fail-on high'),
        false,
      ])
      for (const _ of ['cold', 'warm']) expect(told(await scan('--fail-on', 'high'))).toEqual(anew)
      expect(readdirSync(layers)).toHaveLength(name === 'docker save' ? 1 : 2)
    })
  }

  test('by several runs at once', async () => {
    const {scan} = await prepared(compressed)
    const anew = told(await scan('--no-cache'))
    const runs = await Promise.all([scan(), scan(), scan(), scan()])
    expect(runs.map(told)).toEqual([anew, anew, anew, anew])
  })

  test('for audit and sbom as well', async () => {
    const {run, target} = await prepared(compressed)
    for (const args of [['audit', '--at', '2026-01-20'], ['sbom']]) {
      const [command = '', ...flags] = args
      const anew = told(await run(command, ...flags, '--no-cache', target))
      expect(anew.stderr).toBe('')
      for (const _ of ['cold', 'warm']) expect(told(await run(command, ...flags, target))).toEqual(anew)
    }
  })

  test('where that can be, and else nobody is bothered', async () => {
    const {home, scan} = await prepared(compressed)
    writeFileSync(join(home, 'piton'), 'not a folder')
    const anew = told(await scan('--no-cache'))
    expect(told(await scan())).toEqual(anew)
    const debugged = await scan('--debug')
    expect(debugged.stdout).toBe(anew.stdout)
    expect(debugged.stderr).toMatch(/^piton: debug: cannot make the cache folder in [^\n]+\n/m)
  })

  test('until the cache is cleaned', async () => {
    const {home, run, scan} = await prepared(compressed)
    expect((await run('cache', 'status')).stdout).toMatch(
      /^Cache {4}.*layers\nEntries {2}0 entries, 0\.0 MB of at most/,
    )
    await scan()
    const status = JSON.parse((await run('cache', 'status', '-o', 'json')).stdout)
    expect(status).toMatchObject({schemaVersion: 1, folder: join(home, 'piton/layers'), entries: 2})
    expect(status.sizeBytes).toBeGreaterThan(1000)
    expect((await run('cache', 'clean')).stdout).toMatch(/^Removed 2 entries, 0\.0 MB, from /)
    expect(existsSync(join(home, 'piton/layers'))).toBe(false)
    expect((await run('cache', 'clean')).stdout).toMatch(/^Removed 0 entries/)
  })
})
