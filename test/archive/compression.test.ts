import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {decompress, sniffCompression} from '../../src/archive/compression.js'
import {ArchiveError} from '../../src/model/errors.js'
import {rawFrame, skippableFrame, zstdBlock, zstdHeader} from '../support/zstd.js'

const base64 = (text: string): Buffer => Buffer.from(text, 'base64')

/** Written by XZ Utils 5.4 and zstd 1.5: `printf 'hello, xz\n' | xz`, … */
const written = {
  xz: base64('/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAJaGVsbG8sIHh6CgAAAOsStov8cd8oAAEiChUa4WcftvN9AQAAAAAEWVo='),
  xzSha256: base64(
    '/Td6WFoAAArh+wyhAgAhARYAAAB0L+WjAQAJaGVsbG8sIHh6CgAAAPlJGXoZaTzimYLRKtuSQ8njypcxuSHgWrMZ+5GONOtsAAE6CkyC+uUYm0uaAQAAAAAKWVo=',
  ),
  xzBranchFilter: base64(
    '/Td6WFoAAATm1rRGAgEEACEBAADaM60DAQAJaGVsbG8sIHh6CgAAAOsStov8cd8oAAEiChUa4WcftvN9AQAAAAAEWVo=',
  ),
  zstd: base64('KLUv/QRYYQAAaGVsbG8sIHpzdGQKhFhcoA=='),
}
const gzip = gzipSync('hello, gzip\n')

/** The stream in chunks of `step` bytes. */
async function* chunks(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

async function inflated(bytes: Uint8Array, step = bytes.length): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of decompress(chunks(bytes, step), 'test.tar')) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts).toString('latin1')
}

const readable: [name: string, bytes: Buffer, content: string][] = [
  ['nothing', Buffer.alloc(0), ''],
  ['plain', Buffer.from('plain text'), 'plain text'],
  ['gzip', gzip, 'hello, gzip\n'],
  ['two gzip members', Buffer.concat([gzip, gzip]), 'hello, gzip\nhello, gzip\n'],
  ['xz', written.xz, 'hello, xz\n'],
  ['two xz streams', Buffer.concat([written.xz, written.xz]), 'hello, xz\nhello, xz\n'],
  ['xz with stream padding', Buffer.concat([written.xz, Buffer.alloc(8)]), 'hello, xz\n'],
  ['zstd', written.zstd, 'hello, zstd\n'],
  ['two zstd frames', Buffer.concat([written.zstd, written.zstd]), 'hello, zstd\nhello, zstd\n'],
  [
    'zstd with skippable frames before, between and after',
    Buffer.concat([skippableFrame(5), written.zstd, skippableFrame(0), written.zstd, skippableFrame(70_000)]),
    'hello, zstd\nhello, zstd\n',
  ],
  ['zstd of one raw block', rawFrame('raw'), 'raw'],
  ['zstd of runs', Buffer.concat([zstdHeader(10), zstdBlock('run', 'a', 3), zstdBlock('run', 'b', 2, true)]), 'aaabb'],
]

for (const [name, bytes, content] of readable) {
  for (const step of [bytes.length || 1, 7, 1]) {
    test(`inflates ${name} in chunks of ${step}`, async () => {
      expect(await inflated(bytes, step)).toBe(content)
    })
  }
}

const refused: [name: string, bytes: Buffer, code: ArchiveError['code'], message: RegExp][] = [
  ['gzip that is cut', gzip.subarray(0, -4), 'ARCHIVE_BAD_COMPRESSION', /the gzip stream is damaged/],
  ['gzip with a wrong check', flipped(gzip, gzip.length - 6), 'ARCHIVE_BAD_COMPRESSION', /the gzip stream is damaged/],
  ['xz that is cut', written.xz.subarray(0, -20), 'ARCHIVE_BAD_COMPRESSION', /the xz stream is damaged/],
  ['xz with a flipped bit', flipped(written.xz, 30), 'ARCHIVE_BAD_COMPRESSION', /the xz stream is damaged/],
  [
    'xz with a SHA-256 check',
    written.xzSha256,
    'ARCHIVE_UNKNOWN_COMPRESSION',
    /a filter or a check that piton does not/,
  ],
  ['xz with a branch filter', written.xzBranchFilter, 'ARCHIVE_UNKNOWN_COMPRESSION', /a filter or a check/],
  ['zstd that is cut', written.zstd.subarray(0, -6), 'ARCHIVE_BAD_COMPRESSION', /zstd stream is damaged/],
  ['a skippable frame that is cut', skippableFrame(9).subarray(0, -1), 'ARCHIVE_BAD_COMPRESSION', /zstd/],
  ['text after a zstd frame', Buffer.concat([written.zstd, Buffer.from('text')]), 'ARCHIVE_BAD_COMPRESSION', /zstd/],
  [
    'a zstd window of 2 GiB',
    Buffer.concat([zstdHeader(31), zstdBlock('raw', 'x', 1, true)]),
    'ARCHIVE_LIMIT',
    /window/,
  ],
  ['bzip2', Buffer.from('BZh91AY&SY'), 'ARCHIVE_UNKNOWN_COMPRESSION', /compressed with bzip2/],
  ['lz4', Buffer.from('\x04\x22\x4d\x18......', 'latin1'), 'ARCHIVE_UNKNOWN_COMPRESSION', /compressed with lz4/],
]

for (const [name, bytes, code, message] of refused) {
  for (const step of [bytes.length, 5]) {
    test(`refuses ${name}, and names the file, in chunks of ${step}`, async () => {
      const error = await inflated(bytes, step).catch(thrown => thrown)
      expect(error).toBeInstanceOf(ArchiveError)
      expect(error.code).toBe(code)
      expect(error.message).toMatch(message)
      expect(error.message).toContain('test.tar')
    })
  }
}

test('a zstd bomb is given out block by block, not held in memory', async () => {
  // 200 kB that inflate to 6.5 GB; every chunk that comes out must be small, and the bomb is refused at its limit.
  const runs = Array.from({length: 50_000}, (_, index) => zstdBlock('run', '\0', 128 * 1024, index === 49_999))
  let given = 0
  let largest = 0
  const error = await (async () => {
    for await (const chunk of decompress(chunks(Buffer.concat([zstdHeader(17), ...runs]), 256 * 1024), 'bomb.tar')) {
      given += chunk.length
      largest = Math.max(largest, chunk.length)
    }
  })().catch(thrown => thrown)
  expect(error).toMatchObject({code: 'ARCHIVE_LIMIT'})
  expect(largest).toBeLessThanOrEqual(1024 * 1024)
  expect(given).toBeLessThan(2 ** 30 + largest)
})

test.skipIf('createZstdDecompress' in (await import('node:zlib')))(
  'tiny zstd blocks in a large window are refused in seconds',
  async () => {
    const runs = Array.from({length: 100_000}, (_, index) => zstdBlock('run', 'x', 1, index === 99_999))
    const error = await inflated(Buffer.concat([zstdHeader(27), ...runs])).catch(thrown => thrown)
    expect(error).toMatchObject({code: 'ARCHIVE_LIMIT'})
  },
)

test('a compression is told by content', () => {
  expect([gzip, written.xz, written.zstd, skippableFrame(1), Buffer.from('x')].map(sniffCompression)).toEqual([
    'gzip',
    'xz',
    'zstd',
    'zstd',
    'none',
  ])
})

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0x10
  return copy
}
