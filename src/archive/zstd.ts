import type {Transform} from 'node:stream'
import zlib from 'node:zlib'
import {copyBytes} from '../model/bytes.js'
import {ArchiveError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {through} from './compression.js'

type Chunks = AsyncIterable<Uint8Array>

/** Told when a decoder begins with a block, and when it has done it: a thread that it keeps busy can be ended by another. */
export interface Pulse {
  begin(): void
  end(): void
}

type OpenZstd = (options: {chunkSize: number}) => Transform

export interface UnzstdOptions {
  /** Of output buffers. */
  readonly chunkSize: number
  /** Names the stream in errors. */
  readonly where: string
  readonly pulse: Pulse | undefined
  readonly passing: boolean
}

/**
 * The content of a Zstandard stream: several frames, with skippable ones between them. Node's own decoder (22.15 and
 * later) stops after the first frame without a word, so it is given one frame at a time; before that `fzstd` serves.
 * @see RFC 8878, section 3.1
 */
export async function* unzstd(input: Chunks, {chunkSize, where, pulse, passing}: UnzstdOptions): Chunks {
  const open = (zlib as {createZstdDecompress?: OpenZstd}).createZstdDecompress
  const script = open === undefined ? new ScriptDecoder(where, pulse) : null
  for await (const frame of framesOf(new ByteQueue(input), where)) {
    if (script !== null) yield* script.decode(frame)
    else if (open !== undefined) yield* through(frame.pieces, open({chunkSize}), passing)
  }
}

/** Bytes of window that may be moved before the ratio counts: some five seconds of work. */
const movedFree = 32 * 1024 ** 3
/** Window bytes moved for each byte that comes out: 64 with whole blocks of 128 KiB in the 8 MiB that zstd -19 takes. */
const movedPerByte = 128

/** One block of 128 KiB takes milliseconds. `fzstd` does not see that a forged one copies far beyond its end. */
const blockMs = 5_000

/**
 * `fzstd` holds all that a piece inflates to until it has done the whole piece, and moves its window for every block. So
 * it gets one block at a time, and a stream of tiny blocks is refused before the moving takes hours.
 */
class ScriptDecoder {
  readonly #where: string
  readonly #pulse: Pulse | undefined
  #given = 0
  #moved = 0

  constructor(where: string, pulse: Pulse | undefined) {
    this.#where = where
    this.#pulse = pulse
  }

  async *decode({pieces, windowBytes}: Frame): Chunks {
    const {Decompress} = await import('fzstd')
    let ready: Uint8Array[] = []
    const decoder = new Decompress(chunk => {
      if (chunk.length > 0) ready.push(chunk)
    })
    let last: Uint8Array = new Uint8Array(0)
    for await (const piece of pieces) {
      // What ends with a block is never let go by it: the last byte of a piece comes with the next one.
      const started = performance.now()
      this.#push(decoder, Buffer.concat([last, piece.subarray(0, -1)]), false)
      last = copyBytes(piece, -1)
      if (performance.now() - started > blockMs) throw this.#tooSlow('block')
      for (const chunk of ready) this.#given += chunk.length
      this.#moved += windowBytes
      if (this.#moved > movedFree + this.#given * movedPerByte) {
        throw this.#tooSlow('window')
      }
      yield* ready
      ready = []
    }
    this.#push(decoder, last, true)
    yield* ready
  }

  /** What is damaged ends a block as well: a pulse without an end would have the thread ended. */
  #push(decoder: {push(bytes: Uint8Array, isLast: boolean): void}, bytes: Uint8Array, isLast: boolean): void {
    this.#pulse?.begin()
    try {
      decoder.push(bytes, isLast)
    } finally {
      this.#pulse?.end()
    }
  }

  #tooSlow(what: 'block' | 'window'): ArchiveError {
    const text = `${this.#where}: a zstd stream with such a ${what} takes this release of Node.js too long`
    return new ArchiveError('ARCHIVE_LIMIT', text, {
      hint: 'Run piton with Node.js 22.15 or newer, or recompress it without --ultra and --long.',
    })
  }
}

/** One frame: its header, its blocks and its checksum, each in one piece; to be read to the end before the next frame. */
interface Frame {
  readonly pieces: Chunks
  /** Memory that its decoder needs. */
  readonly windowBytes: number
}

const frameMagic = 0xfd2fb528
const maximumBlockBytes = 128 * 1024

/** The frames of a stream, without those that are to be skipped. */
async function* framesOf(queue: ByteQueue, where: string): AsyncGenerator<Frame> {
  while (!(await queue.isAtEnd())) {
    const magic = await queue.take(4)
    const number = littleEndian(magic)
    if (number >= 0x184d2a50 && number <= 0x184d2a5f) await queue.skip(littleEndian(await queue.take(4)))
    else if (number !== frameMagic) throw new Error('not a zstd frame')
    else yield await beginFrame(queue, magic, where)
  }
}

async function beginFrame(queue: ByteQueue, magic: Uint8Array, where: string): Promise<Frame> {
  const descriptor = await queue.take(1)
  const byte = descriptor[0] as number
  const isSingle = (byte & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][byte & 3] as number
  const sizeBytes = byte >> 6 === 0 ? (isSingle ? 1 : 0) : 1 << (byte >> 6)
  const rest = await queue.take((isSingle ? 0 : 1) + dictionaryBytes + sizeBytes)
  const windowBytes = isSingle ? contentSize(rest.subarray(dictionaryBytes)) : windowSize(rest[0] as number)
  if (windowBytes > limits.zstdWindowBytes) {
    const text = `${where}: a zstd frame needs a window of ${windowBytes} bytes; ${limits.zstdWindowBytes} is the limit`
    throw new ArchiveError('ARCHIVE_LIMIT', text, {hint: 'Recompress it without --long or --ultra.'})
  }
  const header = Buffer.concat([magic, descriptor, rest])
  return {windowBytes, pieces: piecesOf(queue, header, (byte & 4) !== 0)}
}

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3))
  return base + (base / 8) * (byte & 7)
}

/** Of a single segment, whose window is its content; two bytes count from 256. */
function contentSize(field: Uint8Array): number {
  return littleEndian(field) + (field.length === 2 ? 256 : 0)
}

async function* piecesOf(queue: ByteQueue, header: Uint8Array, hasChecksum: boolean): AsyncGenerator<Uint8Array> {
  yield header
  for (let isLast = false; !isLast; ) {
    const blockHeader = await queue.take(3)
    const number = littleEndian(blockHeader)
    const size = number >> 3
    if (size > maximumBlockBytes) throw new Error('a zstd block is too large')
    const isRun = ((number >> 1) & 3) === 1
    isLast = (number & 1) === 1
    yield Buffer.concat([blockHeader, await queue.take(isRun ? 1 : size)])
  }
  if (hasChecksum) yield await queue.take(4)
}

/** Takes as many bytes as are asked for from chunks of any size. */
class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(input: Chunks) {
    this.#source = input[Symbol.asyncIterator]()
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next()
      if (next.done === true) return true
      this.#rest = next.value
    }
    return false
  }

  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let missing = count; missing > 0; ) {
      if (await this.isAtEnd()) throw new Error('unexpected end of file')
      // A piece of the input is gone when the next is asked for.
      const part = copyBytes(this.#cut(Math.min(missing, this.#rest.length)))
      missing -= part.length
      parts.push(part)
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
  }

  async skip(count: number): Promise<void> {
    for (let missing = count; missing > 0; ) {
      if (await this.isAtEnd()) throw new Error('unexpected end of file')
      missing -= this.#cut(Math.min(missing, this.#rest.length)).length
    }
  }

  #cut(count: number): Uint8Array {
    const part = this.#rest.subarray(0, count)
    this.#rest = this.#rest.subarray(count)
    return part
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}
