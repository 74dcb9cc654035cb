import type {Entry, EntryType, ImagePath} from '../model/tree.js'
import type {Warning} from '../model/warning.js'
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

/** What a collector read from one entry, and about how many bytes of memory that takes. */
export interface Weighed {
  readonly index: number
  readonly collector: string
  readonly bytes: number
}

const types: readonly EntryType[] = ['file', 'directory', 'symlink', 'hardlink', 'char', 'block', 'fifo']

/** Numbers of one entry beside its size: type and mode, uid, gid. */
const columns = 3
/** The type stands above the permission bits, as in `st_mode`. */
const typeUnit = 0o10000
/** User and group IDs of Linux have 32 bits. */
const largestID = 0xffffffff

/** What a {@link LayerRecord} holds, by the index of the entry. */
export interface RecordColumns {
  readonly paths: readonly ImagePath[]
  readonly sizes: Float64Array<ArrayBuffer>
  readonly numbers: Uint32Array<ArrayBuffer>
  readonly links: ReadonlyMap<number, string>
  readonly capabilities: ReadonlyMap<number, Uint8Array>
  readonly found: ReadonlyMap<number, Found>
  readonly weighed: readonly Weighed[]
}

/**
 * What one layer said, in the order of its entries: all that merging needs, without its bytes. Kept in columns, for a
 * layer can have a million entries, and as objects they would take three times the memory.
 */
export class LayerRecord {
  /** Without a layer index: that is added where they are reported. */
  readonly warnings = new WarningList()
  #paths: ImagePath[] = []
  #sizes = new Float64Array(64)
  #numbers = new Uint32Array(64 * columns)
  #linkTargets = new Map<number, string>()
  #capabilities = new Map<number, Uint8Array>()
  #found = new Map<number, Found>()
  /** In the order of the entries. What was let go stays listed. */
  #weighed: Weighed[] = []
  #weighedBytes = 0
  /** How many of them, from the first on, are held … */
  #held = 0
  /** … and of how many that is decided. */
  #decided = 0

  /**
   * A record from what another one held.
   * @throws {RangeError} where the columns are not of one length
   */
  static of(
    {paths, sizes, numbers, links, capabilities, found, weighed}: RecordColumns,
    warnings: readonly Warning[],
  ): LayerRecord {
    if (sizes.length !== paths.length || numbers.length !== paths.length * columns) {
      throw new RangeError(`${paths.length} paths, ${sizes.length} sizes, ${numbers.length} numbers`)
    }
    const record = new LayerRecord()
    record.#paths = [...paths]
    record.#sizes = sizes
    record.#numbers = numbers
    record.#linkTargets = new Map(links)
    record.#capabilities = new Map(capabilities)
    record.#found = new Map(found)
    record.#weighed = [...weighed]
    for (const warning of warnings) record.warnings.add(warning)
    return record
  }

  columns(): RecordColumns {
    return {
      paths: this.#paths,
      sizes: this.#sizes.subarray(0, this.#paths.length),
      numbers: this.#numbers.subarray(0, this.#paths.length * columns),
      links: this.#linkTargets,
      capabilities: this.#capabilities,
      found: this.#found,
      weighed: this.#weighed,
    }
  }

  get length(): number {
    return this.#paths.length
  }

  /** @returns the entry's place, for {@link setFound} */
  add(entry: Entry): number {
    const index = this.#paths.push(entry.path) - 1
    if (index === this.#sizes.length) this.#grow()
    this.#sizes[index] = entry.size
    const at = index * columns
    this.#numbers[at] = types.indexOf(entry.type) * typeUnit + entry.mode
    this.#numbers[at + 1] = clampID(entry.uid)
    this.#numbers[at + 2] = clampID(entry.gid)
    if (entry.linkTarget !== '') this.#linkTargets.set(index, entry.linkTarget)
    if (entry.capability !== undefined) this.#capabilities.set(index, entry.capability)
    return index
  }

  setFound(index: number, found: Found): void {
    if (found.size > 0) this.#found.set(index, found)
  }

  /** Says what one thing that was found weighs; whether it is held is still to be decided. */
  weigh(weighed: Weighed): void {
    this.#weighed.push(weighed)
    this.#weighedBytes += weighed.bytes
  }

  /** All of it together, held or not. */
  get weighedBytes(): number {
    return this.#weighedBytes
  }

  get nextWeighed(): Weighed | undefined {
    return this.#weighed[this.#decided]
  }

  get heldCount(): number {
    return this.#held
  }

  /** What was weighed and is not in the record any more. */
  get letGone(): readonly Weighed[] {
    return this.#weighed.slice(this.#held, this.#decided)
  }

  /** Holds the next thing, where all before it are held. */
  hold(): void {
    this.#held = ++this.#decided
  }

  /** Does not hold the next thing. */
  refuse(): void {
    const next = this.#weighed[this.#decided++]
    if (next !== undefined) this.#drop(next)
  }

  /** Lets go of the last thing that is held. @returns its bytes */
  letGo(): number {
    const last = this.#weighed[this.#held - 1]
    if (last === undefined) return 0
    this.#held--
    this.#drop(last)
    return last.bytes
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

  pathOf({index}: Weighed): ImagePath {
    return this.#paths[index] as ImagePath
  }

  #drop({index, collector}: Weighed): void {
    const left = new Map(this.#found.get(index))
    left.delete(collector)
    if (left.size > 0) this.#found.set(index, left)
    else this.#found.delete(index)
  }

  #entry(index: number): Entry {
    const at = index * columns
    const numbers = this.#numbers
    const capability = this.#capabilities.get(index)
    const typeAndMode = numbers[at] as number
    const entry = {
      path: this.#paths[index] as ImagePath,
      type: types[Math.floor(typeAndMode / typeUnit)] as EntryType,
      size: this.#sizes[index] as number,
      mode: typeAndMode % typeUnit,
      uid: numbers[at + 1] as number,
      gid: numbers[at + 2] as number,
      linkTarget: this.#linkTargets.get(index) ?? '',
    }
    return capability === undefined ? entry : {...entry, capability}
  }

  #grow(): void {
    const [sizes, numbers] = [this.#sizes, this.#numbers]
    this.#sizes = new Float64Array(sizes.length * 2)
    this.#sizes.set(sizes)
    this.#numbers = new Uint32Array(numbers.length * 2)
    this.#numbers.set(numbers)
  }
}

function clampID(id: number): number {
  return Math.min(Math.max(0, id), largestID)
}
