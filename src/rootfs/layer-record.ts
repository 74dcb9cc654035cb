import type {Entry} from '../model/tree.js'
import type {Warning} from '../model/warning.js'
import type {Collector} from './collector.js'

/** What collectors read from one file, by collector name. */
export type Found = ReadonlyMap<string, unknown>

export interface RecordedEntry {
  readonly entry: Entry
  readonly found: Found
}

/** What one layer said, in the order of its entries: all that merging needs, without its bytes. */
export interface LayerRecord {
  readonly entries: readonly RecordedEntry[]
  /** Without a layer index: that is added where they are reported. */
  readonly warnings: readonly Warning[]
}

export const nothingFound: Found = new Map()

/** The value that `collector` read, with its type. */
export function foundBy<Value>(found: Found, collector: Collector<Value>): Value | undefined {
  return found.get(collector.name) as Value | undefined
}
