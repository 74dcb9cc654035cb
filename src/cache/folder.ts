import {
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writevSync,
} from 'node:fs'
import {join} from 'node:path'
import type {Codec, Memory} from '../model/stored.js'
import {openEntry, sealEntry} from './entry.js'
import {type CacheLimits, cacheLimits, touchMs} from './limits.js'
import {entryName} from './names.js'
import {trimFolder} from './trim.js'

export interface CacheOptions {
  /** Goes before every key: what all entries were worked out by. Another version of the program has other answers. */
  readonly prefix: string
  /** Told why the cache is not used, or not written: nobody else hears of it. */
  readonly debug?: (line: string) => void
  readonly limits?: Partial<CacheLimits>
}

/** Pieces of one `writev`: Linux takes 1024. */
const piecesAtOnce = 1000

/**
 * A folder of entries, one file each. Entries appear whole or not at all: they are written under another name, and
 * renamed. Runs that share the folder do not disturb each other, and a folder that cannot be used is as good as an empty one.
 */
export class CacheFolder implements Memory {
  readonly path: string
  readonly #prefix: string
  readonly #debug: (line: string) => void
  readonly #limits: CacheLimits
  #usable: boolean | null = null
  #written = 0

  constructor(path: string, {prefix, debug = () => {}, limits = {}}: CacheOptions) {
    this.path = path
    this.#prefix = prefix
    this.#debug = debug
    this.#limits = {...cacheLimits, ...limits}
  }

  recall<Value>(key: string, codec: Codec<Value>): Value | null {
    const whole = `${this.#prefix}\n${key}`
    const name = entryName(whole)
    const file = this.#read(name)
    if (file === null) return null
    const entry = openEntry(file, whole, codec)
    if (entry === null) {
      this.#debug(`the cache entry ${name} is damaged or belongs to something else: taken away`)
      this.#attempt('take away an entry', () => rmSync(join(this.path, name), {force: true}))
    }
    return entry?.value ?? null
  }

  keep<Value>(key: string, value: Value, codec: Codec<Value>): void {
    if (!this.#prepare()) return
    this.#attempt('write an entry', () => {
      const whole = `${this.#prefix}\n${key}`
      const pieces = sealEntry(whole, value, codec)
      const sizeBytes = pieces.reduce((sum, {length}) => sum + length, 0)
      if (sizeBytes > this.#limits.entryBytes) {
        this.#debug(`an entry of ${sizeBytes} bytes is too large for the cache`)
        return
      }
      this.#write(entryName(whole), pieces)
      this.#written++
    })
  }

  /** Ends the use of the folder: where something was written, what is too much is taken away. */
  close(): void {
    if (this.#written > 0) this.#attempt('tidy up', () => trimFolder(this.path, this.#limits))
    this.#written = 0
  }

  #read(name: string): Buffer | null {
    let fd: number
    try {
      if (!this.#isOurs()) return null
      fd = openSync(join(this.path, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    } catch {
      // Not there: the usual case.
      return null
    }
    try {
      const {size, mtimeMs} = fstatSync(fd)
      if (size > this.#limits.entryBytes) return null
      const now = Date.now()
      if (now - mtimeMs > touchMs) this.#attempt('mark an entry as used', () => futimesSync(fd, now / 1000, now / 1000))
      return readFileSync(fd)
    } catch (error) {
      this.#debug(`cannot read the cache entry ${name}: ${describe(error)}`)
      return null
    } finally {
      closeSync(fd)
    }
  }

  #write(name: string, pieces: readonly Uint8Array[]): void {
    const temporary = join(this.path, `.${name}.${process.pid}.${Math.random().toString(36).slice(2)}`)
    const fd = openSync(temporary, 'wx', 0o600)
    try {
      try {
        for (let at = 0; at < pieces.length; at += piecesAtOnce) writeAll(fd, pieces.slice(at, at + piecesAtOnce))
      } finally {
        closeSync(fd)
      }
      renameSync(temporary, join(this.path, name))
    } catch (error) {
      rmSync(temporary, {force: true})
      throw error
    }
  }

  /** Makes the folder, for this user alone. */
  #prepare(): boolean {
    if (this.#usable === true) return true
    if (this.#usable === null) {
      this.#attempt('make the cache folder', () => mkdirSync(this.path, {recursive: true, mode: 0o700}))
    }
    return this.#isOurs()
  }

  /** What others may write to could tell us anything. */
  #isOurs(): boolean {
    if (this.#usable !== null) return this.#usable
    const stat = this.#stat()
    if (stat === null) return false
    const refusal = refusalOf(stat)
    if (refusal !== null) this.#debug(`the cache ${this.path} is not used: ${refusal}`)
    this.#usable = refusal === null
    return this.#usable
  }

  #stat(): Stats | null {
    try {
      return statSync(this.path)
    } catch {
      // Not made yet, or not for us: whoever wants to write into it hears why.
      return null
    }
  }

  #attempt(what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#debug(`cannot ${what} in ${this.path}: ${describe(error)}`)
    }
  }
}

function refusalOf(stat: Stats): string | null {
  if (!stat.isDirectory()) return 'it is no folder'
  // Windows has no such numbers, and keeps the profile of a user from others by itself.
  const user = process.getuid?.()
  if (user === undefined) return null
  if (stat.uid !== user) return 'it belongs to another user'
  return (stat.mode & 0o022) === 0 ? null : 'others may write to it'
}

/** A disk that is full takes a part without a word. */
function writeAll(fd: number, pieces: readonly Uint8Array[]): void {
  const sizeBytes = pieces.reduce((sum, {length}) => sum + length, 0)
  let written = writevSync(fd, pieces)
  while (written < sizeBytes) {
    const more = writevSync(fd, after(pieces, written))
    if (more === 0) throw new Error('no space left')
    written += more
  }
}

/** The pieces without their first `count` bytes. */
function after(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count
  return pieces.flatMap(piece => {
    const skipped = Math.min(left, piece.length)
    left -= skipped
    return skipped === piece.length ? [] : [piece.subarray(skipped)]
  })
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
