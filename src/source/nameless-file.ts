import {randomBytes} from 'node:crypto'
import {closeSync, openSync, rmSync, statfsSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ByteSource} from '../model/bytes.js'
import {SourceError} from '../model/errors.js'
import {FileSource} from './file.js'

/** Free space is asked for each time that so much more has been written. */
const askBytes = 64 * 1024 * 1024

/**
 * A file of the temporary folder, for this user alone, whose name is taken away as soon as it is open: the system frees
 * it when the process ends, however it ends.
 */
export class NamelessFile {
  readonly #name: string
  readonly #reserveBytes: number
  readonly #fd: number
  #sizeBytes = 0
  #askAt = 0

  /**
   * @param name of what is kept in it, for errors
   * @param reserveBytes of the disk that are left free
   */
  constructor(name: string, reserveBytes: number) {
    this.#name = name
    this.#reserveBytes = reserveBytes
    const path = join(tmpdir(), `piton-${process.pid}-${randomBytes(8).toString('hex')}`)
    try {
      this.#fd = openSync(path, 'wx+', 0o600)
      rmSync(path)
    } catch (error) {
      throw this.#unwritable(error)
    }
  }

  /** @throws {SourceError} SOURCE_UNWRITABLE */
  write(bytes: Uint8Array): void {
    if (this.#sizeBytes >= this.#askAt) this.#refuseToFill()
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at)
    } catch (error) {
      throw this.#unwritable(error)
    }
    this.#sizeBytes += bytes.length
  }

  /** What was written. It closes the file. */
  reader(): ByteSource & {close(): void} {
    return new FileSource(this.#name, {fd: this.#fd})
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** A full disk is everybody's problem. */
  #refuseToFill(): void {
    this.#askAt = this.#sizeBytes + askBytes
    const {bavail, bsize} = statfsSync(tmpdir())
    if (bavail * bsize - askBytes >= this.#reserveBytes) return
    const text = `${this.#name} does not fit into memory, and ${tmpdir()} is nearly full`
    throw new SourceError('SOURCE_UNWRITABLE', text, {
      hint: 'Name a folder on a larger disk in TMPDIR, or save it to a file and scan that.',
    })
  }

  #unwritable(cause: unknown): SourceError {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    const text = `${this.#name} does not fit into memory, and ${tmpdir()} cannot be written to: ${code}`
    return new SourceError('SOURCE_UNWRITABLE', text, {
      hint: 'Name another folder in TMPDIR, or save it to a file and scan that.',
      cause,
    })
  }
}
