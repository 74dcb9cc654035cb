import {readSync} from 'node:fs'
import {parentPort, workerData} from 'node:worker_threads'
import {letGo} from '../../bytes/let-go.js'
import type {FileSpan} from '../../model/bytes.js'
import {SourceError} from '../../model/errors.js'
import {setLimits} from '../../model/limits.js'
import {checkStored, unpackHere} from '../unpack.js'
import {sentError} from './errors.js'
import {
  type Answer,
  bufferBytes,
  buffersAlone,
  buffersPerJob,
  buffersTogether,
  type Order,
  type ThreadData,
} from './messages.js'

/** The thread that inflates and hashes: it does the jobs that {@link UnpackThread} gives it. */

/** Bytes that are read at a time. */
const readBytes = 1024 * 1024

/** Pieces that are asked for before they are needed: those of a network are small. */
const piecesAhead = 8

const {limits, pulse} = workerData as ThreadData
setLimits(limits)
const busy = new Int32Array(pulse)
const jobs = new Map<number, Job>()

/** Buffers that go to and fro. */
class Buffers {
  /** That are with somebody. */
  given = 0
  readonly #free: ArrayBuffer[] = []

  take(): Uint8Array<ArrayBuffer> {
    this.given++
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(bufferBytes))
  }

  giveBack(buffer: ArrayBuffer): void {
    this.given--
    this.#free.push(buffer)
  }

  isOut(): boolean {
    return this.given >= (jobs.size === 1 ? buffersAlone : buffersTogether)
  }

  /** There is nothing to do for now. */
  rest(): void {
    for (const buffer of this.#free.splice(0)) letGo(new Uint8Array(buffer))
  }
}

const buffers = new Buffers()

/** One stream that is unpacked, or checked. */
class Job {
  readonly #number: number
  #doneBytes = 0
  #stopped = false
  readonly #pieces: (Uint8Array | null)[] = []
  #buffers = 0
  #waiting: (() => void)[] = []

  constructor(number: number) {
    this.#number = number
  }

  async run({packed, span, checkOnly}: Extract<Order, {type: 'begin'}>): Promise<void> {
    const {digest = null, where} = packed
    const stored = span === null ? this.#piecesOf() : chunksOfFile(span, where)
    if (checkOnly && digest !== null) return checkStored(this.#untilStopped(stored), digest, where)
    const onRead = (doneBytes: number) => {
      this.#doneBytes = doneBytes
    }
    let filling: Filling | null = null
    for await (const chunk of unpackHere(stored, {...packed, onRead}, this.#pulse)) {
      for (let at = 0; at < chunk.length; ) {
        filling ??= {bytes: await this.#buffer(), length: 0}
        if (this.#stopped) return
        at += fill(filling, chunk, at)
        if (filling.length < bufferBytes) break
        this.#send(filling)
        filling = null
      }
    }
    if (filling !== null) this.#send(filling)
  }

  take(order: Exclude<Order, {type: 'begin'}>): void {
    if (order.type === 'piece') this.#pieces.push(order.bytes)
    else if (order.type === 'stop') this.#stopped = true
    else {
      this.#buffers--
      buffers.giveBack(order.buffer)
    }
    this.wake()
  }

  /** Has all that wait look whether they still have to. */
  wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #send({bytes, length}: Filling): void {
    const chunk = bytes.subarray(0, length)
    answer({type: 'chunk', job: this.#number, bytes: chunk, doneBytes: this.#doneBytes}, [bytes.buffer])
  }

  /** A buffer to fill, as soon as there is one. */
  async #buffer(): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#buffers >= buffersPerJob && buffers.isOut() && !this.#stopped) await this.#change()
    this.#buffers++
    return buffers.take()
  }

  /** Its buffers are lost with it: who has them keeps them. */
  leave(): void {
    buffers.given -= this.#buffers
  }

  async *#piecesOf(): AsyncGenerator<Uint8Array> {
    for (let ahead = 0; ahead < piecesAhead; ahead++) answer({type: 'want', job: this.#number})
    for (;;) {
      while (this.#pieces.length === 0 && !this.#stopped) await this.#change()
      const piece = this.#pieces.shift() ?? null
      if (piece === null || this.#stopped) return
      answer({type: 'want', job: this.#number})
      yield piece
      letGo(piece)
    }
  }

  async *#untilStopped(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of stored) {
      yield chunk
      await new Promise(resolve => setImmediate(resolve))
      if (this.#stopped) return
    }
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  readonly #pulse = {
    begin: () => {
      Atomics.store(busy, 0, this.#number)
      Atomics.add(busy, 1, 1)
    },
    end: () => void Atomics.store(busy, 0, 0),
  }
}

/** A buffer, and how much of it is filled. */
interface Filling {
  readonly bytes: Uint8Array<ArrayBuffer>
  length: number
}

/** @returns how much of `chunk` found room */
function fill(filling: Filling, chunk: Uint8Array, from: number): number {
  const part = chunk.subarray(from, from + filling.bytes.length - filling.length)
  filling.bytes.set(part, filling.length)
  filling.length += part.length
  return part.length
}

async function* chunksOfFile({fd, offset, sizeBytes}: FileSpan, where: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(Math.min(readBytes, sizeBytes))
  for (let at = 0; at < sizeBytes; ) {
    const count = read(fd, bytes.subarray(0, sizeBytes - at), offset + at, where)
    if (count === 0) return
    yield bytes.subarray(0, count)
    at += count
  }
}

function read(fd: number, bytes: Buffer, position: number, where: string): number {
  try {
    return readSync(fd, bytes, 0, bytes.length, position)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new SourceError('SOURCE_UNREADABLE', `cannot read ${where}: ${code}`)
  }
}

function answer(message: Answer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

parentPort?.on('message', (order: Order) => {
  const {job} = order
  if (order.type !== 'begin') {
    jobs.get(job)?.take(order)
    // One that waits for a buffer can have this one.
    if (order.type === 'buffer') for (const other of jobs.values()) other.wake()
    return
  }
  const begun = new Job(job)
  jobs.set(job, begun)
  begun
    .run(order)
    .then(
      () => answer({type: 'end', job}),
      error => answer({type: 'error', job, error: sentError(error)}),
    )
    .finally(() => {
      begun.leave()
      jobs.delete(job)
      if (jobs.size === 0) buffers.rest()
    })
})
