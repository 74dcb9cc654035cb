import type {Entry, EntryType, ImagePath} from '../model/tree.js'
import {WarningList} from '../model/warnings.js'
import type {Collector} from './collector.js'

/** What collectors read from one file, by collector name. */
export type Found = ReadonlyMap<string, unknown>

export interface RecordedEntry {
  readonly entry: Entry
  readonly found: Found
}

export const nothingFound: Found = new Map()

/** The value that `collector` read, with its type. */
export function foundBy<Value>(found: Found, collector: Collector<Value>): Value | undefined {
  return found.get(collector.name) as Value | undefined
}

const types: readonly EntryType[] = ['file', 'directory', 'symlink', 'hardlink', 'char', 'block', 'fifo']

/** Numbers of one entry: type, size, mode, uid, gid. */
const columns = 5

/**
 * What one layer said, in the order of its entries: all that merging needs, without its bytes. Kept in columns, for a
 * layer can have a million entries, and as objects they would take three times the memory.
 */
export class LayerRecord {
  /** Without a layer index: that is added where they are reported. */
  readonly warnings = new WarningList()
  readonly #paths: ImagePath[] = []
  #numbers = new Float64Array(columns * 64)
  readonly #linkTargets = new Map<number, string>()
  readonly #capabilities = new Map<number, Uint8Array>()
  readonly #found = new Map<number, Found>()

  get length(): number {
    return this.#paths.length
  }

  /** @returns the entry's place, for {@link setFound} */
  add(entry: Entry): number {
    const index = this.#paths.push(entry.path) - 1
    const at = index * columns
    if (at === this.#numbers.length) this.#grow()
    this.#numbers[at] = types.indexOf(entry.type)
    this.#numbers[at + 1] = entry.size
    this.#numbers[at + 2] = entry.mode
    this.#numbers[at + 3] = entry.uid
    this.#numbers[at + 4] = entry.gid
    if (entry.linkTarget !== '') this.#linkTargets.set(index, entry.linkTarget)
    if (entry.capability !== undefined) this.#capabilities.set(index, entry.capability)
    return index
  }

  setFound(index: number, found: Found): void {
    if (found.size > 0) this.#found.set(index, found)
  }

  *entries(): Generator<RecordedEntry> {
    for (let index = 0; index < this.#paths.length; index++) {
      yield {entry: this.#entry(index), found: this.#found.get(index) ?? nothingFound}
    }
  }

  /** Paths with what was found there, in the order of the entries. */
  *findings(): Generator<{readonly path: ImagePath; readonly found: Found}> {
    const inOrder = [...this.#found].sort(([a], [b]) => a - b)
    for (const [index, found] of inOrder) yield {path: this.#paths[index] as ImagePath, found}
  }

  #entry(index: number): Entry {
    const at = index * columns
    const numbers = this.#numbers
    const capability = this.#capabilities.get(index)
    const entry = {
      path: this.#paths[index] as ImagePath,
      type: types[numbers[at] as number] as EntryType,
      size: numbers[at + 1] as number,
      mode: numbers[at + 2] as number,
      uid: numbers[at + 3] as number,
      gid: numbers[at + 4] as number,
      linkTarget: this.#linkTargets.get(index) ?? '',
    }
    return capability === undefined ? entry : {...entry, capability}
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2)
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}
