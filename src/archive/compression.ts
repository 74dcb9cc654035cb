import type {Transform} from 'node:stream'
import {setImmediate} from 'node:timers/promises'
import zlib from 'node:zlib'
import {letGo} from '../bytes/let-go.js'
import {copyBytes} from '../model/bytes.js'
import {exportsOf} from '../model/commonjs.js'
import {ArchiveError, PitonError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import type {Pulse} from './zstd.js'

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4'

/** Bytes that {@link sniffCompression} needs to see. */
export const sniffBytes = 6

/** Output buffers of node:zlib: its default of 16 KiB costs a third of the speed. */
const chunkSize = 256 * 1024

const skippableFrame = /^[\x50-\x5f]\x2a\x4d\x18$/

/** Tells a compressed stream by its first bytes; names and media types lie. */
export function sniffCompression(head: Uint8Array): Compression {
  const magic = Buffer.from(head.subarray(0, sniffBytes)).toString('latin1')
  if (magic.startsWith('\x1f\x8b')) return 'gzip'
  if (magic.startsWith('\x28\xb5\x2f\xfd') || skippableFrame.test(magic.slice(0, 4))) return 'zstd'
  if (magic.startsWith('\xfd7zXZ\0')) return 'xz'
  if (magic.startsWith('BZh')) return 'bzip2'
  if (magic.startsWith('\x04\x22\x4d\x18')) return 'lz4'
  return 'none'
}

type Chunks = AsyncIterable<Uint8Array>

export interface DecompressOptions {
  /** Told when a decoder begins, and ends, what could take it for ever. */
  readonly pulse?: Pulse | undefined
  /** Is a chunk done with when the next is asked for? Its memory is used again then. Of the input that is always so. */
  readonly passing?: boolean
}

/**
 * The uncompressed bytes of a stream, whatever it is compressed with; the input is read to its end, so that what checks
 * its digest sees all of it.
 * @param where names the stream in errors: `layer 3 of app.tar`
 * @throws {ArchiveError} ARCHIVE_BAD_COMPRESSION, ARCHIVE_UNKNOWN_COMPRESSION, or ARCHIVE_LIMIT for a bomb
 */
export async function* decompress(
  input: Chunks,
  where: string,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array> {
  const source = input[Symbol.asyncIterator]()
  const first = await headOf(source)
  const compression = sniffCompression(first)
  const whole = resume(first, source)
  try {
    if (compression === 'none') yield* inTurns(whole)
    else yield* inTurns(bounded(whole, counted => inflate(counted, compression, where, options), where))
    for (let rest = await source.next(); rest.done !== true; rest = await source.next());
  } catch (error) {
    if (error instanceof PitonError) throw error
    // What checks the digest of the input knows better what is wrong: it is heard first.
    for (let rest = await source.next(); rest.done !== true; rest = await source.next());
    const text = `${where}: the ${compression} stream is damaged (${error instanceof Error ? error.message : String(error)})`
    throw new ArchiveError('ARCHIVE_BAD_COMPRESSION', text, {hint: 'Save, download or pull it again.', cause: error})
  } finally {
    await source.return?.()
  }
}

async function* inflate(
  input: Chunks,
  compression: Exclude<Compression, 'none'>,
  where: string,
  {pulse, passing = false}: DecompressOptions,
): Chunks {
  switch (compression) {
    case 'gzip':
      yield* through(input, zlib.createGunzip({chunkSize}), passing)
      return
    case 'zstd':
      yield* (await import('./zstd.js')).unzstd(input, {chunkSize, where, pulse, passing})
      return
    case 'xz':
      yield* unxz(input, where)
      return
    default:
      throw new ArchiveError(
        'ARCHIVE_UNKNOWN_COMPRESSION',
        `${where} is compressed with ${compression}, which piton does not read`,
        {
          hint: 'Recompress it with gzip, zstd or xz.',
        },
      )
  }
}

/**
 * What a decoder of node:zlib makes of `input`: it works in libuv's pool, so several layers advance at once.
 * @param passing as {@link DecompressOptions.passing}
 */
export async function* through(input: Chunks, decoder: Transform, passing: boolean): Chunks {
  const fed = feed(input, decoder).catch(error => decoder.destroy(error))
  for await (const chunk of decoder as AsyncIterable<Buffer>) {
    yield chunk
    // A buffer that is not full is filled further.
    if (passing && chunk.byteOffset + chunk.length === chunk.buffer.byteLength) letGo(chunk)
  }
  await fed
}

/** Gives a decoder one piece after the other, each when it is done with the one before. */
async function feed(input: Chunks, decoder: Transform): Promise<void> {
  for await (const piece of input) {
    const isDone = await new Promise<boolean>(resolve => {
      // What is wrong reaches who reads from it.
      decoder.write(piece, error => resolve(error == null))
    })
    if (!isDone || decoder.destroyed) return
  }
  decoder.end()
}

async function* unxz(input: Chunks, where: string): Chunks {
  const {XzReadableStream} = exportsOf(await import('xz-decompress'))
  const source = input[Symbol.asyncIterator]()
  const web = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await source.next()
      if (next.done === true) controller.close()
      else controller.enqueue(copyBytes(next.value))
    },
  })
  const reader = new XzReadableStream(web).getReader()
  for (;;) {
    const {done, value} = await reader.read().catch(error => explainXz(error, where))
    if (done) return
    yield value
  }
}

/** XZ Embedded, which is inside, numbers its errors (`enum xz_ret`); what it does not know is no damage. */
function explainXz(error: unknown, where: string): never {
  const code = /error code (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
  if (code === '4') throw xzUnsupported(where, 'asks for too large a dictionary')
  if (code === '6') throw xzUnsupported(where, 'uses a filter or a check that piton does not know')
  throw error
}

function xzUnsupported(where: string, what: string): ArchiveError {
  return new ArchiveError('ARCHIVE_UNKNOWN_COMPRESSION', `${where}: the xz stream ${what}`, {
    hint: 'Recompress it with xz -6 --check=crc64, gzip or zstd.',
  })
}

/** Bytes between two turns of the event loop: some ten milliseconds of the slowest decoder. */
const turnBytes = 2 * 1024 * 1024

/**
 * What is read and inflated without waiting for anybody would keep signals, timers and the collection of what was read
 * waiting until the end.
 */
async function* inTurns(input: Chunks): Chunks {
  let bytes = 0
  for await (const chunk of input) {
    bytes += chunk.length
    if (bytes >= turnBytes) {
      bytes = 0
      await setImmediate()
    }
    yield chunk
  }
}

/** Stops a bomb: by the bytes that come out, and by how many come out for each that goes in. */
async function* bounded(input: Chunks, open: (counted: Chunks) => Chunks, where: string): Chunks {
  let taken = 0
  let given = 0
  async function* counted() {
    for await (const chunk of input) {
      taken += chunk.length
      yield chunk
    }
  }
  for await (const chunk of open(counted())) {
    given += chunk.length
    const most = Math.min(limits.inflatedBytes, Math.max(limits.ratioFreeBytes, taken * limits.inflateRatio))
    if (given > most) {
      throw new ArchiveError(
        'ARCHIVE_LIMIT',
        `${where} inflates to more than ${most} bytes from ${taken}: refused as a decompression bomb`,
      )
    }
    yield chunk
  }
}

/** The first chunk that is long enough to tell the compression. */
async function headOf(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < sniffBytes) {
    const next = await source.next()
    if (next.done === true) break
    head = head.length === 0 && next.value.length >= sniffBytes ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

async function* resume(first: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
}
