import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseError} from '../model/errors.js'
import {limits} from '../model/limits.js'

/** Copies of feeds, in the layout of the services that they come from. */
export interface Feeds {
  /** Text of a file; null where there is none. */
  read(path: string): string | null
  /** Bytes of a file; null where there is none. */
  readBytes(path: string): Buffer | null
  /** Names in a folder, sorted; none where there is no such folder. */
  list(path: string): readonly string[]
}

/** A folder of feeds. */
export class FeedFolder implements Feeds {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  read(path: string): string | null {
    return this.readBytes(path)?.toString('utf8') ?? null
  }

  readBytes(path: string): Buffer | null {
    const full = join(this.#folder, path)
    try {
      const {size} = statSync(full)
      if (size > limits.feedBytes) {
        throw new DatabaseError('DATABASE_FEED', `${full} is ${size} bytes; a feed may have ${limits.feedBytes}`)
      }
      return readFileSync(full)
    } catch (cause) {
      if (isMissing(cause)) return null
      if (cause instanceof DatabaseError) throw cause
      throw new DatabaseError('DATABASE_FEED', `${full} cannot be read`, {cause})
    }
  }

  /** @throws {DatabaseError} DATABASE_FEED where there is none: the folder is no folder of feeds */
  require(path: string): string {
    const text = this.read(path)
    if (text !== null) return text
    throw new DatabaseError('DATABASE_FEED', `${this.#folder} is not a folder of feeds: there is no ${path} in it`, {
      hint: 'Its layout is secdb/<branch>/main.json and community.json, secdb/last-update, severity/cvss.tsv, kev/, epss/.',
    })
  }

  list(path: string): readonly string[] {
    try {
      return readdirSync(join(this.#folder, path)).sort()
    } catch (cause) {
      if (isMissing(cause)) return []
      throw new DatabaseError('DATABASE_FEED', `${join(this.#folder, path)} cannot be listed`, {cause})
    }
  }
}

function isMissing(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  return code === 'ENOENT' || code === 'ENOTDIR'
}
