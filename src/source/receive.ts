import {sniffBytes, sniffCompression} from '../archive/compression.js'
import {TarWalker} from '../archive/tar.js'
import {blockBytes, hasTarChecksum, isZeroBlock} from '../archive/tar-header.js'
import {PiecesSource} from '../bytes/source.js'
import type {ByteSource} from '../model/bytes.js'
import {SourceError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import {limits} from '../model/limits.js'
import {NamelessFile} from './nameless-file.js'

/** Bytes at offsets that somebody has opened, and closes. */
export type OpenBytes = ByteSource & {close(): void}

export interface ReceiveOptions {
  /** Names the stream in errors: `standard input`. */
  readonly name: string
  /** Looks at the first bytes, 512 or all there are, and throws for what is of no use: the rest is not waited for. */
  readonly check: (head: Uint8Array) => void
  readonly on?: OnEvent | undefined
  /** Where not those of `model/limits.ts`. */
  readonly limits?: Partial<ReceiveLimits> | undefined
}

export interface ReceiveLimits {
  readonly receivedMemoryBytes: number
  readonly receivedPackedBytes: number
  readonly receivedBytes: number
  readonly diskReserveBytes: number
}

/** What comes in small pieces is kept in larger ones: each costs more than its bytes. */
const pieceBytes = 1024 * 1024

/**
 * Takes what can be read only once, so that it can be read at offsets: in memory as long as it is small, else in a
 * {@link NamelessFile}.
 * @throws {SourceError} SOURCE_LIMIT, SOURCE_UNWRITABLE; {ArchiveError} for a plain tar that is malformed, at once
 */
export async function receive(chunks: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<OpenBytes> {
  const receiver = new Receiver(options)
  try {
    for await (const chunk of chunks) {
      if (!receiver.push(chunk)) break
      options.on?.({type: 'receive', doneBytes: receiver.sizeBytes})
    }
    return receiver.finish()
  } catch (error) {
    receiver.close()
    throw error
  }
}

class Receiver {
  readonly #options: ReceiveOptions
  readonly #limits: ReceiveLimits
  #memory: PiecesSource | null = new PiecesSource(true)
  #file: NamelessFile | null = null
  #piece = Buffer.alloc(0)
  #filled = 0
  /** How much may stay in memory; null until the beginning has been looked at. */
  #memoryBytes: number | null = null
  /** Follows a plain tar to its end: what comes after is not kept. */
  #walker: TarWalker | null = null
  #afterEnd = 0
  sizeBytes = 0

  constructor(options: ReceiveOptions) {
    this.#options = options
    this.#limits = {...limits, ...options.limits}
  }

  /** @returns false where nothing that still comes can matter */
  push(chunk: Uint8Array): boolean {
    if (this.#walker?.ended === true) {
      this.#afterEnd += chunk.length
      return this.#afterEnd <= limits.tarPaddingBytes
    }
    const head = this.#memoryBytes === null ? chunk.subarray(0, blockBytes - this.sizeBytes) : chunk.subarray(0, 0)
    this.#keep(head)
    if (this.#memoryBytes === null && this.sizeBytes >= blockBytes) this.#begin()
    const rest = chunk.subarray(head.length)
    this.#walker?.push(rest)
    this.#keep(rest)
    return true
  }

  finish(): OpenBytes {
    if (this.#memoryBytes === null) this.#begin()
    this.#walker?.end()
    this.#flush()
    const memory = this.#memory
    if (memory === null) return (this.#file as NamelessFile).reader()
    return {
      sizeBytes: memory.sizeBytes,
      lasting: true,
      read: (offset, length) => memory.read(offset, length),
      close() {
        // Memory goes when nobody refers to it.
      },
    }
  }

  close(): void {
    this.#file?.close()
  }

  /** What is compressed will be inflated beside it, so less of it may stay in memory. */
  #begin(): void {
    const head = this.#piece.subarray(0, this.#filled)
    this.#options.check(head)
    const isPacked = sniffCompression(head.subarray(0, sniffBytes)) !== 'none'
    this.#memoryBytes = isPacked ? this.#limits.receivedPackedBytes : this.#limits.receivedMemoryBytes
    if (head.length < blockBytes || !(hasTarChecksum(head) || isZeroBlock(head, 0))) return
    this.#walker = new TarWalker({member: () => null}, this.#options.name)
    this.#walker.push(head)
  }

  #keep(chunk: Uint8Array): void {
    this.sizeBytes += chunk.length
    if (this.sizeBytes > this.#limits.receivedBytes) throw this.#tooLarge()
    for (let at = 0; at < chunk.length; ) {
      if (this.#filled === this.#piece.length) this.#flush()
      const part = chunk.subarray(at, at + this.#piece.length - this.#filled)
      this.#piece.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
    }
  }

  /** Puts the present piece to the others, and begins a new one. */
  #flush(): void {
    const piece = this.#piece.subarray(0, this.#filled)
    const most = this.#memoryBytes ?? this.#limits.receivedMemoryBytes
    if (this.#memory !== null && this.#memory.sizeBytes + piece.length > most) this.#toFile(this.#memory)
    if (this.#memory === null) this.#file?.write(piece)
    else if (piece.length > 0) this.#memory.push(piece)
    if (this.#memory !== null || this.#piece.length === 0) this.#piece = Buffer.allocUnsafeSlow(pieceBytes)
    this.#filled = 0
  }

  #toFile(memory: PiecesSource): void {
    this.#file = new NamelessFile(this.#options.name, this.#limits.diskReserveBytes)
    for (let at = 0; at < memory.sizeBytes; at += pieceBytes) this.#file.write(memory.read(at, pieceBytes))
    this.#memory = null
  }

  #tooLarge(): SourceError {
    const text = `${this.#options.name} has more than ${this.#limits.receivedBytes} bytes; that is the limit`
    return new SourceError('SOURCE_LIMIT', text, {hint: 'Save it to a file and scan that.'})
  }
}
