import type {ByteSource} from '../model/bytes.js'
import {letGo} from './let-go.js'

/**
 * Bytes in memory.
 * @param lasting false where the memory is used for something else later
 */
export function memorySource(bytes: Uint8Array, lasting = true): ByteSource {
  return {
    sizeBytes: bytes.length,
    lasting,
    read: (offset, length) => bytes.subarray(clamp(offset, bytes.length), clamp(offset + length, bytes.length)),
  }
}

/** The part of `source` from `start`, `sizeBytes` long or as long as there is; never more than was asked for. */
export function sliceSource(source: ByteSource, start: number, sizeBytes: number): ByteSource {
  const from = clamp(start, source.sizeBytes)
  const size = clamp(sizeBytes, source.sizeBytes - from)
  const span = source.span && {...source.span, offset: source.span.offset + from, sizeBytes: size}
  return {
    sizeBytes: size,
    lasting: source.lasting === true,
    span,
    read(offset, length) {
      const at = clamp(offset, size)
      return source.read(from + at, clamp(length, size - at))
    },
  }
}

/** `value` between 0 and `most`; NaN is 0. */
function clamp(value: number, most: number): number {
  return value > 0 ? Math.min(value, most) : 0
}

/** Bytes of a {@link ByteSource} from its start to its end, in chunks of 256 KiB. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.sizeBytes; ) {
    const chunk = source.read(at, 256 * 1024)
    if (chunk.length === 0) return
    yield chunk
    at += chunk.length
  }
}

/** Bytes that came in pieces, without joining them. */
export class PiecesSource implements ByteSource {
  readonly lasting: boolean
  readonly #pieces: Uint8Array[] = []
  readonly #starts: number[] = []
  sizeBytes = 0

  /** @param lasting are the pieces kept for as long as the target is open? */
  constructor(lasting = false) {
    this.lasting = lasting
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#starts.push(this.sizeBytes)
    this.sizeBytes += piece.length
  }

  /** Frees the pieces, which are nobody else's: the source is empty. */
  clear(): void {
    for (const piece of this.#pieces.splice(0)) letGo(piece)
    this.#starts.length = 0
    this.sizeBytes = 0
  }

  read(offset: number, length: number): Uint8Array {
    const from = clamp(offset, this.sizeBytes)
    const end = from + clamp(length, this.sizeBytes - from)
    let index = this.#find(from)
    const piece = this.#pieces[index]
    const start = this.#starts[index] ?? 0
    if (piece === undefined) return new Uint8Array(0)
    if (end <= start + piece.length) return piece.subarray(from - start, end - start)
    const bytes = new Uint8Array(end - from)
    for (let at = from; at < end; index++) {
      const part = (this.#pieces[index] as Uint8Array).subarray(
        at - (this.#starts[index] as number),
        end - (this.#starts[index] as number),
      )
      bytes.set(part, at - from)
      at += part.length
    }
    return bytes
  }

  /** Index of the piece that holds `offset`. */
  #find(offset: number): number {
    let low = 0
    let high = this.#pieces.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}
