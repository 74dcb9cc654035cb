import {closeSync, openSync, readdirSync, readSync, statSync, writeSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {DatabaseError, UsageError} from '../../model/errors.js'
import type {FeedDocument} from '../feeds/feed.js'
import {HeadCheck} from './head-check.js'
import type {Fetched, Origin, Validators} from './origin.js'

const chunkBytes = 256 * 1024

/** A folder in the layout of a mirror, as somebody has copied it here. */
export class FolderOrigin implements Origin {
  readonly name: string
  readonly isService = false
  readonly #folder: string

  /** @throws {UsageError} where there is no such folder */
  constructor(folder: string) {
    this.name = folder
    this.#folder = resolve(folder)
    if (statSync(this.#folder, {throwIfNoEntry: false})?.isDirectory() === true) return
    throw new UsageError('USAGE', `--from ${JSON.stringify(folder)} is no folder`, {
      hint: 'Name a folder in the layout that piton db mirror writes.',
    })
  }

  addressOf({path}: FeedDocument): string {
    return join(this.#folder, path)
  }

  names(path: string): readonly string[] {
    try {
      return readdirSync(join(this.#folder, path)).sort()
    } catch {
      return []
    }
  }

  async fetch(document: FeedDocument, known: Validators | null, file: string): Promise<Fetched> {
    const from = this.addressOf(document)
    const stat = statSync(from, {throwIfNoEntry: false})
    if (stat?.isFile() !== true) {
      if (document.isOptional) return {kind: 'absent'}
      throw new DatabaseError('DATABASE_FEED', `there is no ${from}`, {
        hint: 'Its layout is that which piton db mirror writes.',
      })
    }
    const etag = `"${stat.size}-${stat.mtimeMs}"`
    if (known?.etag === etag) return {kind: 'same'}
    copy(from, file, document)
    return {kind: 'new', validators: {etag, lastModified: stat.mtime.toUTCString()}}
  }

  close(): void {
    // Nothing is held open.
  }
}

/** By reading, not by linking: what is checked must be what is used. */
function copy(from: string, to: string, {form, limitBytes}: FeedDocument): void {
  const head = new HeadCheck(form, from)
  const source = openSync(from, 'r')
  const target = openSync(to, 'w')
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes)
    for (let sizeBytes = 0; ; ) {
      const length = readSync(source, chunk, 0, chunk.length, null)
      if (length === 0) break
      sizeBytes += length
      if (sizeBytes > limitBytes) throw new DatabaseError('DATABASE_FEED', `${from} has more than ${limitBytes} bytes`)
      head.push(chunk.subarray(0, length))
      for (let at = 0; at < length; ) at += writeSync(target, chunk, at, length - at)
    }
    head.end()
  } finally {
    closeSync(source)
    closeSync(target)
  }
}
