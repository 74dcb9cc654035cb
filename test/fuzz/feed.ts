import {createHash} from 'node:crypto'
import {mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync} from 'node:fs'
import {join} from 'node:path'
import {PitonError} from '../../src/model/errors.js'
import {Coverage} from './coverage.js'
import {minimise} from './minimise.js'
import {mutate} from './mutate.js'
import {Random} from './random.js'
import type {FuzzTarget} from './target.js'

/** What the parent tells the program that feeds one target. */
export interface FeedOrder {
  readonly seed: number
  /** Wall clock; null runs the seeds and what is stored, and no more. */
  readonly untilMs: number | null
  /** Where inputs that reached something new are kept from run to run. */
  readonly corpus: string
  /** Where inputs go that did harm. */
  readonly failures: string
  /** The input that is being looked at, for when this program cannot say so any more. */
  readonly current: string
  /** Processor time that one input may take. */
  readonly mostMs: number
  /** Memory that one input may add. */
  readonly mostBytes: number
  /** One input, instead of all that. */
  readonly replay: string | null
  readonly branches: number
}

/** One line for the parent. */
export type FeedReport =
  | {readonly type: 'failure'; readonly what: string; readonly file: string; readonly bytes: number}
  | {
      readonly type: 'state'
      readonly executions: number
      readonly corpus: number
      readonly reached: number
      readonly done: boolean
    }

const defaultMost = 64 * 1024
/** Different failures after which a target is left alone: what is behind them is hidden by them. */
const failuresPerRun = 20
const memoryFloor = 384 * 1024 * 1024

/** Feeds a target until the time is over, or with what it is told to. */
export async function feed(target: FuzzTarget): Promise<void> {
  const order: FeedOrder = JSON.parse(process.env['FUZZ_ORDER'] ?? '{}')
  if (order.replay !== null) {
    const input = Uint8Array.from(readFileSync(order.replay))
    target.mend?.(input)
    await target.run(input)
    return
  }
  await new Feeder(target, order).run()
}

class Feeder {
  readonly #target: FuzzTarget
  readonly #order: FeedOrder
  readonly #random: Random
  readonly #coverage: Coverage
  readonly #corpus: Uint8Array[] = []
  readonly #seen = new Set<string>()
  readonly #current: number
  readonly #scratch: Buffer
  #executions = 0
  #reported = 0

  constructor(target: FuzzTarget, order: FeedOrder) {
    this.#target = target
    this.#order = order
    this.#random = new Random(order.seed)
    this.#coverage = new Coverage((globalThis as unknown as {hits: Uint8Array}).hits, order.branches)
    this.#current = openSync(order.current, 'w')
    this.#scratch = Buffer.alloc(8 + 64 * 1024 * 1024)
    // What comes out of a stream that nobody listens to any more belongs to the input that was fed last.
    process.on('uncaughtException', error => this.#fail(error, this.#last()))
  }

  async run(): Promise<void> {
    const {corpus, untilMs} = this.#order
    mkdirSync(corpus, {recursive: true})
    for (const seed of this.#target.seeds()) await this.#take(Uint8Array.from(seed), false)
    for (const name of readdirSync(corpus).sort())
      await this.#take(Uint8Array.from(readFileSync(join(corpus, name))), false)
    if (this.#corpus.length === 0) this.#corpus.push(new Uint8Array(0))
    const encoder = new TextEncoder()
    const material = {
      dictionary: (this.#target.dictionary ?? []).map(word => (typeof word === 'string' ? encoder.encode(word) : word)),
      other: () => this.#random.pick(this.#corpus),
      mostBytes: this.#target.mostBytes ?? defaultMost,
    }
    while (untilMs !== null && Date.now() < untilMs && this.#seen.size < failuresPerRun) {
      await this.#take(mutate(this.#pick(), this.#random, material), true)
      if (Date.now() - this.#reported > 2000) this.#say(false)
    }
    this.#say(true)
  }

  /** Of two the smaller, and often one that was found lately: what was new there leads on. */
  #pick(): Uint8Array {
    const recent = this.#corpus.slice(-16)
    const from = this.#random.chance(3) ? recent : this.#corpus
    const [a, b] = [this.#random.pick(from), this.#random.pick(from)]
    return a.length <= b.length ? a : b
  }

  /** Feeds one input, and keeps it where it reached something new. */
  async #take(input: Uint8Array, store: boolean): Promise<void> {
    this.#target.mend?.(input)
    this.#note(input)
    this.#coverage.start()
    const failure = await this.#attempt(input)
    const isNew = this.#coverage.isNew()
    if (failure !== null) {
      if (!this.#seen.has(signatureOf(failure))) await this.#report(failure, input)
      return
    }
    if (!isNew && store) return
    this.#corpus.push(input)
    if (store) writeFileSync(join(this.#order.corpus, hashOf(input)), input)
  }

  /** What an input did that it must not do. */
  async #attempt(input: Uint8Array): Promise<Error | null> {
    this.#executions++
    const {mostMs, mostBytes} = this.#order
    const cpu = process.cpuUsage()
    const peak = process.resourceUsage().maxRSS * 1024
    let failure: Error | null = null
    try {
      await this.#target.run(input)
    } catch (error) {
      if (!(error instanceof PitonError))
        failure = error instanceof Error ? error : new Error(`thrown: ${String(error)}`)
    }
    const {user, system} = process.cpuUsage(cpu)
    const peakNow = process.resourceUsage().maxRSS * 1024
    if (failure !== null) return failure
    if ((user + system) / 1000 > mostMs)
      return new Slow(`takes ${Math.round((user + system) / 1e6)} s of processor time`)
    if (peakNow - peak > mostBytes && peakNow > memoryFloor) {
      return new Large(`adds ${Math.round((peakNow - peak) / 1e6)} MB of memory`)
    }
    return null
  }

  async #report(failure: Error, input: Uint8Array): Promise<void> {
    const signature = signatureOf(failure)
    this.#seen.add(signature)
    const isCostly = failure instanceof Slow || failure instanceof Large
    // What takes seconds is not tried a thousand times over; memory that was taken once is not given back.
    const smallest =
      failure instanceof Large
        ? input
        : await minimise(input, isCostly ? 30 : 2000, async candidate => {
            const copy = candidate.slice()
            this.#target.mend?.(copy)
            this.#note(copy)
            const again = await this.#attempt(copy)
            return again !== null && signatureOf(again) === signature
          })
    this.#target.mend?.(smallest)
    this.#save(failure, smallest)
  }

  #fail(error: unknown, input: Uint8Array): void {
    const failure = error instanceof Error ? error : new Error(`thrown: ${String(error)}`)
    if (this.#seen.has(signatureOf(failure))) return
    this.#seen.add(signatureOf(failure))
    this.#save(failure, input)
  }

  #save(failure: Error, input: Uint8Array): void {
    mkdirSync(this.#order.failures, {recursive: true})
    const file = join(this.#order.failures, hashOf(input))
    writeFileSync(file, input)
    writeFileSync(`${file}.txt`, `${failure.stack ?? failure.message}\n`)
    say({type: 'failure', what: signatureOf(failure), file, bytes: input.length})
  }

  /** Writes down what comes next: number of the execution, length, bytes. */
  #note(input: Uint8Array): void {
    this.#scratch.writeUInt32LE(this.#executions >>> 0, 0)
    this.#scratch.writeUInt32LE(input.length, 4)
    this.#scratch.set(input, 8)
    writeSync(this.#current, this.#scratch, 0, 8 + input.length, 0)
  }

  #last(): Uint8Array {
    return Uint8Array.from(this.#scratch.subarray(8, 8 + this.#scratch.readUInt32LE(4)))
  }

  #say(done: boolean): void {
    this.#reported = Date.now()
    const {reached} = this.#coverage
    say({type: 'state', executions: this.#executions, corpus: this.#corpus.length, reached, done})
  }
}

class Slow extends Error {
  override readonly name = 'Slow'
}

class Large extends Error {
  override readonly name = 'Large'
}

/** The same for two errors of one cause: the kind, and where it was thrown. */
function signatureOf(error: Error): string {
  if (error instanceof Slow || error instanceof Large) return error.name
  const frames = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line) && !line.includes('node:internal'))
  const place = /([^/()\s]+:\d+):\d+\)?$/.exec(frames[0] ?? '')?.[1] ?? '?'
  return `${error.name}: ${error.message.replace(/\d+/g, 'N').slice(0, 120)} (${place})`
}

function hashOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 16)
}

function say(report: FeedReport): void {
  writeSync(1, `${JSON.stringify(report)}\n`)
}
