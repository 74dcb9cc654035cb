import {memorySource} from '../../src/bytes/source.js'
import type {Image, Layer} from '../../src/model/image.js'
import {type Collector, mergeLayers, type RootView} from '../../src/rootfs/index.js'
import {type TarItem, tarOf} from './tar.js'

/** The merged view of layers that a test builds, base first. */
export function viewOf(layers: readonly (readonly TarItem[])[], collectors: readonly Collector[]): Promise<RootView> {
  const image: Image = {
    kind: 'rootfs',
    reference: 'rootfs:test.tar',
    name: null,
    platform: null,
    imageID: null,
    manifestDigest: null,
    config: null,
    annotations: new Map(),
    layers: layers.map((_, index) => layerOf(index)),
    warnings: [],
    readLayers: (wanted, read) =>
      Promise.all(
        wanted.map(layer => read({kind: 'random', tar: memorySource(tarOf(layers[layer.index] ?? []))}, layer)),
      ),
    close() {},
  }
  return mergeLayers(image, collectors, () => {})
}

function layerOf(index: number): Layer {
  return {
    index,
    name: `layer ${index}`,
    diffID: null,
    createdBy: null,
    storedBytes: null,
    whiteouts: true,
    verified: false,
  }
}
