import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {CacheFolder, type CacheOptions} from '../../src/cache/folder.js'
import {cacheStatus, cleanCache} from '../../src/cache/trim.js'
import {type Codec, plainCodec} from '../../src/model/stored.js'
import {temporaryFolder} from '../support/files.js'

const text = plainCodec<string>()

/** A folder that is not there yet, as in somebody's home before the first scan. */
function open(options: Partial<CacheOptions> = {}, path = join(temporaryFolder(), 'piton', 'layers')) {
  const said: string[] = []
  const cache = new CacheFolder(path, {prefix: 'build', debug: line => said.push(line), ...options})
  return {cache, path, said}
}

function onlyFile(path: string): string {
  const [name = '', ...more] = readdirSync(path)
  expect(more).toEqual([])
  return join(path, name)
}

describe('what is kept', () => {
  test('is recalled under its key, and under no other', () => {
    const {cache, path, said} = open()
    expect(cache.recall('a', text)).toBeNull()
    cache.keep('a', 'of a', text)
    cache.keep('b', 'of b', text)
    expect([cache.recall('a', text), cache.recall('b', text), cache.recall('c', text)]).toEqual(['of a', 'of b', null])
    expect(open({}, path).cache.recall('a', text)).toBe('of a')
    expect(open({prefix: 'another build'}, path).cache.recall('a', text)).toBeNull()
    expect(said).toEqual([])
  })

  test('is replaced', () => {
    const {cache, path} = open()
    cache.keep('a', 'old', text)
    cache.keep('a', 'new', text)
    expect(cache.recall('a', text)).toBe('new')
    expect(cacheStatus(path).entries).toBe(1)
  })

  test('can have any number of bytes beside its JSON', () => {
    const codec: Codec<readonly Uint8Array[]> = {
      pack: (value, put) => value.map(put),
      unpack: (packed, get) => (packed as [number, number][]).map(get),
    }
    const {cache} = open()
    const pieces = Array.from({length: 3000}, (_, index) => Buffer.from(`piece ${index}`.repeat(index % 5)))
    cache.keep('pieces', pieces, codec)
    expect(cache.recall('pieces', codec)?.map(piece => Buffer.from(piece).toString())).toEqual(pieces.map(String))
  })

  test('is for this user alone', async () => {
    const {cache, path} = open()
    cache.keep('a', 'of a', text)
    const {statSync} = await import('node:fs')
    expect([statSync(path).mode & 0o777, statSync(onlyFile(path)).mode & 0o777]).toEqual([0o700, 0o600])
  })
})

describe('a file that is damaged is no entry, and goes', () => {
  const {cache: writer, path: original} = open()
  writer.keep('key', 'a value of some length', text)
  const whole = readFileSync(onlyFile(original))
  const damages: [name: string, bytes: Buffer][] = [
    ['empty', Buffer.alloc(0)],
    ['with more at its end', Buffer.concat([whole, Buffer.from('x')])],
    ['all zeros', Buffer.alloc(whole.length)],
    ['of something else', Buffer.from('{"entries": []}')],
    ...Array.from({length: whole.length}, (_, at): [string, Buffer] => {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x20
      return [`with byte ${at} changed`, bytes]
    }),
    ...Array.from({length: whole.length}, (_, end): [string, Buffer] => [`cut at ${end}`, whole.subarray(0, end)]),
  ]
  test('in any of these ways', () => {
    for (const [name, bytes] of damages) {
      writeFileSync(onlyFile(original), bytes)
      expect([name, writer.recall('key', text)]).toEqual([name, null])
      expect([name, readdirSync(original)]).toEqual([name, []])
      writer.keep('key', 'a value of some length', text)
    }
    expect(writer.recall('key', text)).toBe('a value of some length')
  })

  test('and so is one whose value is not what it should be', () => {
    const {cache} = open()
    const places: Codec<Uint8Array> = {pack: () => [10, 10], unpack: (place, get) => get(place as [number, number])}
    cache.keep('a', new Uint8Array(), places)
    expect(cache.recall('a', places)).toBeNull()
  })
})

describe('a folder that cannot be used is not used, and nobody is bothered', () => {
  const folders: [name: string, path: () => string, said: RegExp][] = [
    ['below a file', () => '/dev/null/piton', /cannot make the cache folder/],
    ['a file', () => fileAt(join(temporaryFolder(), 'layers')), /it is no folder/],
    ['others may write to it', () => modeOf(temporaryFolder(), 0o777), /others may write to it/],
    ['a group may write to it', () => modeOf(temporaryFolder(), 0o770), /others may write to it/],
  ]
  for (const [name, path, reason] of folders) {
    test(name, () => {
      const {cache, said} = open({}, path())
      cache.keep('a', 'of a', text)
      expect(cache.recall('a', text)).toBeNull()
      cache.close()
      expect(said.join('\n')).toMatch(reason)
    })
  }

  test('an entry that is a link is not followed', () => {
    const {cache, path} = open()
    cache.keep('a', 'of a', text)
    const file = onlyFile(path)
    const elsewhere = fileAt(join(temporaryFolder(), 'elsewhere'), readFileSync(file))
    rmSync(file)
    symlinkSync(elsewhere, file)
    expect(cache.recall('a', text)).toBeNull()
  })
})

describe('the folder stays small', () => {
  const limits = {totalBytes: 10_000, entryBytes: 5_000, entries: 100, unusedMs: 86_400_000, abandonedMs: 3_600_000}
  const aged = (path: string, hours: number) => {
    const then = Date.now() / 1000 - hours * 3600
    utimesSync(path, then, then)
  }

  test('what is too large is not kept', () => {
    const {cache, path, said} = open({limits})
    cache.keep('a', 'x'.repeat(5_000), text)
    expect([cacheStatus(path).entries, said.length]).toEqual([0, 1])
  })

  test('what was used least goes first', () => {
    const {cache, path} = open({limits})
    for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) {
      const before = new Set(index === 0 ? [] : readdirSync(path))
      cache.keep(key, 'x'.repeat(2_800), text)
      for (const name of readdirSync(path)) if (!before.has(name)) aged(join(path, name), 10 - index)
    }
    // Used again, the oldest is the newest.
    expect(cache.recall('a', text)).not.toBeNull()
    cache.close()
    expect(['a', 'b', 'c', 'd'].filter(key => cache.recall(key, text) !== null)).toEqual(['a', 'd'])
  })

  test('so many entries, and none that nobody used for long', () => {
    const {cache, path} = open({limits: {...limits, entries: 5}})
    for (let index = 0; index < 12; index++) cache.keep(`key ${index}`, 'x', text)
    cache.close()
    expect(cacheStatus(path).entries).toBe(4)
    for (const name of readdirSync(path)) aged(join(path, name), 25)
    cache.keep('new', 'x', text)
    cache.close()
    expect(cacheStatus(path).entries).toBe(1)
  })

  test('what a run left that died is taken away in time; what is not ours stays', () => {
    const {cache, path} = open({limits})
    cache.keep('a', 'x', text)
    const left = fileAt(join(path, `.${'0'.repeat(16)}.piton.1234.abcdef`))
    const young = fileAt(join(path, `.${'1'.repeat(16)}.piton.1234.abcdef`))
    const foreign = fileAt(join(path, 'notes.txt'))
    for (const file of [left, foreign]) aged(file, 2)
    cache.keep('b', 'x', text)
    cache.close()
    expect(readdirSync(path).sort()).toEqual(expect.arrayContaining(['notes.txt', young.slice(path.length + 1)]))
    expect(readdirSync(path)).toHaveLength(4)
    expect(cleanCache(path)).toMatchObject({entries: 2})
    expect(readdirSync(path)).toEqual(['notes.txt'])
  })

  test('a cache that was never made is empty', () => {
    expect(cacheStatus('/dev/null/piton')).toEqual({entries: 0, sizeBytes: 0})
    expect(cleanCache('/dev/null/piton')).toEqual({entries: 0, sizeBytes: 0})
  })
})

function fileAt(path: string, bytes: string | Buffer = ''): string {
  writeFileSync(path, bytes)
  return path
}

function modeOf(path: string, mode: number): string {
  mkdirSync(path, {recursive: true})
  chmodSync(path, mode)
  return path
}
