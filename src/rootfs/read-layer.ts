import {setImmediate} from 'node:timers/promises'
import type {BodyWriter, TarMember, TarSink} from '../archive/tar.js'
import {TarWalker} from '../archive/tar.js'
import {memberSource, walkTar} from '../archive/tar-source.js'
import {memorySource} from '../bytes/source.js'
import {unreachable} from '../model/brand.js'
import type {ByteSource} from '../model/bytes.js'
import {ArchiveError, SourceError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import type {Layer, LayerContent} from '../model/image.js'
import {limits} from '../model/limits.js'
import {cleanPath} from '../model/path.js'
import type {Entry, EntryType} from '../model/tree.js'
import {Allowance} from './allowance.js'
import {BodyMemory} from './body-memory.js'
import {Budget} from './budget.js'
import type {Collector} from './collector.js'
import {type Found, LayerRecord, nothingFound} from './layer-record.js'

/** tar's type flags. What is not here is no file that a runtime would make. */
const types: ReadonlyMap<string, EntryType> = new Map([
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'char'],
  ['4', 'block'],
  ['5', 'directory'],
  ['D', 'directory'],
  ['6', 'fifo'],
])

/**
 * Reads one layer to its end and keeps what merging needs: the entries, and what the collectors made of the files they
 * want. Nothing else of a body is read where the layer can be read at offsets, nor kept where it streams.
 * @throws {ArchiveError} for a tar that is malformed or cut off, {ImageError} for a wrong digest
 */
export async function readLayer(
  content: LayerContent,
  layer: Layer,
  collectors: readonly Collector[],
  on: OnEvent,
  budget = new Budget(limits.keptBodiesBytes),
  allowance = new Allowance(),
  memory = new BodyMemory(),
): Promise<LayerRecord> {
  const recorder = new Recorder(layer, collectors, on, allowance)
  switch (content.kind) {
    case 'random':
      await readRandom(content, recorder, layer)
      break
    case 'stream':
      await readStream(content.tar, recorder, layer, budget, memory)
      break
    case 'entries':
      for (const {entry, body} of content.entries) {
        recorder.addReadable(entry, body)
      }
      break
    default:
      return unreachable(content)
  }
  recorder.progress()
  return recorder.record
}

/** Where a digest is checked meanwhile, that it is wrong is the better answer to what is no tar. */
async function readRandom(
  {tar, check}: Extract<LayerContent, {kind: 'random'}>,
  recorder: Recorder,
  layer: Layer,
): Promise<void> {
  const checked = check?.()
  checked?.catch(() => {
    // Below it is waited for.
  })
  // Walking lets nothing else begin.
  if (checked !== undefined) await setImmediate()
  try {
    walkTar(tar, new RandomSink(recorder, tar), layer.name)
  } finally {
    await checked
  }
}

/** What is no tar is read to its end all the same where a digest is checked: that it is wrong is the better answer. */
async function readStream(
  tar: AsyncIterable<Uint8Array>,
  recorder: Recorder,
  layer: Layer,
  budget: Budget,
  memory: BodyMemory,
): Promise<void> {
  const sink = new StreamSink(recorder, memory, bytes => budget.keep(layer.index, bytes))
  const walker = new TarWalker(sink, layer.name)
  let malformed: unknown
  try {
    for await (const chunk of tar) {
      if (malformed !== undefined) continue
      await budget.turn(layer.index)
      try {
        walker.push(chunk)
      } catch (error) {
        if (!layer.verified) throw error
        malformed = error
        budget.leave(layer.index)
      }
      recorder.doneBytes += chunk.length
      recorder.progress()
    }
    if (malformed !== undefined) throw malformed
    walker.end()
    recorder.sayRatio()
  } finally {
    budget.leave(layer.index)
  }
}

/** Stands for what is not even read, since what its layer said before takes all the room that there is. */
const unread = Symbol('unread')

/** Entries between two looks at the clock. */
const entriesPerEvent = 512

/** Collects entries, what was found in them, and warnings. */
class Recorder {
  readonly record = new LayerRecord()
  doneBytes = 0
  #largest: Entry | null = null
  readonly #layer: Layer
  readonly #collectors: readonly Collector[]
  readonly #on: OnEvent
  readonly #allowance: Allowance

  constructor(layer: Layer, collectors: readonly Collector[], on: OnEvent, allowance: Allowance) {
    this.#layer = layer
    this.#collectors = collectors
    this.#on = on
    this.#allowance = allowance
  }

  /** A member as an entry; null, with a warning, for what is no file of the image. */
  entryOf(member: TarMember): Entry | null {
    const type = types.get(member.flag)
    if (type === undefined)
      return this.#skip(member, 'TAR_UNKNOWN_TYPE', `has the unknown tar type ${JSON.stringify(member.flag)}`)
    if (member.name.length > limits.pathBytes) {
      return this.#skip(member, 'TAR_LONG_PATH', `has a path of ${member.name.length} bytes; no system can open it`)
    }
    if (member.linkName.length > limits.pathBytes) {
      return this.#skip(
        member,
        'TAR_LONG_PATH',
        `links to a path of ${member.linkName.length} bytes; no system can open it`,
      )
    }
    const {path, climbs} = cleanPath(member.name)
    if (climbs)
      this.warn(
        'TAR_PATH_CLIMBS',
        path,
        `the entry ${JSON.stringify(member.name)} points outside the root: kept inside, as ${path}`,
      )
    return {
      path,
      type,
      size: type === 'file' ? member.size : 0,
      mode: member.mode,
      uid: member.uid,
      gid: member.gid,
      linkTarget: type === 'hardlink' ? cleanPath(member.linkName).path : type === 'symlink' ? member.linkName : '',
      ...(member.capability === null ? {} : {capability: member.capability}),
    }
  }

  wanting(entry: Entry): readonly Collector[] {
    if (entry.type !== 'file') return []
    return this.#collectors.filter(collector => entry.size >= (collector.magic?.length ?? 0) && collector.wants(entry))
  }

  /** Adds an entry whose whole body can be read now. */
  add(entry: Entry, body: ByteSource | null): void {
    const found = body === null ? nothingFound : this.collect(this.wanting(entry), entry, body)
    this.#setFound(this.#push(entry), found)
  }

  /** As {@link add}, for a file of its own. That one cannot be read, as others of another user, is no reason to give up. */
  addReadable(entry: Entry, body: (ByteSource & {close(): void}) | null): void {
    try {
      this.add(entry, body)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      this.add(entry, null)
      this.warn('FILE_UNREADABLE', entry.path, `${entry.path} was not looked at: ${error.message}`, true)
    } finally {
      body?.close()
    }
  }

  /** What `collectors` make of a body. */
  collect(collectors: readonly Collector[], entry: Entry, body: ByteSource): Found {
    let found: Map<string, unknown> | null = null
    const head = collectors.length === 0 ? nothing : body.read(0, magicBytes)
    for (const collector of collectors) {
      if (!beginsWith(head, collector.magic)) continue
      if (collector.weigh !== undefined && this.record.weighedBytes > limits.foundBytes) {
        found ??= new Map()
        found.set(collector.name, unread)
        continue
      }
      const value = collector.read(body, entry, warning => this.record.warnings.add({path: entry.path, ...warning}))
      if (value === undefined) continue
      found ??= new Map()
      found.set(collector.name, value)
    }
    return found ?? nothingFound
  }

  /** Keeps the place of an entry whose body is still coming. */
  reserve(entry: Entry): (found: Found) => void {
    const at = this.#push(entry)
    return found => this.#setFound(at, found)
  }

  warn(code: string, path: string, message: string, hides = false): void {
    this.record.warnings.add({code, path, message, ...(hides ? {hides} : {})})
  }

  /** A bomb that went off within the limits was looked at in full; that it is one is worth a word. */
  sayRatio(): void {
    const {name, storedBytes} = this.#layer
    const largest = this.#largest
    if (storedBytes === null || largest === null || this.doneBytes <= limits.ratioFreeBytes) return
    if (this.doneBytes <= storedBytes * limits.oddRatio) return
    this.warn(
      'ARCHIVE_RATIO',
      largest.path,
      `${name} inflates from ${storedBytes} bytes to ${this.doneBytes}, as a decompression bomb does; ` +
        `its largest file is ${largest.path} with ${largest.size} bytes`,
    )
  }

  progress(): void {
    const {index, storedBytes} = this.#layer
    this.#on({
      type: 'layer',
      index,
      of: 0,
      doneBytes: this.doneBytes,
      totalBytes: storedBytes,
      entries: this.record.length,
    })
  }

  #setFound(index: number, found: Found): void {
    if (found.size === 0) return
    this.record.setFound(index, found)
    for (const collector of this.#collectors) {
      const value = found.get(collector.name)
      const bytes = value === unread ? 1 : value === undefined ? 0 : (collector.weigh?.(value) ?? 0)
      if (bytes > 0) this.record.weigh({index, collector: collector.name, bytes})
    }
    this.#allowance.found(this.#layer.index, this.record)
  }

  #push(entry: Entry): number {
    const over = this.#allowance.entry(entry.path.length + entry.linkTarget.length)
    if (over !== null) {
      throw new ArchiveError('ARCHIVE_LIMIT', `${this.#layer.name}: there are ${over}`, {
        hint: 'Raise the limit with --limit entries=5000000 where there is memory for so many.',
      })
    }
    if (this.record.length % entriesPerEvent === 0) this.progress()
    if (this.#largest === null || entry.size > this.#largest.size) this.#largest = entry
    return this.record.add(entry)
  }

  #skip(member: TarMember, code: string, what: string): null {
    const {path} = cleanPath(member.name.slice(0, 200))
    this.warn(code, path, `the entry ${JSON.stringify(member.name.slice(0, 200))} ${what}: left out`, true)
    return null
  }
}

/** Reads wanted bodies where they stand; the walker passes over them. */
class RandomSink implements TarSink {
  readonly #recorder: Recorder
  readonly #tar: ByteSource

  constructor(recorder: Recorder, tar: ByteSource) {
    this.#recorder = recorder
    this.#tar = tar
  }

  member(member: TarMember): null {
    this.#recorder.doneBytes = member.offset
    const entry = this.#recorder.entryOf(member)
    if (entry !== null) this.#recorder.add(entry, entry.type === 'file' ? memberSource(this.#tar, member) : null)
    return null
  }
}

/** Keeps wanted bodies while they stream by. */
class StreamSink implements TarSink {
  readonly #recorder: Recorder
  readonly #keep: (bytes: number) => void
  readonly #memory: BodyMemory

  /** @param keep told how many bytes are kept, and, with negative numbers, let go */
  constructor(recorder: Recorder, memory: BodyMemory, keep: (bytes: number) => void) {
    this.#recorder = recorder
    this.#memory = memory
    this.#keep = keep
  }

  member(member: TarMember): BodyWriter | null {
    const entry = this.#recorder.entryOf(member)
    if (entry === null) return null
    const wanting = this.#recorder.wanting(entry)
    if (wanting.length === 0) {
      this.#recorder.add(entry, null)
      return null
    }
    const finish = this.#recorder.reserve(entry)
    return new KeptBody(wanting, entry.size, this.#memory, this.#keep, (still, body) =>
      finish(this.#recorder.collect(still, entry, body)),
    )
  }
}

/** Bytes that tell whether a body begins as its collectors want it. */
const magicBytes = 16
const nothing = new Uint8Array(0)

/** The first bytes of a body, as many as somebody wants; dropped as soon as the beginning says that nobody does. */
class KeptBody implements BodyWriter {
  limit = 0
  #wanting: readonly Collector[]
  readonly #size: number
  readonly #memory: BodyMemory
  readonly #keep: (bytes: number) => void
  readonly #done: (wanting: readonly Collector[], body: ByteSource) => void
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #reserved = 0
  #filled = 0

  constructor(
    wanting: readonly Collector[],
    size: number,
    memory: BodyMemory,
    keep: (bytes: number) => void,
    done: (wanting: readonly Collector[], body: ByteSource) => void,
  ) {
    this.#wanting = wanting
    this.#size = size
    this.#memory = memory
    this.#keep = keep
    this.#done = done
    this.#setLimit()
  }

  write(chunk: Uint8Array): void {
    if (this.#filled >= this.limit) return
    if (this.#filled === 0 && !this.#begin(chunk)) return
    const part = chunk.subarray(0, this.#reserved - this.#filled)
    this.#bytes.set(part, this.#filled)
    this.#filled += part.length
  }

  end(): void {
    if (this.#wanting.length > 0) this.#done(this.#wanting, memorySource(this.#bytes.subarray(0, this.#filled), false))
    this.#keep(-this.#reserved)
    this.#memory.giveBack(this.#bytes)
  }

  /** @returns whether anybody still wants it */
  #begin(chunk: Uint8Array): boolean {
    if (chunk.length >= magicBytes) {
      this.#wanting = this.#wanting.filter(collector => beginsWith(chunk, collector.magic))
      this.#setLimit()
      if (this.limit === 0) return false
    }
    this.#reserved = Math.min(this.limit, this.#size)
    this.#bytes = this.#memory.take(this.#reserved)
    this.#keep(this.#reserved)
    return true
  }

  #setLimit(): void {
    this.limit = Math.max(0, ...this.#wanting.map(({limitBytes}) => limitBytes))
  }
}

function beginsWith(head: Uint8Array, magic: Uint8Array | undefined): boolean {
  if (magic === undefined) return true
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte)
}
