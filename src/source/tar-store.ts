import {sniffBytes, sniffCompression} from '../archive/compression.js'
import type {TarMember, TarSink} from '../archive/tar.js'
import {TarWalker} from '../archive/tar.js'
import {memberSource, walkTar} from '../archive/tar-source.js'
import {unpack} from '../archive/unpack.js'
import {PiecesSource} from '../bytes/source.js'
import {type ByteSource, copyBytes} from '../model/bytes.js'
import {ArchiveError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import {limits} from '../model/limits.js'
import {cleanPath} from '../model/path.js'
import {mapConcurrent} from './concurrent.js'
import {type Blob, type BlobStore, layersAtOnce} from './store.js'

/** A tar file that holds an image, or is a root file system itself. */
export interface TarArchive extends BlobStore {
  /** The whole tar, for a root file system. */
  readonly tar: ByteSource | (() => AsyncIterable<Uint8Array>)
  /** Bytes of the file, compressed or not. */
  readonly storedBytes: number
}

/** Reads the names in a tar: plain ones by their headers; a compressed one is inflated once. */
export async function openTar(
  file: ByteSource & {close(): void},
  name: string,
  on: OnEvent = () => {},
  spoolBytes: number = limits.spoolBytes,
): Promise<TarArchive> {
  const index = new TarIndex(name)
  if (sniffCompression(file.read(0, sniffBytes)) === 'none') {
    walkTar(file, index, name)
    return randomArchive(file, index, name, false, file)
  }
  const walker = new TarWalker(index, name)
  let spool: PiecesSource | null = new PiecesSource(true)
  const onRead = (doneBytes: number) => on({type: 'read', doneBytes, totalBytes: file.sizeBytes})
  for await (const chunk of unpack(file, {where: name, onRead})) {
    walker.push(chunk)
    spool?.push(copyBytes(chunk))
    if (spool === null || spool.sizeBytes <= spoolBytes) continue
    spool.clear()
    spool = null
  }
  walker.end()
  return spool === null ? inflatedArchive(file, index, name) : randomArchive(spool, index, name, true, file)
}

/** What one fragment of a sparse file takes in memory. */
const fragmentBytes = 40

/** What tells a root file system from an image: remembered of every archive, however many members it has. */
const telling = new Set(['manifest.json', 'oci-layout', 'index.json', 'etc/os-release', 'etc/alpine-release'])

/**
 * Where the members of an archive are; of two with one name the last counts. An archive with more members than any image
 * has is a root file system: of that nothing is looked up by name, and only the {@link telling} names are kept.
 */
class TarIndex implements TarSink {
  readonly #members = new Map<string, TarMember>()
  readonly #links = new Map<string, string>()
  /** Bodies of members that can be JSON documents, for archives that are inflated as they are read. */
  readonly kept = new Map<string, Uint8Array>()
  #keptBytes = 0
  /** Of names, and of the maps of sparse files. */
  #heldBytes = 0
  #isTooLarge = false
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  member(member: TarMember) {
    const {path} = cleanPath(member.name)
    this.#heldBytes += path.length + member.linkName.length + (member.fragments?.length ?? 0) * fragmentBytes
    const isMany = this.#members.size + this.#links.size >= limits.archiveMembers
    if (isMany || this.#heldBytes > limits.archiveNameBytes) this.#giveUp()
    if (this.#isTooLarge && !telling.has(path)) return null
    this.#members.delete(path)
    this.#links.delete(path)
    if (member.flag === '2') this.#links.set(path, cleanPath(`${parentOf(path)}/${member.linkName}`).path)
    else if (member.flag === '1') this.#links.set(path, cleanPath(member.linkName).path)
    else if (member.flag === '0' || member.flag === '7') {
      this.#members.set(path, member)
      return this.#keeps(member) ? this.#keep(path, member.size) : null
    }
    return null
  }

  find(path: string): TarMember | undefined {
    if (this.#isTooLarge && !telling.has(path)) {
      throw new ArchiveError(
        'ARCHIVE_LIMIT',
        `${this.#name} has more than ${limits.archiveMembers} members, or more than ${limits.archiveNameBytes} bytes of names: too many for an image`,
        {hint: 'Write rootfs: before it if it is a root file system.'},
      )
    }
    const member = this.#members.get(this.#resolve(path))
    if (member !== undefined) this.#refuseHollow(path, member)
    return member
  }

  /** A sparse file costs nothing to store: what it reads as is bounded as what a stream inflates to is. */
  #refuseHollow(path: string, {size, storedSize, fragments}: TarMember): void {
    const most = Math.max(limits.ratioFreeBytes, storedSize * limits.inflateRatio)
    if (fragments !== null && size > most) {
      const text = `${path} in ${this.#name} is a sparse file of ${size} bytes, of which ${storedSize} are stored: refused`
      throw new ArchiveError('ARCHIVE_LIMIT', text)
    }
  }

  keptBody(path: string): Uint8Array | undefined {
    return this.kept.get(this.#resolve(path))
  }

  /** Old `docker save` links a layer that two images share. */
  #resolve(path: string): string {
    let at = cleanPath(path).path as string
    for (let hops = 0; hops < limits.linkDepth; hops++) {
      const target = this.#links.get(at)
      if (target === undefined) return at
      at = target
    }
    return at
  }

  #giveUp(): void {
    this.#isTooLarge = true
    for (const path of this.#members.keys()) if (!telling.has(path)) this.#members.delete(path)
    for (const path of this.#links.keys()) if (!telling.has(path)) this.#links.delete(path)
    for (const path of this.kept.keys()) if (!telling.has(path)) this.kept.delete(path)
  }

  #keeps(member: TarMember): boolean {
    return member.size > 0 && member.size <= limits.jsonBytes && this.#keptBytes + member.size <= limits.keptBytes
  }

  /** Keeps a body that begins as a JSON document does. */
  #keep(path: string, size: number) {
    let chunks: Uint8Array[] | null = []
    return {
      limit: size,
      write: (chunk: Uint8Array) => {
        if (chunks?.length === 0 && chunk.length > 0 && !looksLikeJson(chunk, path)) chunks = null
        chunks?.push(copyBytes(chunk))
      },
      end: () => {
        if (chunks === null) return
        this.#keptBytes += size
        this.kept.set(path, Buffer.concat(chunks))
      },
    }
  }
}

/** The documents that are read by name are kept whatever they hold, so that an error can say what is wrong with them. */
function looksLikeJson(chunk: Uint8Array, path: string): boolean {
  return chunk[0] === 0x7b || chunk[0] === 0x5b || path === 'manifest.json' || path === 'index.json'
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function randomArchive(
  tar: ByteSource,
  index: TarIndex,
  name: string,
  inMemory: boolean,
  file: {readonly sizeBytes: number; close(): void},
): TarArchive {
  const open = (path: string): ByteSource => {
    const member = index.find(path)
    return member === undefined ? {sizeBytes: 0, read: () => new Uint8Array(0)} : memberSource(tar, member)
  }
  return {
    name,
    tar,
    storedBytes: file.sizeBytes,
    inMemory,
    sizeOf: path => index.find(path)?.size ?? null,
    small: path => open(path).read(0, limits.jsonBytes),
    readBlobs: (paths, use) => mapConcurrent(paths, layersAtOnce, (path, at) => use(open(path), at)),
    close: () => file.close(),
  }
}

/** An archive too large to keep inflated: each reading of layers inflates it once more, from start to end. */
function inflatedArchive(file: ByteSource & {close(): void}, index: TarIndex, name: string): TarArchive {
  const tar = () => unpack(file, {where: name})
  return {
    name,
    tar,
    storedBytes: file.sizeBytes,
    inMemory: true,
    sizeOf: path => index.find(path)?.size ?? null,
    small: path => index.keptBody(path) ?? new Uint8Array(0),
    async readBlobs(paths, use) {
      const spans = paths.map((path, at) => ({at, member: index.find(path)}))
      const ordered = spans.sort((a, b) => (a.member?.offset ?? 0) - (b.member?.offset ?? 0))
      const results: Awaited<ReturnType<typeof use>>[] = new Array(paths.length)
      const reader = new SequentialReader(tar())
      try {
        for (let i = 0; i < ordered.length; i++) {
          const {at, member} = ordered[i] as (typeof ordered)[number]
          const previous = ordered[i - 1]
          if (previous !== undefined && previous.member === member)
            results[at] = results[previous.at] as (typeof results)[number]
          else results[at] = await use(member === undefined ? nothing() : reader.body(member), at)
        }
      } finally {
        await reader.close()
      }
      return results
    },
    close: () => file.close(),
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A member that is not there.
}

/** Parts of a stream, one after the other. */
class SequentialReader {
  readonly #source: AsyncIterator<Uint8Array>
  #position = 0
  #rest: Uint8Array = new Uint8Array(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The content of a member, with the holes of a sparse one. */
  async *body({offset, storedSize, fragments, size}: TarMember): AsyncGenerator<Uint8Array> {
    if (fragments === null) {
      yield* this.span(offset, storedSize)
      return
    }
    let stored = offset
    let at = 0
    for (const fragment of fragments) {
      yield* zeros(fragment.offset - at)
      yield* this.span(stored, fragment.length)
      stored += fragment.length
      at = fragment.offset + fragment.length
    }
    yield* zeros(size - at)
  }

  /** The bytes from `offset`, which lies at or after the end of the span before. */
  async *span(offset: number, sizeBytes: number): AsyncGenerator<Uint8Array> {
    const end = offset + sizeBytes
    while (this.#position < end) {
      if (this.#rest.length === 0) {
        const next = await this.#source.next()
        if (next.done === true) return
        this.#rest = next.value
      }
      const skip = Math.min(this.#rest.length, Math.max(0, offset - this.#position))
      const take = this.#rest.subarray(skip, skip + end - this.#position - skip)
      this.#position += skip + take.length
      this.#rest = this.#rest.subarray(skip + take.length)
      if (take.length > 0) yield take
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }
}

function* zeros(count: number): Generator<Uint8Array> {
  const block = new Uint8Array(Math.min(count, 65_536))
  for (let missing = count; missing > 0; missing -= block.length) yield block.subarray(0, missing)
}

/** Has this blob offsets? */
export function isRandom(blob: Blob): blob is ByteSource {
  return 'read' in blob
}
