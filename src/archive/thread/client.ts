import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {Worker} from 'node:worker_threads'
import {chunksOf} from '../../bytes/source.js'
import {unreachable} from '../../model/brand.js'
import {copyBytes, type FileSpan} from '../../model/bytes.js'
import {ArchiveError} from '../../model/errors.js'
import {limits, netLimits} from '../../model/limits.js'
import type {Packed, Stored, UnpackOptions} from '../unpack.js'
import {receivedError} from './errors.js'
import type {Answer, Order, ThreadData} from './messages.js'

/** Beside the bundle; the sources have none, and work on one thread. */
const besideProgram = fileURLToPath(new URL('./unpack.cjs', import.meta.url))

/** A decoder that does not come back from one block: looked for so often … */
const pollMs = 500
/** … and given up when it was found at the same one so many times. A block of 128 KiB takes milliseconds. */
const patientPolls = 10

let shared: UnpackThread | null = null

/** What the thread is told of one job. */
type Begun = Omit<Extract<Order, {type: 'begin'}>, 'type' | 'job'>

/**
 * A thread that inflates and hashes, for the whole program: as long as there are jobs it keeps the program from ending,
 * and no longer.
 */
export class UnpackThread {
  readonly #worker: Worker
  readonly #pulse = new Int32Array(new SharedArrayBuffer(8))
  readonly #jobs = new Map<number, Job>()
  #count = 0
  #watch: NodeJS.Timeout | null = null

  private constructor(file: string) {
    const data: ThreadData = {limits: {...limits, ...netLimits}, pulse: this.#pulse.buffer as SharedArrayBuffer}
    this.#worker = new Worker(file, {workerData: data, execArgv: [], env: {}})
    this.#worker.on('message', (answer: Answer) => this.#jobs.get(answer.job)?.take(answer))
    this.#worker.on('error', error => this.#fail(error))
    // Who waits for it would wait for ever.
    this.#worker.on('exit', () => this.#fail(new Error('the thread that inflates has ended')))
    this.#worker.unref()
  }

  /**
   * The one thread; null where there can be none.
   * @param file what it runs
   */
  static shared(file = besideProgram): UnpackThread | null {
    if (shared !== null || !existsSync(file)) return shared
    try {
      shared = new UnpackThread(file)
    } catch {
      // No more threads for this user: it goes without.
    }
    return shared
  }

  /** What `stored` inflates to. A chunk is valid until the next is asked for. */
  async *unpack(stored: Stored, {onRead, ...packed}: UnpackOptions): AsyncGenerator<Uint8Array> {
    const span = 'read' in stored ? (stored.span ?? null) : null
    const job = this.#begin({packed, span, checkOnly: false}, span === null ? piecesOf(stored) : null)
    try {
      for (;;) {
        const chunk = await job.next()
        if (chunk === null) return
        onRead?.(job.doneBytes)
        yield chunk
        if (!job.isEnded) this.#order({type: 'buffer', job: job.number, buffer: chunk.buffer as ArrayBuffer})
      }
    } finally {
      this.#leave(job)
    }
  }

  /** Compares what lies in a file with its digest. */
  async check(span: FileSpan, packed: Packed): Promise<void> {
    const job = this.#begin({packed, span, checkOnly: true}, null)
    try {
      await job.next()
    } finally {
      this.#leave(job)
    }
  }

  #begin(begun: Begun, pieces: AsyncIterator<Uint8Array> | null): Job {
    const job = new Job(++this.#count, begun.packed.where, pieces, order => this.#order(order))
    this.#jobs.set(job.number, job)
    this.#worker.ref()
    this.#watch ??= this.#startWatch()
    this.#order({type: 'begin', job: job.number, ...begun})
    return job
  }

  #leave(job: Job): void {
    if (!job.isEnded) this.#order({type: 'stop', job: job.number})
    job.close()
    this.#jobs.delete(job.number)
    if (this.#jobs.size > 0) return
    this.#worker.unref()
    if (this.#watch !== null) clearInterval(this.#watch)
    this.#watch = null
  }

  /** What is given with an order is the thread's from then on. */
  #order(order: Order): void {
    const given = order.type === 'piece' ? order.bytes?.buffer : order.type === 'buffer' ? order.buffer : undefined
    this.#worker.postMessage(order, given === undefined ? [] : [given as ArrayBuffer])
  }

  /** Ends the thread where its decoder has lost itself in one block: nothing else would. */
  #startWatch(): NodeJS.Timeout {
    let [last, times] = [0, 0]
    const look = () => {
      const [job = 0, begun = 0] = this.#pulse
      times = job !== 0 && begun === last ? times + 1 : 0
      last = begun
      if (times < patientPolls) return
      const where = this.#jobs.get(job)?.where ?? 'a stream'
      this.#fail(tooSlow(where))
    }
    return setInterval(look, pollMs).unref()
  }

  #fail(error: Error): void {
    if (shared === this) shared = null
    for (const job of this.#jobs.values()) job.fail(error)
    void this.#worker.terminate()
  }
}

/** One stream, as it comes from the thread. */
class Job {
  readonly number: number
  readonly where: string
  doneBytes = 0
  isEnded = false
  readonly #pieces: AsyncIterator<Uint8Array> | null
  readonly #order: (order: Order) => void
  readonly #chunks: Uint8Array[] = []
  #wanted = 0
  #isPumping = false
  #error: Error | null = null
  #wake: () => void = () => {}

  constructor(number: number, where: string, pieces: AsyncIterator<Uint8Array> | null, order: (order: Order) => void) {
    this.number = number
    this.where = where
    this.#pieces = pieces
    this.#order = order
  }

  /** The next chunk; null at the end. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) return chunk
      if (this.#error !== null) throw this.#error
      if (this.isEnded) return null
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  take(answer: Answer): void {
    switch (answer.type) {
      case 'chunk':
        this.#chunks.push(answer.bytes)
        this.doneBytes = answer.doneBytes
        break
      case 'want':
        this.#wanted++
        void this.#pump()
        return
      case 'end':
        this.isEnded = true
        break
      case 'error':
        this.fail(receivedError(answer.error))
        return
      default:
        unreachable(answer)
    }
    this.#wake()
  }

  fail(error: Error): void {
    this.#error ??= error
    this.isEnded = true
    this.#wake()
  }

  /** Lets go of what is read. */
  close(): void {
    this.isEnded = true
    this.#pieces?.return?.().catch(() => {
      // Who wanted it has gone.
    })
  }

  /** Sends as many pieces as are wanted. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      while (this.#wanted > 0 && !this.isEnded) {
        const next = await this.#pieces?.next()
        if (this.isEnded) return
        this.#wanted--
        const isOver = next === undefined || next.done === true
        this.#order({type: 'piece', job: this.number, bytes: isOver ? null : copyBytes(next.value)})
        if (isOver) return
      }
    } catch (error) {
      this.#order({type: 'stop', job: this.number})
      this.fail(error as Error)
    } finally {
      this.#isPumping = false
    }
  }
}

function piecesOf(stored: Stored): AsyncIterator<Uint8Array> {
  return ('read' in stored ? chunksOf(stored) : stored)[Symbol.asyncIterator]()
}

function tooSlow(where: string): ArchiveError {
  return new ArchiveError(
    'ARCHIVE_LIMIT',
    `${where}: a zstd stream with such a block takes this release of Node.js too long`,
    {
      hint: 'Run piton with Node.js 22.15 or newer, or recompress it without --ultra and --long.',
    },
  )
}
