import {sniffBytes, sniffCompression} from '../archive/compression.js'
import {canCheckBeside, checkStored, expectToUnpack, unpack} from '../archive/unpack.js'
import type {DiffID, Digest} from '../model/digest.js'
import type {Image, ImageConfig, Layer, LayerContent, Platform} from '../model/image.js'
import type {Warning} from '../model/warning.js'
import {layerCommands} from './config.js'
import {type Blob, type LayerStore, missingBlob} from './store.js'
import {isRandom} from './tar-store.js'

/** One layer of the image that was chosen, and where its blob is. */
export interface PlannedLayer {
  readonly path: string
  /** Of the blob as stored; null where nothing states it. */
  readonly digest: Digest | null
  /** Of the blob as stored, as the manifest states it; null where it does not. */
  readonly statedBytes: number | null
  /** Of the uncompressed tar; null where the configuration does not tell. */
  readonly diffID: DiffID | null
}

/** An image as its manifest describes it, before a layer is read. */
export interface ImagePlan {
  readonly name: string | null
  readonly platform: Platform
  readonly imageID: Digest
  readonly manifestDigest: Digest | null
  readonly config: ImageConfig
  /** Of the manifest; empty where the format has none. */
  readonly annotations: ReadonlyMap<string, string>
  readonly layers: readonly PlannedLayer[]
  readonly warnings: readonly Warning[]
}

/** An image whose layers are blobs of a store. */
export function imageOf(plan: ImagePlan, store: LayerStore, reference: string, verify: boolean): Image {
  const commands = layerCommands(plan.config, plan.layers.length)
  const checks = plan.layers.map(layer => layer.digest !== null || verify || store.inMemory)
  const layers = plan.layers.map(({path, digest, diffID}, index): Layer => {
    const storedBytes = store.sizeOf(path)
    const name = `layer ${index + 1} of ${plan.layers.length} of ${store.name}`
    if (storedBytes === null) throw missingBlob(store, path, name)
    return {
      index,
      name,
      diffID,
      createdBy: commands[index] ?? null,
      storedBytes,
      whiteouts: true,
      verified: checks[index] === true,
      content: checks[index] === true ? (digest ?? diffID) : null,
    }
  })
  for (const {verified, storedBytes} of layers) if (verified) expectToUnpack(storedBytes ?? 0)
  return {
    kind: 'image',
    reference,
    name: plan.name,
    platform: plan.platform,
    imageID: plan.imageID,
    manifestDigest: plan.manifestDigest,
    config: plan.config,
    annotations: plan.annotations,
    layers,
    warnings: plan.warnings,
    remote: store.isRemote === true,
    readLayers(wanted, read) {
      const planned = wanted.map(layer => plan.layers[layer.index] as PlannedLayer)
      return store.readBlobs(
        planned.map(({path}) => path),
        (blob, at) => {
          const layer = wanted[at] as Layer
          return read(contentOf(blob, planned[at] as PlannedLayer, layer), layer)
        },
      )
    },
    close: () => store.close(),
  }
}

/**
 * How a layer is read: at offsets where it is a plain tar, hashed beside that if it is to be verified; else as a stream
 * that is hashed on the way, before it is inflated or after.
 */
function contentOf(blob: Blob, {digest, diffID}: PlannedLayer, layer: Layer): LayerContent {
  const where = layer.name
  const expected = digest ?? diffID
  if (isRandom(blob) && sniffCompression(blob.read(0, sniffBytes)) === 'none') {
    if (!layer.verified || expected === null) return {kind: 'random', tar: blob}
    if (canCheckBeside(blob)) return {kind: 'random', tar: blob, check: () => checkStored(blob, expected, where)}
  }
  // A blob's digest covers all of its bytes: hashing what it inflates to would tell nothing about damage.
  const tar = unpack(blob, {where, digest, contentDigest: digest === null ? diffID : null})
  return {kind: 'stream', tar, ...(digest !== null && {check: () => checkStored(blob, digest, where)})}
}
