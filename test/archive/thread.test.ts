import {createHash, randomBytes} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {UnpackThread} from '../../src/archive/thread/client.js'
import {checkStored, unpackHere} from '../../src/archive/unpack.js'
import {letGo} from '../../src/bytes/let-go.js'
import {chunksOf, sliceSource} from '../../src/bytes/source.js'
import type {Digest} from '../../src/model/digest.js'
import {ArchiveError, ImageError} from '../../src/model/errors.js'
import {FileSource} from '../../src/source/file.js'
import {temporaryFolder} from '../support/piton.js'
import {rawFrame, zstdHeader} from '../support/zstd.js'

const thread = UnpackThread.shared(fileURLToPath(new URL('../../dist/unpack.cjs', import.meta.url)))
if (thread === null) throw new Error('there is no thread to test')

/** Some text that deflates, and some that does not. */
const content = Buffer.concat([Buffer.alloc(3_000_000, 'musl and BusyBox '), randomBytes(1_500_000)])
const packed = gzipSync(content)

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest

function fileOf(bytes: Uint8Array): FileSource {
  const path = join(temporaryFolder(), 'blob')
  writeFileSync(path, bytes)
  return new FileSource(path)
}

async function* pieces(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

/** All of it. A chunk is valid only until the next one. */
async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}

const forms: [name: string, bytes: Buffer, content: Buffer][] = [
  ['nothing', Buffer.alloc(0), Buffer.alloc(0)],
  ['what is not compressed', content, content],
  ['gzip', packed, content],
  ['two gzip members', Buffer.concat([packed, gzipSync('more')]), Buffer.concat([content, Buffer.from('more')])],
  ['zstd', rawFrame('raw'), Buffer.from('raw')],
]

for (const [name, bytes, expected] of forms) {
  test(`unpacks ${name} from a file, and from pieces`, async () => {
    const packedAs = {where: 'test.tar', digest: sha256(bytes), contentDigest: sha256(expected)}
    const file = fileOf(bytes)
    expect((await all(thread.unpack(file, packedAs))).equals(expected)).toBe(true)
    expect((await all(thread.unpack(pieces(bytes, 65_537), packedAs))).equals(expected)).toBe(true)
    expect((await all(unpackHere(chunksOf(file), packedAs))).equals(expected)).toBe(true)
    file.close()
  })
}

test('unpacks a part of a file, and says how much of it was read', async () => {
  const file = fileOf(Buffer.concat([Buffer.alloc(1000, 'x'), packed, Buffer.alloc(1000, 'y')]))
  const read: number[] = []
  const options = {where: 'test.tar', onRead: (doneBytes: number) => read.push(doneBytes)}
  const unpacked = await all(thread.unpack(sliceSource(file, 1000, packed.length), options))
  expect(unpacked.equals(content)).toBe(true)
  expect(read.at(-1)).toBe(packed.length)
  expect(read.every((bytes, at) => bytes >= (read[at - 1] ?? 0))).toBe(true)
  file.close()
})

const other = sha256(Buffer.from('something else'))
const wrong: [name: string, bytes: Buffer, digests: object, code: string][] = [
  ['a digest that is another', packed, {digest: other}, 'IMAGE_DIGEST_MISMATCH'],
  ['a content digest that is another', packed, {contentDigest: other}, 'IMAGE_DIGEST_MISMATCH'],
  ['a stream that is cut', packed.subarray(0, -9), {}, 'ARCHIVE_BAD_COMPRESSION'],
  [
    'a stream that is damaged, and known by its digest',
    packed.subarray(0, -9),
    {digest: other},
    'IMAGE_DIGEST_MISMATCH',
  ],
  ['bzip2', Buffer.from('BZh9 and so on'), {}, 'ARCHIVE_UNKNOWN_COMPRESSION'],
]

for (const [name, bytes, digests, code] of wrong) {
  test(`refuses ${name} as on this thread`, async () => {
    const options = {where: 'layer 1 of test.tar', ...digests}
    const file = fileOf(bytes)
    const here = await all(unpackHere(chunksOf(file), options)).catch(error => error)
    for (const stored of [file, pieces(bytes, 4096)]) {
      const error = await all(thread.unpack(stored, options)).catch(reason => reason)
      expect(error).toBeInstanceOf(code.startsWith('IMAGE') ? ImageError : ArchiveError)
      expect(error).toMatchObject({code, message: here.message, hint: here.hint, name: here.name})
    }
    file.close()
  })
}

test('many streams at once each give what they hold', async () => {
  const streams = Array.from({length: 12}, (_, at) => Buffer.alloc(2_000_000 + at, `stream ${at} `))
  const files = streams.map(stream => fileOf(gzipSync(stream)))
  const unpacked = await Promise.all(files.map(file => all(thread.unpack(file, {where: 'test.tar'}))))
  expect(unpacked.map((bytes, at) => bytes.equals(streams[at] as Buffer))).toEqual(streams.map(() => true))
  for (const file of files) file.close()
})

test('one that nobody reads on holds up nobody, and its input is let go', async () => {
  let isClosed = false
  const endless = async function* () {
    try {
      for (;;) yield Buffer.alloc(65_536, 'endless ')
    } finally {
      isClosed = true
    }
  }
  for await (const _ of thread.unpack(endless(), {where: 'test.tar'})) break
  const waiting = thread.unpack(pieces(packed, 10_000), {where: 'waiting'})
  await waiting.next()
  expect((await all(thread.unpack(pieces(packed, 10_000), {where: 'test.tar'}))).equals(content)).toBe(true)
  await waiting.return(undefined)
  expect(isClosed).toBe(true)
})

test('a damaged zstd stream does not end the thread under others', {timeout: 20_000}, async () => {
  const damaged = Buffer.concat([zstdHeader(10), Buffer.from([0x1d, 0, 0, 0xff, 0xff, 0xff])])
  await expect(all(thread.unpack(pieces(damaged, 100), {where: 'damaged'}))).rejects.toMatchObject({
    code: 'ARCHIVE_BAD_COMPRESSION',
  })
  const slow = async function* () {
    yield packed.subarray(0, 100_000)
    await new Promise(resolve => setTimeout(resolve, 7_000))
    yield packed.subarray(100_000)
  }
  expect((await all(thread.unpack(slow(), {where: 'slow'}))).equals(content)).toBe(true)
})

test('an error of the input is thrown as it is', async () => {
  const failure = new Error('the registry is gone')
  const failing = async function* () {
    yield packed.subarray(0, 100_000)
    throw failure
  }
  await expect(all(thread.unpack(failing(), {where: 'test.tar'}))).rejects.toBe(failure)
})

test('compares a file with its digest', async () => {
  const file = fileOf(packed)
  await checkStored(file, sha256(packed), 'test.tar')
  await thread.check(file.span, {where: 'test.tar', digest: sha256(packed)})
  await expect(thread.check(file.span, {where: 'test.tar', digest: other})).rejects.toMatchObject({
    code: 'IMAGE_DIGEST_MISMATCH',
  })
  file.close()
})

test('gives the same whatever the pieces', async () => {
  const sizes = fc.array(fc.integer({min: 1, max: 200_000}), {minLength: 1, maxLength: 40})
  await fc.assert(
    fc.asyncProperty(sizes, async steps => {
      const cut = async function* () {
        for (let at = 0, turn = 0; at < packed.length; turn++) {
          const step = steps[turn % steps.length] as number
          yield packed.subarray(at, at + step)
          at += step
        }
      }
      return (await all(thread.unpack(cut(), {where: 'test.tar'}))).equals(content)
    }),
    {numRuns: 20},
  )
})

test('memory that is let go is gone', () => {
  const bytes = new Uint8Array(1_000_000)
  letGo(bytes)
  expect(bytes.length).toBe(0)
})
