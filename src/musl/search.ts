import {Buffer} from 'node:buffer'
import type {Budget} from './budget.js'
import type {LoaderRoot, Opened} from './root.js'

/** A file that a search came to, usable or not. */
export interface Found {
  /** The path by which it was opened. */
  readonly openedAs: string
  readonly opened: Opened
}

/** Bounds of musl's own buffers: NAME_MAX, and room for a folder and a name. */
const nameBytes = 255
const pathBytes = 2 * nameBytes + 2

/** Results that are kept before all are forgotten: an image of 10,000 programs asks under 100,000 different questions. */
const kept = 200_000

/** Folders that are searched in order, and what was found in them. */
export interface SearchList {
  readonly folders: readonly string[]
  readonly found: Map<string, Found | null>
}

/** Looks names up in lists of folders, each only once: the programs of one root search the same folders. */
export class LibrarySearch {
  readonly #root: LoaderRoot
  readonly #workingDirectory: string
  readonly #lists = new Map<string, SearchList>()
  #kept = 0

  constructor(root: LoaderRoot, workingDirectory = '/') {
    this.#root = root
    this.#workingDirectory = workingDirectory
  }

  open(path: string): Opened {
    return this.#root.open(path.startsWith('/') ? path : `${this.#workingDirectory}/${path}`)
  }

  /** The same list for the same folders; null where there are none. */
  list(folders: readonly string[]): SearchList | null {
    if (folders.length === 0) return null
    const key = folders.join(':')
    const list = this.#lists.get(key) ?? {folders: [...new Set(folders)], found: new Map()}
    this.#lists.set(key, list)
    return list
  }

  /**
   * The first file of that name in the folders; null where none has one. A file that cannot be used, and an error that
   * means more than "not here", end the search as a library does.
   */
  find(name: string, list: SearchList, budget: Budget): Found | null {
    budget.spend('opens')
    const known = list.found.get(name)
    if (known !== undefined) return known
    const found = Buffer.byteLength(name) > nameBytes ? null : this.#search(name, list, budget)
    this.#keep(name, found, list)
    return found
  }

  #search(name: string, {folders}: SearchList, budget: Budget): Found | null {
    for (const folder of folders) {
      const openedAs = `${folder}/${name}`
      if (Buffer.byteLength(openedAs) >= pathBytes) continue
      budget.spend('opens')
      const opened = this.open(openedAs)
      if (opened.kind !== 'missing' && opened.kind !== 'forbidden') return {openedAs, opened}
    }
    return null
  }

  #keep(name: string, found: Found | null, list: SearchList): void {
    if (++this.#kept > kept) {
      for (const {found} of this.#lists.values()) found.clear()
      this.#lists.clear()
      this.#kept = 0
    }
    list.found.set(name, found)
  }
}
