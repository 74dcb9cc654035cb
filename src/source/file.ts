import {closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync} from 'node:fs'
import type {ByteSource, FileSpan} from '../model/bytes.js'
import {SourceError} from '../model/errors.js'
import {opened} from './opened.js'

/** Reads smaller than this share Node's buffer pool; larger ones must not hold it. */
const pooledBytes = 1024

/** Of a read as long as this the bytes are remembered: a window of a tar's headers holds small files, and others' heads. */
const windowBytes = 32 * 1024

/** Opening a pipe must not wait for somebody to write into it. Windows has neither such pipes nor the flag. */
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** A file, read with `pread`. */
export class FileSource implements ByteSource {
  readonly sizeBytes: number
  readonly lasting = true
  readonly span: FileSpan
  readonly #fd: number
  readonly #path: string
  /** The last read of {@link windowBytes}. */
  #window: {readonly start: number; readonly bytes: Buffer} | null = null
  #isClosed = false

  /**
   * @param path names the file in errors; in bytes where not all of it is UTF-8
   * @param how `refuse` where the path is known to be no link, so that none can be put there meanwhile; a descriptor
   *   where the file is open already
   * @throws {SourceError} SOURCE_UNREADABLE, or SOURCE_UNSUPPORTED for what is no regular file
   */
  constructor(path: string | Buffer, how: 'follow' | 'refuse' | {readonly fd: number} = 'follow') {
    this.#path = path.toString()
    this.#fd = typeof how === 'object' ? how.fd : openFile(path, how)
    const stat = fstatSync(this.#fd)
    if (!stat.isFile()) {
      closeSync(this.#fd)
      throw new SourceError('SOURCE_UNSUPPORTED', `${path} is not a regular file`, {
        hint: 'Name a file or a folder, or - for what comes through a pipe: docker save app | piton scan -',
      })
    }
    this.sizeBytes = stat.size
    this.span = {fd: this.#fd, offset: 0, sizeBytes: stat.size}
    if (typeof how !== 'object') opened(this.#path, () => fstatSync(this.#fd, {bigint: true}))
  }

  read(offset: number, length: number): Uint8Array {
    const size = Math.min(length, this.sizeBytes - offset)
    if (!(size > 0 && offset >= 0)) return new Uint8Array(0)
    const known = this.#remembered(offset, size)
    if (known !== null) return known
    const bytes = size < pooledBytes ? Buffer.allocUnsafe(size) : Buffer.allocUnsafeSlow(size)
    let filled = 0
    while (filled < size) {
      const count = this.#pread(bytes, filled, size - filled, offset + filled)
      if (count === 0) break
      filled += count
    }
    if (filled === windowBytes) this.#window = {start: offset, bytes}
    return filled === size ? bytes : bytes.subarray(0, filled)
  }

  /** A copy of a small part, as who keeps it must not keep the window; null where not all of it is remembered. */
  #remembered(offset: number, size: number): Uint8Array | null {
    if (this.#window === null) return null
    const {start, bytes} = this.#window
    const at = offset - start
    if (!(at >= 0 && size <= bytes.length - at)) return null
    const part = bytes.subarray(at, at + size)
    return size * 2 < windowBytes ? Buffer.from(part) : part
  }

  close(): void {
    this.#window = null
    if (!this.#isClosed) closeSync(this.#fd)
    this.#isClosed = true
  }

  #pread(bytes: Buffer, at: number, length: number, position: number): number {
    try {
      return readSync(this.#fd, bytes, at, length, position)
    } catch (error) {
      throw unreadable(this.#path, error)
    }
  }
}

function openFile(path: string | Buffer, links: 'follow' | 'refuse'): number {
  try {
    return openSync(path, readWithoutWaiting | (links === 'refuse' ? (constants.O_NOFOLLOW ?? 0) : 0))
  } catch (error) {
    throw unreadable(path.toString(), error)
  }
}

/**
 * What stands at a path; null where nothing does.
 * @throws {SourceError} SOURCE_UNREADABLE where nobody can say: a loop of links, a folder that may not be entered
 */
export function statOf(path: string, links: 'follow' | 'keep' = 'follow'): Stats | null {
  try {
    return (links === 'follow' ? statSync : lstatSync)(path, {throwIfNoEntry: false}) ?? null
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Words for what the operating system refused. */
export function unreadable(path: string, cause: unknown): SourceError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? 'unknown error'
  if (code === 'ENOENT' || code === 'ENOTDIR') return notFound(path, cause)
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code
  return new SourceError('SOURCE_UNREADABLE', `cannot read ${path}: ${reason}`, {
    cause,
    hint: 'Check the path and its permissions.',
  })
}

export function notFound(path: string, cause?: unknown): SourceError {
  return new SourceError('SOURCE_NOT_FOUND', `${path} does not exist`, {
    cause,
    hint: 'Check the path; write docker-archive:, oci:, oci-archive:, dir: or rootfs: before it to say what it is.',
  })
}
