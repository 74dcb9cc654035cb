import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {FileSource} from '../../src/source/file.js'

const folder = mkdtempSync(join(tmpdir(), 'piton-file-'))
const path = join(folder, 'bytes')
const content = Uint8Array.from({length: 100_000}, (_, index) => (index * 7 + (index >> 8)) & 0xff)
writeFileSync(path, content)
afterAll(() => rmSync(folder, {recursive: true}))

/** A read that is long enough to be remembered. */
const windowBytes = 32 * 1024

const cases: [name: string, offset: number, length: number][] = [
  ['at the beginning of what was read last', 4096, 16],
  ['inside it', 5000, 300],
  ['a large part of it', 4096, 20_000],
  ['all of it', 4096, windowBytes],
  ['up to its end', 4096 + windowBytes - 8, 8],
  ['over its end', 4096 + windowBytes - 8, 9],
  ['over its beginning', 4095, 16],
  ['behind it', 80_000, 512],
  ['over the end of the file', 99_999, 16],
  ['outside the file', 100_000, 16],
  ['before the file', -1, 16],
  ['nothing', 5000, 0],
]

describe('a file gives the same bytes whatever was read before', () => {
  for (const [name, offset, length] of cases) {
    test(name, () => {
      const source = new FileSource(path)
      source.read(4096, windowBytes)
      const expected = offset < 0 ? new Uint8Array(0) : content.subarray(offset, offset + length)
      expect(Uint8Array.from(source.read(offset, length))).toEqual(expected)
      source.close()
    })
  }

  test('what is kept of a small part does not hold what was read with it', () => {
    const source = new FileSource(path)
    source.read(0, windowBytes)
    expect(source.read(100, 2000).buffer.byteLength).toBeLessThan(windowBytes)
    source.close()
  })
})
