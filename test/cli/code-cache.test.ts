import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import module from 'node:module'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {piton, temporaryFolder} from '../support/piton.js'

/** Node keeps compiled code by itself from 22 on. */
const own = !('enableCompileCache' in module)

function run(home: string, ...args: string[]) {
  return piton(args, {env: {XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: ''}})
}

function codeIn(home: string): string[] {
  const folder = join(home, 'piton/code')
  return readdirSync(folder).map(name => join(folder, name))
}

describe.runIf(own)('compiled code', () => {
  test('is kept for the next run, for this user alone', async () => {
    const home = temporaryFolder()
    const first = await run(home, 'rules')
    const [file = ''] = codeIn(home)
    expect(codeIn(home)).toEqual([expect.stringMatching(/-rules\.code$/)])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const written = statSync(file).mtimeMs
    const second = await run(home, 'rules')
    expect([second.code, second.stdout, second.stderr]).toEqual([0, first.stdout, ''])
    expect(statSync(file).mtimeMs).toBe(written)
  })

  const spoilt: [what: string, change: (file: string) => void][] = [
    ['cut short', file => writeFileSync(file, readFileSync(file).subarray(0, 5_000))],
    ['empty', file => writeFileSync(file, '')],
    ['changed in the middle', file => writeFileSync(file, readFileSync(file).fill(0x5a, 100_000, 101_000))],
    ['something else', file => writeFileSync(file, Buffer.alloc(1 << 20, 'x'))],
  ]
  for (const [what, change] of spoilt) {
    test(`that is ${what} is compiled again`, async () => {
      const home = temporaryFolder()
      const first = await run(home, 'rules')
      const [file = ''] = codeIn(home)
      const good = statSync(file).size
      change(file)
      const second = await run(home, 'rules')
      expect([second.code, second.stdout, second.stderr]).toEqual([0, first.stdout, ''])
      expect(statSync(file).size).toBeGreaterThan(good / 2)
    })
  }

  test('that others can write is not run', async () => {
    const home = temporaryFolder()
    await run(home, 'rules')
    const [file = ''] = codeIn(home)
    chmodSync(file, 0o666)
    const {code, stderr} = await run(home, 'rules')
    expect([code, stderr]).toEqual([0, ''])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('is not missed where no folder can be made', async () => {
    const {code, stderr} = await run('/dev/null/cache', 'rules')
    expect([code, stderr]).toEqual([0, ''])
  })

  test('of another build goes when this one keeps its own, and all of it with the cache', async () => {
    const home = temporaryFolder()
    const folder = join(home, 'piton/code')
    mkdirSync(folder, {recursive: true})
    for (const name of ['0123456789abcdef-v20.1.0-x64-scan.code', 'mine.txt']) writeFileSync(join(folder, name), 'x')
    await run(home, 'rules')
    expect(readdirSync(folder).sort()).toEqual([expect.stringMatching(/-rules\.code$/), 'mine.txt'])
    await piton(['cache', 'clean'], {env: {XDG_CACHE_HOME: home}})
    expect(readdirSync(folder)).toEqual(['mine.txt'])
  })

  test('is not kept where Node is told to keep none', async () => {
    const home = temporaryFolder()
    await piton(['rules'], {env: {XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: '1'}})
    expect(readdirSync(home)).toEqual([])
  })
})
