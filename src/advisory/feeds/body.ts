import {closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync} from 'node:fs'
import {decompress} from '../../archive/compression.js'
import type {ByteSource} from '../../model/bytes.js'
import {DatabaseError} from '../../model/errors.js'

/** A document of a feed that was fetched: a file, read as far as somebody asks. */
export class FeedBody {
  readonly #file: string
  /** Names it in errors: its path among the feeds. */
  readonly where: string

  constructor(file: string, where: string) {
    this.#file = file
    this.where = where
  }

  bytes(): Buffer {
    return readFileSync(this.#file)
  }

  text(): string {
    return this.bytes().toString('utf8')
  }

  /** @throws {DatabaseError} DATABASE_FEED where it is no JSON */
  json(): unknown {
    return parseJson(this.text(), this.where)
  }

  /** Its bytes as they come, inflated where they are compressed. */
  stream(): AsyncIterable<Uint8Array> {
    return decompress(createReadStream(this.#file, {highWaterMark: 256 * 1024}), this.where)
  }

  /** Reads it at offsets, for as long as `work` takes. */
  async *open<Item>(work: (source: ByteSource) => Iterable<Item>): AsyncGenerator<Item> {
    const fd = openSync(this.#file, 'r')
    try {
      const sizeBytes = fstatSync(fd).size
      yield* work({
        sizeBytes,
        read(offset, length) {
          const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, sizeBytes - offset)))
          return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset))
        },
      })
    } finally {
      closeSync(fd)
    }
  }
}

/**
 * A table of lines, if it is whole: the last number of a cut one would be a smaller number.
 * @throws {DatabaseError} DATABASE_FEED where it is empty, or ends in the middle of a line
 */
export function wholeLines(text: string, where: string): string {
  if (text.endsWith('\n')) return text
  const what = text === '' ? 'is empty' : 'ends in the middle of a line'
  throw new DatabaseError('DATABASE_FEED', `${where} ${what}`, {hint: 'Fetch it again.'})
}

/** @throws {DatabaseError} DATABASE_FEED */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DatabaseError('DATABASE_FEED', `${where} is not JSON`, {cause})
  }
}
