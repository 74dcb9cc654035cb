import {Cursor} from '../bytes/cursor.js'
import type {ByteSource} from '../model/bytes.js'
import {ElfError} from '../model/errors.js'
import {elfLimits} from './limits.js'

/** A read costs about as much as copying this many bytes, and what is asked for next is often beside what was read. */
const windowBytes = 16 * 1024
const windowAlign = 4096
/** Names of sections stand before the table of sections, which is read first. */
const lookBehindBytes = 1024
const windowCount = 4

/** The bytes of one file, by offset: bounded, and read in windows so that neighbouring tables cost one read. */
export class FileBytes {
  readonly sizeBytes: number
  readonly where: string
  readonly little: boolean
  readonly #source: ByteSource
  /** Latest first. */
  #windows: {readonly start: number; readonly bytes: Uint8Array}[] = []

  constructor(source: ByteSource, where: string, little: boolean) {
    this.#source = source
    this.sizeBytes = source.sizeBytes
    this.where = where
    this.little = little
  }

  /**
   * Exactly `length` bytes from `offset`.
   * @param what named in errors: `the dynamic section`
   * @throws {ElfError} ELF_TRUNCATED outside the file, ELF_LIMIT for more than one table may have
   */
  take(offset: number, length: number, what: string): Uint8Array {
    // Written so that NaN fails, and no sum can overflow.
    if (!(offset >= 0 && length >= 0 && length <= this.sizeBytes - offset)) {
      const message = `${what} needs ${length} bytes at ${offset}, the file ends at ${this.sizeBytes}`
      throw new ElfError('ELF_TRUNCATED', `${this.where}: ${message}`)
    }
    if (length > elfLimits.tableBytes) {
      const message = `${what} at ${offset} has ${length} bytes, more than ${elfLimits.tableBytes}`
      throw new ElfError('ELF_LIMIT', `${this.where}: ${message}`)
    }
    const bytes = this.#read(offset, length)
    // A source may have said more than it has, as a file does that shrinks while it is read.
    if (bytes.length < length) {
      throw new ElfError('ELF_TRUNCATED', `${this.where}: ${what} at ${offset} ends after ${bytes.length} bytes`)
    }
    return bytes
  }

  /** As {@link take}, but as much of it as the file has. */
  takeUpTo(offset: number, length: number, what: string): Uint8Array {
    return this.take(offset, Math.min(length, Math.max(0, this.sizeBytes - offset)), what)
  }

  /** A cursor over {@link take}. */
  cursor(offset: number, length: number, what: string): Cursor {
    return new Cursor(this.take(offset, length, what), `${this.where}, ${what}`, this.little, offset)
  }

  #read(offset: number, length: number): Uint8Array {
    for (const {start, bytes} of this.#windows) {
      if (offset >= start && offset + length <= start + bytes.length) {
        return bytes.subarray(offset - start, offset - start + length)
      }
    }
    if (length > windowBytes) return this.#source.read(offset, length)
    const from = Math.max(0, offset - lookBehindBytes)
    const start = from - (from % windowAlign)
    const bytes = this.#source.read(start, Math.max(windowBytes, offset - start + length))
    this.#windows = [{start, bytes}, ...this.#windows.slice(0, windowCount - 1)]
    return bytes.subarray(offset - start, offset - start + length)
  }
}
