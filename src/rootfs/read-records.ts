import type {OnEvent} from '../model/event.js'
import type {Image, Layer, LayerContent} from '../model/image.js'
import {limits} from '../model/limits.js'
import {Allowance} from './allowance.js'
import {BodyMemory} from './body-memory.js'
import {Budget} from './budget.js'
import type {Collector} from './collector.js'
import type {KnownLayers} from './known-layers.js'
import {LayerRecord} from './layer-record.js'
import {readLayer} from './read-layer.js'

/**
 * What each layer says, in their order. A layer whose digest is known is not looked into again: the bytes that are at hand
 * are still compared with the digest, and what is somewhere else is not fetched. Equal layers are read once.
 */
export async function readRecords(
  image: Image,
  collectors: readonly Collector[],
  tell: OnEvent,
  known: KnownLayers | null,
): Promise<readonly LayerRecord[]> {
  const budget = new Budget(limits.keptBodiesBytes)
  const allowance = new Allowance()
  const memory = new BodyMemory()
  const firsts = image.layers.filter(layer => firstLike(layer, image.layers) === layer)
  const recalled = new Map(
    firsts.map(layer => {
      const record = known?.recall(layer, collectors) ?? null
      if (record !== null) allowance.found(layer.index, record)
      return [layer, record]
    }),
  )
  const wanted = firsts.filter(layer => image.remote !== true || recalled.get(layer) === null)
  const read = await image.readLayers(wanted, async (content, layer) => {
    const before = recalled.get(layer) ?? null
    if (before !== null) {
      await checkOnly(content)
      return before
    }
    const record = await readLayer(content, layer, collectors, tell, budget, allowance, memory)
    known?.keep(layer, collectors, record)
    return record
  })
  memory.close()
  const records = new Map(wanted.map((layer, at) => [layer, read[at] ?? null]))
  for (const layer of firsts) {
    const record = records.get(layer) ?? recalled.get(layer)
    if (record != null) sayLetGone(record, collectors)
  }
  return image.layers.map(layer => {
    const first = firstLike(layer, image.layers)
    return records.get(first) ?? recalled.get(first) ?? new LayerRecord()
  })
}

/** Said when all layers are read: only then it is known. */
function sayLetGone(record: LayerRecord, collectors: readonly Collector[]): void {
  const again = new Set(collectors.filter(({readsAgain}) => readsAgain === true).map(({name}) => name))
  for (const gone of record.letGone) {
    const path = record.pathOf(gone)
    const what = again.has(gone.collector) ? 'is read again where it is asked for' : 'is left out'
    const message = `${path} ${what}: what is kept of all files would take more than ${limits.foundBytes} bytes`
    const hides = again.has(gone.collector) ? {} : {hides: true}
    record.warnings.add({code: 'LIMIT_FOUND', path, message, ...hides})
  }
}

/** The first layer that is compared with the same digest. */
function firstLike(layer: Layer, layers: readonly Layer[]): Layer {
  const {content = null} = layer
  return (content === null ? undefined : layers.find(other => other.content === content)) ?? layer
}

/** Goes through bytes that are known, for their digest alone. */
async function checkOnly(content: LayerContent): Promise<void> {
  if (content.kind === 'entries') return
  if (content.check !== undefined) await content.check()
  else if (content.kind === 'stream') for await (const _ of content.tar);
}
