import type {ByteSource} from '../model/bytes.js'
import {ArchiveError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {decimal} from './pax.js'
import type {BodyWriter} from './tar.js'
import {damaged, numeric} from './tar-header.js'

/** A run of bytes that is stored; what lies between runs is zero. */
export interface Fragment {
  /** In the file as it reads. */
  readonly offset: number
  readonly length: number
}

/**
 * Pairs of offset and length as fragments.
 * @throws {ArchiveError} where they overlap, run backwards, leave the file, or are too many
 */
export function checkedFragments(pairs: readonly number[], realSize: number, where: () => string): Fragment[] {
  if (pairs.length / 2 > limits.sparseFragments) {
    throw new ArchiveError('ARCHIVE_LIMIT', `${where()}: more than ${limits.sparseFragments} sparse fragments`, damaged)
  }
  const fragments: Fragment[] = []
  let end = 0
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const offset = pairs[i] as number
    const length = pairs[i + 1] as number
    if (!(offset >= end && length >= 0 && offset + length <= realSize)) throw badMap(where)
    end = offset + length
    if (length > 0) fragments.push({offset, length})
  }
  return fragments
}

/** The fragments of a GNU header of type `S`, or of one of its extension blocks; `more` says that another follows. */
export function gnuSparseEntries(block: Uint8Array, kind: 'header' | 'extension', where: () => string) {
  const [start, entries, moreAt] = kind === 'header' ? [386, 4, 482] : [0, 21, 504]
  const pairs: number[] = []
  for (let i = 0; i < entries; i++) {
    if (block[start + i * 24] === 0) break
    const offset = numeric(block, start + i * 24, 12)
    const length = numeric(block, start + i * 24 + 12, 12)
    if (offset === null || length === null) throw badMap(where)
    pairs.push(offset, length)
  }
  return {pairs, more: block[moreAt] !== 0}
}

/**
 * Collects the map that PAX sparse 1.0 puts before the data, a block at a time: a count, then offset and length of each
 * fragment, one number a line, padded to whole blocks.
 */
export class DataSparseMap {
  readonly #where: () => string
  readonly #numbers: number[] = []
  #digits = ''

  constructor(where: () => string) {
    this.#where = where
  }

  /** @returns the pairs, once this block ends them */
  push(block: Uint8Array): number[] | null {
    for (const byte of block) {
      if (byte !== 0x0a) {
        this.#digits += String.fromCharCode(byte)
        if (this.#digits.length > 16) throw badMap(this.#where)
        continue
      }
      const number = decimal(this.#digits)
      this.#digits = ''
      if (Number.isNaN(number) || (this.#numbers.length === 0 && number > limits.sparseFragments))
        throw badMap(this.#where)
      this.#numbers.push(number)
      if (this.#numbers.length === 1 + (this.#numbers[0] as number) * 2) return this.#numbers.slice(1)
    }
    return null
  }
}

/** The file as it reads: stored fragments, and zeros between them. */
export function sparseSource(stored: ByteSource, fragments: readonly Fragment[], realSize: number): ByteSource {
  const storedAt = new Float64Array(fragments.length)
  for (let at = 1; at < fragments.length; at++)
    storedAt[at] = (storedAt[at - 1] as number) + (fragments[at - 1] as Fragment).length
  return {
    sizeBytes: realSize,
    lasting: stored.lasting === true,
    read(offset, length) {
      const from = Math.min(Math.max(0, offset), realSize)
      const bytes = new Uint8Array(Math.min(Math.max(0, length), realSize - from))
      const to = from + bytes.length
      for (let at = firstEndingAfter(fragments, from); at < fragments.length; at++) {
        const fragment = fragments[at] as Fragment
        if (fragment.offset >= to) break
        const start = Math.max(from, fragment.offset)
        const end = Math.min(to, fragment.offset + fragment.length)
        bytes.set(stored.read((storedAt[at] as number) + start - fragment.offset, end - start), start - from)
      }
      return bytes
    },
  }
}

/** By halves: a file of a hundred thousand fragments is read in thousands of places. */
function firstEndingAfter(fragments: readonly Fragment[], position: number): number {
  let low = 0
  let high = fragments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const {offset, length} = fragments[middle] as Fragment
    if (offset + length > position) high = middle
    else low = middle + 1
  }
  return low
}

/** Writes a sparse body as it reads: zeros where nothing is stored. */
export function expanding(writer: BodyWriter, fragments: readonly Fragment[], realSize: number): BodyWriter {
  const zeros = new Uint8Array(65_536)
  let position = 0
  let index = 0
  let used = 0
  const fill = (to: number) => {
    const end = Math.min(to, writer.limit)
    while (position < end) {
      const count = Math.min(zeros.length, end - position)
      writer.write(zeros.subarray(0, count))
      position += count
    }
    position = Math.max(position, to)
  }
  return {
    limit: writer.limit,
    write(chunk) {
      for (let at = 0; at < chunk.length && index < fragments.length; ) {
        const fragment = fragments[index] as Fragment
        fill(fragment.offset + used)
        const count = Math.min(fragment.length - used, chunk.length - at)
        writer.write(chunk.subarray(at, at + count))
        position += count
        used += count
        at += count
        if (used === fragment.length) {
          index++
          used = 0
        }
      }
    },
    end() {
      fill(realSize)
      writer.end()
    },
  }
}

function badMap(where: () => string): ArchiveError {
  return new ArchiveError('ARCHIVE_BAD_HEADER', `${where()}: the map of a sparse file is malformed`, damaged)
}
