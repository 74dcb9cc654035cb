import type {Layer} from '../model/image.js'
import type {Memory} from '../model/stored.js'
import type {ImagePath} from '../model/tree.js'
import type {Collector} from './collector.js'
import {type Found, foundBy, LayerRecord} from './layer-record.js'
import {canBeKept, recordCodec} from './stored-record.js'

/**
 * What layers said in earlier scans, by their digests. Only what was, or will be, compared with its digest is recalled or
 * kept: the name that a stranger gives to bytes which nobody hashed must not speak for other bytes.
 */
export class KnownLayers {
  readonly #memory: Memory

  constructor(memory: Memory) {
    this.#memory = memory
  }

  recall(layer: Layer, collectors: readonly Collector[]): LayerRecord | null {
    const key = keyOf(layer, collectors.map(({name}) => name).sort())
    return key === null ? null : this.#memory.recall(key, recordCodec(collectors))
  }

  /** @param record of a layer that was read to its end, so that its digest is known to be right */
  keep(layer: Layer, collectors: readonly Collector[], record: LayerRecord): void {
    const key = keyOf(layer, collectors.map(({name}) => name).sort())
    if (key !== null && canBeKept(record, collectors)) this.#memory.keep(key, record, recordCodec(collectors))
  }

  /** What `collector` said of one file of the layer, for which it was gone through once more. */
  recallFile<Value>(layer: Layer, collector: Collector<Value>, path: ImagePath): Value | undefined {
    const key = keyOf(layer, [collector.name, path])
    const record = key === null ? null : this.#memory.recall(key, recordCodec([collector]))
    const [first] = record?.findings() ?? []
    return first === undefined ? undefined : foundBy(first.found, collector)
  }

  keepFile(layer: Layer, collector: Collector, path: ImagePath, found: Found): void {
    const key = keyOf(layer, [collector.name, path])
    if (key === null) return
    const record = new LayerRecord()
    record.setFound(record.add({path, type: 'file', size: 0, mode: 0, uid: 0, gid: 0, linkTarget: ''}), found)
    if (canBeKept(record, [collector])) this.#memory.keep(key, record, recordCodec([collector]))
  }
}

function keyOf({content = null}: Layer, question: readonly string[]): string | null {
  return content === null ? null : `layer ${content} ${JSON.stringify(question)}`
}
