import {memorySource} from '../../src/bytes/source.js'
import type {Image, Layer, LayerContent} from '../../src/model/image.js'
import type {Collector, RootView} from '../../src/rootfs/index.js'
import {walkNodes} from '../../src/rootfs/merge.js'

/** An image of these tars, without what is around them. */
export function layered(
  tars: readonly Uint8Array[],
  {whiteouts = true, kind = 'random'}: {whiteouts?: boolean; kind?: 'random' | 'stream'} = {},
): Image {
  const layers = tars.map(
    (tar, index): Layer => ({
      index,
      name: `layer ${index + 1}`,
      diffID: null,
      createdBy: null,
      storedBytes: tar.length,
      whiteouts,
      verified: false,
    }),
  )
  const open = (index: number): LayerContent => {
    const tar = tars[index] ?? new Uint8Array(0)
    return kind === 'random' ? {kind, tar: memorySource(tar)} : {kind, tar: inChunks(tar, 700)}
  }
  return {
    kind: 'image',
    reference: 'test',
    name: null,
    platform: null,
    imageID: null,
    manifestDigest: null,
    config: null,
    annotations: new Map(),
    layers,
    warnings: [],
    readLayers: (wanted, read) => Promise.all(wanted.map(layer => read(open(layer.index), layer))),
    close() {
      // Nothing is open.
    },
  }
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/**
 * One line a node, sorted: `bin/`, `lib -> usr/lib`, `a = what is in it`, `b = the same (a)` for another name of one file.
 * @param content reads what is in a file
 */
export function treeOf(view: RootView, content: Collector<string>): string[] {
  const names = new Map<unknown, string[]>()
  const nodes = [...walkNodes(view.root)].sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const {path, node} of nodes)
    if (node.type === 'file') names.set(node.content, [...(names.get(node.content) ?? []), path])
  const lines = nodes.map(({path, node}) => {
    if (node.type === 'directory') return `${path}/`
    if (node.type === 'symlink') return `${path} -> ${node.target}`
    if (node.type !== 'file') return `${path} (${node.type})`
    const [first] = names.get(node.content) ?? []
    return `${path} = ${node.content.found.get(content.name) ?? ''}${first === path ? '' : ` (${first})`}`
  })
  return lines.sort()
}
