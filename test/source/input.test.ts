import {readdirSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {afterEach, describe, expect, test} from 'vitest'
import {PitonError} from '../../src/model/errors.js'
import type {Image} from '../../src/model/image.js'
import {limits} from '../../src/model/limits.js'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {openSource, type SourceOptions, type StandardInput} from '../../src/source/index.js'
import {elfOf} from '../support/elf.js'
import {temporaryFolder} from '../support/files.js'
import {dockerArchive, ociArchive} from '../support/images.js'
import {treeOf} from '../support/layers.js'
import {file, tarOf} from '../support/tar.js'
import {rawFrame} from '../support/zstd.js'

const layer = tarOf([file('which', 'small'), file('other', Buffer.alloc(5000, 'x'))])
const image = {layers: [layer, tarOf([file('which', 'large')])], tags: ['app:1.0']}

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 10,
  read: body => Buffer.from(body.read(0, 5)).toString('latin1'),
}

type Options = Pick<SourceOptions, 'receiveLimits' | 'spoolBytes'>

/** A pipe that gives these bytes in pieces. */
function pipe(bytes: Uint8Array, pieceBytes = 65_536): StandardInput {
  return {
    isTerminal: false,
    file: null,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
    },
  }
}

async function opened<T>(
  target: string,
  input: StandardInput | undefined,
  options: Options,
  use: (image: Image) => T | Promise<T>,
) {
  const image = await openSource(target, {platform: null, verify: false, input, ...options})
  try {
    return await use(image)
  } finally {
    image.close()
  }
}

function tree(input: StandardInput | undefined, options: Options = {}, target = '-'): Promise<string[]> {
  return opened(target, input, options, async image => treeOf(await mergeLayers(image, [content], () => {}), content))
}

function refusal(input: StandardInput | undefined, options: Options = {}, target = '-'): Promise<PitonError> {
  return tree(input, options, target).then(
    said => Promise.reject(new Error(`was read: ${said}`)),
    error => {
      if (error instanceof PitonError) return error
      throw error
    },
  )
}

/** As an empty temporary folder sees it. */
const realFolder = process.env['TMPDIR']
afterEach(() => {
  if (realFolder === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = realFolder
})
function watchedFolder(): string {
  const folder = temporaryFolder()
  process.env['TMPDIR'] = folder
  return folder
}

describe('what comes through a pipe is told by its content', () => {
  const merged = ['other = xxxxx', 'which = large']
  const first = ['other = xxxxx', 'which = small']
  const cases: [name: string, bytes: Uint8Array, target: string, reference: string, tree: string[]][] = [
    ['what docker save writes', dockerArchive(image), '-', 'docker-archive:-', merged],
    ['the same, gzipped', gzipSync(dockerArchive(image)), '-', 'docker-archive:-', merged],
    ['an OCI archive', ociArchive({...image, compress: tar => gzipSync(tar)}), '-', 'oci-archive:-', merged],
    ['a root file system', layer, '-', 'rootfs:-', first],
    ['the same, with zstd', rawFrame(layer.toString('latin1')), '-', 'rootfs:-', first],
    ['an ELF file', elfOf({}).bytes, '-', 'elf:-', ['stdin = \u007fELF\u0002']],
    ['with a scheme', dockerArchive(image), 'docker-archive:-', 'docker-archive:-', merged],
    [
      'with a tag',
      dockerArchive(image, {layers: [layer], tags: ['b']}),
      'docker-archive:-:b',
      'docker-archive:-:b',
      first,
    ],
    [
      'an image as a tree',
      dockerArchive({layers: [], tags: ['x']}).subarray(-2048),
      'rootfs:-',
      'rootfs:-',
      ['manifest.json = [{"Co'],
    ],
  ]
  for (const [name, bytes, target, reference, expected] of cases) {
    test(name, async () => {
      expect(await opened(target, pipe(bytes), {}, image => image.reference)).toBe(reference)
      expect(await tree(pipe(bytes), {}, target)).toEqual(expected)
    })
  }
})

describe('it is kept, and nothing of it remains', () => {
  const archives: [name: string, bytes: Uint8Array][] = [
    ['plain', dockerArchive(image)],
    ['gzip', gzipSync(dockerArchive(image))],
  ]
  const kept: [name: string, options: Options][] = [
    ['in memory', {}],
    ['in a file', {receiveLimits: {receivedMemoryBytes: 0, receivedPackedBytes: 0}}],
    ['in a file, inflated twice', {receiveLimits: {receivedPackedBytes: 0}, spoolBytes: 0}],
  ]
  for (const [name, bytes] of archives) {
    for (const [where, options] of kept) {
      for (const pieceBytes of [1, 700, 65_536, 10_000_000]) {
        test(`${name}, ${where}, in pieces of ${pieceBytes}`, async () => {
          const folder = watchedFolder()
          const said = await opened('-', pipe(bytes, pieceBytes), options, async image => {
            expect(readdirSync(folder)).toEqual([])
            return treeOf(await mergeLayers(image, [content], () => {}), content)
          })
          expect(said).toEqual(['other = xxxxx', 'which = large'])
          expect(readdirSync(folder)).toEqual([])
        })
      }
    }
  }

  test('begun in memory, ended in a file', async () => {
    const large = tarOf([file('first', Buffer.alloc(3_000_000, 'a')), file('last', Buffer.alloc(3_000_000, 'z'))])
    const options = {receiveLimits: {receivedMemoryBytes: 2_500_000}}
    expect(await tree(pipe(large), options)).toEqual(['first = aaaaa', 'last = zzzzz'])
  })
})

describe('what is refused', () => {
  const archive = dockerArchive(image)
  const inFile = {receivedMemoryBytes: 0}
  const cases: [name: string, input: StandardInput | undefined, options: Options, code: string, message: RegExp][] = [
    ['nothing at all', undefined, {}, 'USAGE_TARGET', /no standard input/],
    ['a terminal', {...pipe(archive), isTerminal: true}, {}, 'USAGE_TARGET', /is the terminal/],
    ['an empty pipe', pipe(Buffer.alloc(0)), {}, 'SOURCE_UNKNOWN', /standard input is empty/],
    ['text', pipe(Buffer.from('hello')), {}, 'SOURCE_UNKNOWN', /standard input is not a tar archive/],
    ['a cut archive', pipe(archive.subarray(0, 3000)), {}, 'ARCHIVE_TRUNCATED', /standard input ends inside/],
    ['too much', pipe(archive), {receiveLimits: {receivedBytes: 2000}}, 'SOURCE_LIMIT', /more than 2000 bytes/],
    [
      'a full disk',
      pipe(archive),
      {receiveLimits: {...inFile, diskReserveBytes: 2 ** 60}},
      'SOURCE_UNWRITABLE',
      /nearly full/,
    ],
    [
      'two images',
      pipe(dockerArchive(image, {layers: [layer], tags: ['b:1']})),
      {},
      'USAGE_TARGET',
      /2 images: say which/,
    ],
  ]
  for (const [name, input, options, code, message] of cases) {
    test(name, async () =>
      expect(await refusal(input, options)).toMatchObject({code, message: expect.stringMatching(message)}),
    )
  }

  test('a temporary folder that is not there', async () => {
    process.env['TMPDIR'] = '/nonexistent'
    const error = await refusal(pipe(archive), {receiveLimits: inFile})
    expect(error).toMatchObject({code: 'SOURCE_UNWRITABLE', message: expect.stringMatching(/ENOENT/)})
  })

  for (const target of ['docker:-', 'oci:-', 'registry:-']) {
    test(target, async () => {
      expect(await refusal(pipe(archive), {}, target)).toMatchObject({code: 'USAGE_TARGET'})
    })
  }
})

describe('a pipe without an end', () => {
  /** Counts what is asked of it. */
  function endless(head: Uint8Array, fill: number) {
    const seen = {bytes: 0}
    const input: StandardInput = {
      isTerminal: false,
      file: null,
      async *chunks() {
        yield head
        for (const chunk = new Uint8Array(65_536).fill(fill); ; seen.bytes += chunk.length) yield chunk
      },
    }
    return {input, seen}
  }

  test('what nobody can read is not waited for', async () => {
    const {input, seen} = endless(Buffer.from('hello'), 0x61)
    expect(await refusal(input)).toMatchObject({code: 'SOURCE_UNKNOWN'})
    expect(seen.bytes).toBeLessThan(200_000)
  })

  test('nor what is malformed', async () => {
    const {input, seen} = endless(tarOf([file('a', 'b')]).subarray(0, 1024), 0x61)
    expect(await refusal(input)).toMatchObject({code: 'ARCHIVE_BAD_HEADER'})
    expect(seen.bytes).toBeLessThan(200_000)
  })

  test('nor what follows the end of an archive, but for a while', async () => {
    const {input, seen} = endless(dockerArchive(image), 0)
    expect(await tree(input, {receiveLimits: {receivedBytes: 1_000_000}})).toEqual(['other = xxxxx', 'which = large'])
    expect(seen.bytes).toBeLessThan(limits.tarPaddingBytes + 200_000)
  })
})

test('the layers of what is kept can be read again', async () => {
  await opened('-', pipe(dockerArchive(image)), {receiveLimits: {receivedMemoryBytes: 0}}, async image => {
    const once = treeOf(await mergeLayers(image, [content], () => {}), content)
    expect(treeOf(await mergeLayers(image, [content], () => {}), content)).toEqual(once)
  })
})
