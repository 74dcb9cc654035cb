import {ArchiveError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {decodeName} from './names.js'
import {type PaxRecords, parsePax} from './pax.js'
import {checkedFragments, DataSparseMap, expanding, type Fragment, gnuSparseEntries} from './sparse.js'
import {blockBytes, damaged, isZeroBlock, numeric, parseTarHeader, type TarHeader} from './tar-header.js'

/** One member: its header, with what extended headers and long names said instead. */
export interface TarMember {
  readonly flag: string
  readonly name: string
  readonly linkName: string
  /** As the file reads; for a sparse one more than is stored. */
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly capability: Uint8Array | null
  /** Where its stored bytes begin in the tar, and how many there are. */
  readonly offset: number
  readonly storedSize: number
  readonly fragments: readonly Fragment[] | null
}

/** Takes the body of one member, at most `limit` bytes of it. */
export interface BodyWriter {
  readonly limit: number
  /** `chunk` is valid until the call returns. */
  write(chunk: Uint8Array): void
  end(): void
}

export interface TarSink {
  /** @returns who takes the body; null to skip it */
  member(member: TarMember): BodyWriter | null
}

type State = 'header' | 'metadata' | 'sparse-extension' | 'sparse-map' | 'body' | 'end'

/** A sparse file whose map is still being read. */
interface SparseMember {
  readonly header: TarHeader
  readonly realSize: number
  pairs: number[]
  readonly map: DataSparseMap
}

const headerOnly = new Set(['1', '2', '3', '4', '5', '6'])

/**
 * Walks a tar as its bytes are pushed, in chunks of any size. Bodies that nobody wants are counted, not touched:
 * who can seek asks {@link skippable} and goes there.
 *
 * Reads POSIX ustar and pax, GNU (long names, sparse, base-256), star and v7. Global extended headers are passed over,
 * as container runtimes do.
 */
export class TarWalker {
  readonly #sink: TarSink
  readonly #where: string
  #state: State = 'header'
  #position = 0
  readonly #block = new Uint8Array(blockBytes)
  #blockFill = 0
  #zeroBlocks = 0
  #members = 0

  #metadataFlag = ''
  #metadata = new Uint8Array(0)
  #metadataFill = 0
  #pax: PaxRecords = {}
  #longName: string | null = null
  #longLink: string | null = null

  #sparse: SparseMember | null = null
  #remaining = 0
  #padding = 0
  #memberName = ''
  #writer: BodyWriter | null = null

  /** @param where names the archive in errors */
  constructor(sink: TarSink, where: string) {
    this.#sink = sink
    this.#where = where
  }

  /** Has the end of the archive been seen? What follows it is ignored. */
  get ended(): boolean {
    return this.#state === 'end'
  }

  /** Members seen so far. */
  get members(): number {
    return this.#members
  }

  /** Bytes from here on that would be counted and dropped. */
  get skippable(): number {
    if (this.#state !== 'body') return 0
    return this.#writer === null ? this.#remaining + this.#padding : 0
  }

  /** Goes `count` bytes on, at most {@link skippable}. */
  skip(count: number): void {
    // Between bodies there is nothing to pass over, and nothing to leave: a header may be half read.
    if (this.#state !== 'body') return
    const body = Math.min(count, this.#remaining)
    this.#remaining -= body
    this.#padding -= count - body
    this.#position += count
    this.#leaveBodyIfDone()
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      const before = at
      switch (this.#state) {
        case 'header':
        case 'sparse-extension':
        case 'sparse-map':
          at = this.#takeBlock(chunk, at)
          break
        case 'metadata':
          at = this.#takeMetadata(chunk, at)
          break
        case 'body':
          at = this.#takeBody(chunk, at)
          break
        case 'end':
          at = chunk.length
          break
      }
      this.#position += at - before
    }
  }

  /**
   * Says that no more bytes come.
   * @throws {ArchiveError} ARCHIVE_TRUNCATED inside a header or a body; a missing end mark is common and no error
   */
  end(): void {
    const inBody = this.#state === 'body' && this.#remaining > 0
    const inHeader = this.#blockFill > 0 && this.#block.subarray(0, this.#blockFill).some(byte => byte !== 0)
    if (inBody) throw this.#truncated(`inside ${JSON.stringify(this.#memberName.slice(0, 200))}`)
    if (inHeader) throw this.#truncated('inside a tar header')
    if (this.#state === 'metadata' || this.#sparse !== null) throw this.#truncated('inside an extended tar header')
    this.#state = 'end'
  }

  /** Collects a whole block, without a copy where the chunk holds it all. */
  #takeBlock(chunk: Uint8Array, at: number): number {
    if (this.#blockFill === 0 && chunk.length - at >= blockBytes) {
      this.#position += blockBytes
      this.#onBlock(chunk, at)
      this.#position -= blockBytes
      return at + blockBytes
    }
    const count = Math.min(blockBytes - this.#blockFill, chunk.length - at)
    this.#block.set(chunk.subarray(at, at + count), this.#blockFill)
    this.#blockFill += count
    if (this.#blockFill === blockBytes) {
      this.#blockFill = 0
      this.#position += count
      this.#onBlock(this.#block, 0)
      this.#position -= count
    }
    return at + count
  }

  #onBlock(bytes: Uint8Array, at: number): void {
    if (this.#state === 'sparse-extension') this.#onSparseExtension(bytes.subarray(at, at + blockBytes))
    else if (this.#state === 'sparse-map') this.#onSparseMap(bytes.subarray(at, at + blockBytes))
    else if (bytes[at] !== 0 || !isZeroBlock(bytes, at)) {
      this.#zeroBlocks = 0
      this.#onHeader(bytes, at)
    } else if (++this.#zeroBlocks === 2) this.#state = 'end'
  }

  #onHeader(bytes: Uint8Array, at: number): void {
    const header = parseTarHeader(bytes, at, this.#here)
    if ('xgLK'.includes(header.flag)) this.#beginMetadata(header)
    else if (header.flag === 'S') this.#beginGnuSparse(header, bytes.subarray(at, at + blockBytes))
    else if (this.#pax.sparse !== undefined && !headerOnly.has(header.flag))
      this.#beginPaxSparse(header, this.#pax.sparse)
    else this.#beginMember(header, this.#storedSize(header), null, null)
  }

  #beginMetadata(header: TarHeader): void {
    if (header.size > limits.tarMetadataBytes) {
      const text = `${this.#here()}: an extended tar header states ${header.size} bytes; ${limits.tarMetadataBytes} is the limit`
      throw new ArchiveError('ARCHIVE_LIMIT', text, damaged)
    }
    this.#metadataFlag = header.flag
    this.#metadata = new Uint8Array(header.size)
    this.#metadataFill = 0
    this.#padding = paddingOf(header.size)
    this.#state = 'metadata'
    if (header.size === 0) this.#endMetadata()
  }

  #takeMetadata(chunk: Uint8Array, at: number): number {
    const count = Math.min(this.#metadata.length - this.#metadataFill, chunk.length - at)
    this.#metadata.set(chunk.subarray(at, at + count), this.#metadataFill)
    this.#metadataFill += count
    const rest = this.#metadataFill === this.#metadata.length ? Math.min(this.#padding, chunk.length - at - count) : 0
    this.#padding -= rest
    if (this.#metadataFill === this.#metadata.length && this.#padding === 0) this.#endMetadata()
    return at + count + rest
  }

  #endMetadata(): void {
    this.#state = 'header'
    if (this.#metadataFlag === 'x') this.#pax = parsePax(this.#metadata, this.#here)
    else if (this.#metadataFlag !== 'g') {
      const end = this.#metadata.indexOf(0)
      const name = decodeName(end < 0 ? this.#metadata : this.#metadata.subarray(0, end))
      if (this.#metadataFlag === 'L') this.#longName = name
      else this.#longLink = name
    }
    this.#metadata = new Uint8Array(0)
  }

  #beginGnuSparse(header: TarHeader, block: Uint8Array): void {
    const realSize = numeric(block, 483, 12)
    if (realSize === null || realSize < 0)
      throw new ArchiveError('ARCHIVE_BAD_HEADER', `${this.#here()}: a sparse file without a size`, damaged)
    const {pairs, more} = gnuSparseEntries(block, 'header', this.#here)
    this.#sparse = {header, realSize, pairs, map: new DataSparseMap(this.#here)}
    if (more) this.#state = 'sparse-extension'
    else this.#endSparse(this.#storedSize(header))
  }

  #onSparseExtension(block: Uint8Array): void {
    const sparse = this.#sparse as SparseMember
    const {pairs, more} = gnuSparseEntries(block, 'extension', this.#here)
    sparse.pairs.push(...pairs)
    if (sparse.pairs.length / 2 > limits.sparseFragments)
      throw new ArchiveError('ARCHIVE_LIMIT', `${this.#here()}: too many sparse fragments`, damaged)
    if (!more) this.#endSparse(this.#storedSize(sparse.header))
  }

  #beginPaxSparse(header: TarHeader, keys: NonNullable<PaxRecords['sparse']>): void {
    const stored = this.#storedSize(header)
    const pairs = [...(keys.map ?? [])]
    this.#sparse = {header, realSize: keys.realSize ?? stored, pairs, map: new DataSparseMap(this.#here)}
    this.#remaining = stored
    if (!keys.inData) this.#endSparse(stored)
    else if (stored >= blockBytes) this.#state = 'sparse-map'
    else throw new ArchiveError('ARCHIVE_BAD_HEADER', `${this.#here()}: a sparse file without its map`, damaged)
  }

  #onSparseMap(block: Uint8Array): void {
    const sparse = this.#sparse as SparseMember
    this.#remaining -= blockBytes
    const pairs = sparse.map.push(block)
    if (pairs !== null) {
      sparse.pairs = pairs
      this.#endSparse(this.#remaining)
    } else if (this.#remaining < blockBytes) {
      throw new ArchiveError('ARCHIVE_BAD_HEADER', `${this.#here()}: the map of a sparse file has no end`, damaged)
    }
  }

  #endSparse(storedSize: number): void {
    const {header, realSize, pairs} = this.#sparse as SparseMember
    this.#sparse = null
    const fragments = checkedFragments(pairs, realSize, this.#here)
    this.#beginMember(header, storedSize, realSize, fragments)
  }

  /** Bytes that follow the header. Links, devices and folders have none, whatever their size field says. */
  #storedSize(header: TarHeader): number {
    return headerOnly.has(header.flag) ? 0 : (this.#pax.size ?? header.size)
  }

  #beginMember(header: TarHeader, storedSize: number, realSize: number | null, fragments: Fragment[] | null): void {
    const name = this.#pax.path ?? this.#longName ?? header.name
    const member: TarMember = {
      flag: memberFlag(header.flag, name),
      name,
      linkName: this.#pax.linkPath ?? this.#longLink ?? header.linkName,
      size: realSize ?? storedSize,
      mode: header.mode,
      uid: this.#pax.uid ?? header.uid,
      gid: this.#pax.gid ?? header.gid,
      capability: this.#pax.capability ?? null,
      offset: this.#position,
      storedSize,
      fragments,
    }
    this.#pax = {}
    this.#longName = null
    this.#longLink = null
    this.#members++
    this.#memberName = member.name
    const writer = this.#sink.member(member)
    this.#writer = writer === null || fragments === null ? writer : expanding(writer, fragments, member.size)
    this.#remaining = storedSize
    this.#padding = paddingOf(storedSize)
    this.#state = 'body'
    this.#leaveBodyIfDone()
  }

  #takeBody(chunk: Uint8Array, at: number): number {
    const count = Math.min(this.#remaining, chunk.length - at)
    if (count > 0) {
      this.#writer?.write(chunk.subarray(at, at + count))
      this.#remaining -= count
    }
    const rest = this.#remaining === 0 ? Math.min(this.#padding, chunk.length - at - count) : 0
    this.#padding -= rest
    this.#leaveBodyIfDone()
    return at + count + rest
  }

  #leaveBodyIfDone(): void {
    if (this.#remaining > 0) return
    this.#writer?.end()
    this.#writer = null
    if (this.#padding === 0) this.#state = 'header'
  }

  readonly #here = (): string => `${this.#where}, byte ${this.#position}`

  #truncated(what: string): ArchiveError {
    return new ArchiveError('ARCHIVE_TRUNCATED', `${this.#where} ends ${what}`, {
      hint: 'The file is cut off. Save, download or pull it again.',
    })
  }
}

/** Old archives mark files and folders with NUL; only the name tells them apart. */
function memberFlag(flag: string, name: string): string {
  if (flag === '\0') return name.endsWith('/') ? '5' : '0'
  return flag === 'S' ? '0' : flag
}

function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes
}
