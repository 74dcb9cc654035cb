import {randomUUID} from 'node:crypto'
import {lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync} from 'node:fs'
import {basename, dirname, join, relative} from 'node:path'
import {openDatabase} from '../database.js'
import {
  fileOf,
  filesIn,
  formatManifest,
  hashOf,
  type Manifest,
  manifestName,
  missingFile,
  readManifest,
} from '../manifest.js'
import {syncFolder, writeAllDurably, writeDurably} from './files.js'
import type {CachePlaces} from './places.js'

/** A folder that nobody reads any more is kept for this long: a scan may have opened it just before. */
const readersMs = 10 * 60 * 1000

/** A finished database of the cache. */
export interface Generation {
  readonly folder: string
  readonly manifest: Manifest
  /** Does the link lead to it? Else it is what is left. */
  readonly isLinked: boolean
}

/**
 * The databases of the cache. Each is written to a folder of its own, which never changes again; a link says which one
 * is in use, and is replaced in one step. So a reader has all of one or all of the other.
 */
export class Generations {
  readonly #places: CachePlaces

  constructor(places: CachePlaces) {
    this.#places = places
  }

  /**
   * The one in use, or, where that is damaged, the newest that is not; null where there is none.
   * @param thorough read all of it, not only how long its files are
   */
  usable(thorough = false): Generation | null {
    const linked = this.#linked()
    const others = this.#names().filter(name => name !== linked)
    for (const name of [...(linked === null ? [] : [linked]), ...others]) {
      const generation = this.#open(name, name === linked, thorough)
      if (generation !== null) return generation
    }
    return null
  }

  /** Is there none, whole or damaged, and no link either? */
  isEmpty(): boolean {
    return this.#names().length === 0 && !isThere(this.#places.database)
  }

  /**
   * Writes a database; it is in use when this returns.
   * @param now of the clock, in milliseconds: newer generations have later names
   * @param check looks at its folder before it counts
   */
  async add(
    texts: ReadonlyMap<string, string | Uint8Array>,
    about: Omit<Manifest, 'files'>,
    now: number,
    check: (folder: string) => void = () => {},
  ): Promise<Generation> {
    const files = new Map([...texts].map(([path, text]) => [path, fileOf(text)] as const).sort())
    const manifest: Manifest = {...about, files}
    const stamp = new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)
    const name = `${stamp}-${hashOf(files).slice(7, 19)}-${randomUUID().slice(0, 8)}`
    const folder = join(this.#places.generations, name)
    const unfinished = join(this.#places.generations, `.${name}.new`)
    try {
      const folders = new Set([...texts.keys()].map(path => dirname(join(unfinished, path))))
      for (const one of [unfinished, ...folders]) mkdirSync(one, {recursive: true})
      await writeAllDurably([...texts].map(([path, text]) => [join(unfinished, path), text]))
      // Last: a folder without it is not finished.
      writeDurably(join(unfinished, manifestName), formatManifest(manifest))
      for (const one of [...folders, unfinished]) syncFolder(one)
      check(unfinished)
      renameSync(unfinished, folder)
    } catch (error) {
      rmSync(unfinished, {recursive: true, force: true})
      throw error
    }
    syncFolder(this.#places.generations)
    this.#use(name)
    return {folder, manifest, isLinked: true}
  }

  /** Removes what is neither in use nor the one before, and what crashes have left. */
  prune(now: number): void {
    const linked = this.#linked()
    const kept = new Set([
      linked,
      ...this.#names()
        .filter(name => name !== linked)
        .slice(0, 1),
    ])
    for (const name of list(this.#places.generations)) {
      const folder = join(this.#places.generations, name)
      const isUnfinished = name.startsWith('.')
      if (kept.has(name) || (!isUnfinished && Math.abs(now - statSync(folder).mtimeMs) < readersMs)) continue
      rmSync(folder, {recursive: true, force: true})
    }
  }

  #use(name: string): void {
    const {database, generations} = this.#places
    // Somebody may have put a plain folder there: it is kept, as if it had been a generation.
    if (lstatSync(database, {throwIfNoEntry: false})?.isDirectory() === true) {
      renameSync(database, join(generations, `0-found-${randomUUID().slice(0, 8)}`))
    }
    const link = `${database}.${process.pid}.new`
    rmSync(link, {force: true})
    symlinkSync(relative(dirname(database), join(generations, name)), link)
    renameSync(link, database)
    syncFolder(dirname(database))
  }

  /** Name of the one that the link leads to; null where it leads to none. */
  #linked(): string | null {
    try {
      return basename(readlinkSync(this.#places.database))
    } catch {
      return null
    }
  }

  /** Finished ones, newest first. */
  #names(): readonly string[] {
    return list(this.#places.generations)
      .filter(name => !name.startsWith('.'))
      .sort()
      .reverse()
  }

  #open(name: string, isLinked: boolean, thorough: boolean): Generation | null {
    const folder = join(this.#places.generations, name)
    try {
      const manifest = readManifest(folder)
      if (manifest === null || missingFile(folder, manifest) !== null) return null
      if (thorough && hashOf(filesIn(folder)) !== hashOf(manifest.files)) return null
      openDatabase(folder)
      return {folder, manifest, isLinked}
    } catch {
      return null
    }
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) !== undefined
  } catch {
    return false
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
