import {pipeline, Readable, type Transform} from 'node:stream'
import zlib from 'node:zlib'

type Chunks = AsyncIterable<Uint8Array>
type OpenZstd = (options: {chunkSize: number}) => Transform

/**
 * The content of a Zstandard stream: several frames, with skippable ones between them. Node's own decoder (22.15 and
 * later) stops after the first frame without a word, so it is given one frame at a time; before that `fzstd` serves.
 */
export async function* unzstd(input: Chunks, chunkSize: number): Chunks {
  const open = (zlib as {createZstdDecompress?: OpenZstd}).createZstdDecompress
  if (open === undefined) {
    yield* unzstdInScript(input)
    return
  }
  for await (const frame of splitFrames(input)) {
    const decoder = open({chunkSize})
    pipeline(Readable.from(frame), decoder, () => {
      // The error reaches the loop below as well.
    })
    yield* decoder
  }
}

async function* unzstdInScript(input: Chunks): Chunks {
  const {Decompress} = await import('fzstd')
  let ready: Uint8Array[] = []
  const decoder = new Decompress(chunk => {
    if (chunk.length > 0) ready.push(chunk)
  })
  for await (const chunk of input) {
    decoder.push(chunk)
    yield* ready
    ready = []
  }
  decoder.push(new Uint8Array(0), true)
  yield* ready
}

/** Each frame as a stream of its own, which must be read to its end before the next; skippable frames are left out. */
export async function* splitFrames(input: Chunks): AsyncGenerator<Chunks> {
  const source = input[Symbol.asyncIterator]()
  const scanner = new FrameScanner()
  let rest: Uint8Array = new Uint8Array(0)

  async function* frame(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const count = scanner.scan(rest)
      const piece = rest.subarray(0, count)
      rest = rest.subarray(count)
      if (piece.length > 0 && !scanner.skippable) yield piece
      if (scanner.atFrameEnd) return
      const next = await source.next()
      if (next.done === true) throw new Error('unexpected end of file')
      rest = next.value
    }
  }

  for (;;) {
    if (rest.length === 0) {
      const next = await source.next()
      if (next.done === true) return
      rest = next.value
      continue
    }
    scanner.begin()
    yield frame()
  }
}

/**
 * Finds where a frame ends without decoding it: a frame is a header, blocks that state their size, and a checksum.
 * @see RFC 8878, section 3.1
 */
class FrameScanner {
  atFrameEnd = false
  skippable = false
  /** Bytes of the part being collected, or, when skipping, none. */
  #part: number[] = []
  #want = 4
  #skip = 0
  #next: (bytes: readonly number[]) => void = bytes => this.#magic(bytes)
  #checksum = false

  begin(): void {
    this.atFrameEnd = false
    this.skippable = false
    this.#expect(4, bytes => this.#magic(bytes))
  }

  /** @returns how many of `bytes` belong to this frame */
  scan(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length && !this.atFrameEnd) {
      if (this.#skip > 0) {
        const count = Math.min(this.#skip, bytes.length - at)
        this.#skip -= count
        at += count
      } else {
        this.#part.push(bytes[at++] as number)
      }
      if (this.#skip === 0 && this.#part.length === this.#want) this.#next(this.#part)
    }
    return at
  }

  /** Collects `count` bytes for `next`; 0 calls it at the end of what is being skipped. */
  #expect(count: number, next: (bytes: readonly number[]) => void): void {
    this.#part = []
    this.#want = count
    this.#next = next
  }

  #magic(bytes: readonly number[]): void {
    const magic = littleEndian(bytes)
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      this.skippable = true
      this.#expect(4, size => this.#skipThen(littleEndian(size), () => this.#end()))
    } else if (magic === 0xfd2fb528) {
      this.#expect(1, descriptor => this.#descriptor(descriptor[0] as number))
    } else {
      throw new Error('not a zstd frame')
    }
  }

  #descriptor(byte: number): void {
    const single = (byte & 0x20) !== 0
    const sizeFlag = byte >> 6
    const contentSize = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag
    const dictionary = [0, 1, 2, 4][byte & 3] as number
    this.#checksum = (byte & 4) !== 0
    this.#skipThen((single ? 0 : 1) + dictionary + contentSize, () => this.#blockHeader())
  }

  #blockHeader(): void {
    this.#expect(3, bytes => {
      const header = littleEndian(bytes)
      const stored = ((header >> 1) & 3) === 1 ? 1 : header >> 3
      const after =
        (header & 1) === 0 ? () => this.#blockHeader() : () => this.#skipThen(this.#checksum ? 4 : 0, () => this.#end())
      this.#skipThen(stored, after)
    })
  }

  #skipThen(count: number, next: () => void): void {
    this.#expect(0, next)
    this.#skip = count
    if (count === 0) next()
  }

  #end(): void {
    this.atFrameEnd = true
  }
}

function littleEndian(bytes: readonly number[]): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0)
}
