import type {OnEvent} from '../model/event.js'
import type {Image, Layer, TargetKind} from '../model/image.js'
import {limits} from '../model/limits.js'
import type {ApkPackage} from '../model/package.js'
import type {Memory} from '../model/stored.js'
import type {DirectoryNode, FileNode, ImagePath} from '../model/tree.js'
import type {Warning} from '../model/warning.js'
import type {Collector} from './collector.js'
import {KnownLayers} from './known-layers.js'
import {type Found, foundBy} from './layer-record.js'
import {Merger, walkNodes} from './merge.js'
import {readLayer} from './read-layer.js'
import {readRecords} from './read-records.js'
import {type Resolved, resolve, type Unresolved} from './resolve.js'

export type {Collector} from './collector.js'

/** What a collector read from one file of the view. */
export interface Collected<Value> {
  readonly path: ImagePath
  readonly node: FileNode
  readonly value: Value
}

/** The merged view of all layers, with what the collectors read on the way. */
export interface RootView {
  readonly kind: TargetKind
  /** The package that the target is, where it is an `.apk` file. */
  readonly package: ApkPackage | null
  readonly root: DirectoryNode
  readonly warnings: readonly Warning[]
  /**
   * Follows a path as a container would.
   * @param last what to do with a link in the last component; default `follow`
   */
  resolve(path: string, last?: 'follow' | 'keep'): Resolved | Unresolved
  /** What `collector` read, for every file that is in the view; a file with several names comes under each. */
  collected<Value>(collector: Collector<Value>): Iterable<Collected<Value>>
  /** What it read from one file, if it did. */
  found<Value>(file: FileNode, collector: Collector<Value>): Value | undefined
  /** What it read in each layer, whether or not a later layer replaced the file; base layer first. */
  history<Value>(
    collector: Collector<Value>,
  ): Iterable<{readonly layer: number; readonly path: ImagePath; readonly value: Value}>
  /** Lets go of all that `collector` read, of every layer. */
  forget(collector: Collector): void
  /**
   * What `collector` says of one file. A file that links led to, and that no layer gave under a name it wants, is read
   * now: its layer is gone through once more.
   */
  read<Value>(file: FileNode, collector: Collector<Value>): Promise<Value | undefined>
}

/**
 * Reads all layers of an image and merges them into one view.
 * @param memory what layers with the same digest said before, so that they need not be asked again
 */
export async function mergeLayers(
  image: Image,
  collectors: readonly Collector[],
  on: OnEvent,
  memory: Memory | null = null,
): Promise<RootView> {
  const tell: OnEvent = event => on(event.type === 'layer' ? {...event, of: image.layers.length} : event)
  const known = memory && new KnownLayers(memory)
  const records = await readRecords(image, collectors, tell, known)
  const merger = new Merger()
  const warnings: Warning[] = []
  const history: FoundInLayer[] = []
  records.forEach((record, layer) => {
    merger.apply(record, layer, (image.layers[layer] as Layer).whiteouts)
    for (const warning of record.warnings.toArray()) warnings.push({layer, ...warning})
    for (const {path, found} of record.findings()) history.push({layer, path, found})
  })
  const said = [...image.warnings, ...warnings, ...merger.warnings.toArray()]
  return new View(image, merger.root, history, said, tell, known)
}

/** What collectors read from one file of one layer. */
interface FoundInLayer {
  readonly layer: number
  readonly path: ImagePath
  readonly found: Found
}

class View implements RootView {
  readonly kind: TargetKind
  readonly package: ApkPackage | null
  readonly root: DirectoryNode
  readonly warnings: readonly Warning[]
  readonly #image: Image
  readonly #history: readonly FoundInLayer[]
  readonly #on: OnEvent
  readonly #known: KnownLayers | null
  /** By name of the collector, in the order of the tree. */
  #collected: ReadonlyMap<string, Collected<unknown>[]> | null = null

  constructor(
    image: Image,
    root: DirectoryNode,
    history: readonly FoundInLayer[],
    warnings: readonly Warning[],
    on: OnEvent,
    known: KnownLayers | null,
  ) {
    this.kind = image.kind
    this.package = image.package ?? null
    this.root = root
    this.warnings = warnings
    this.#image = image
    this.#history = history
    this.#on = on
    this.#known = known
  }

  resolve(path: string, last: 'follow' | 'keep' = 'follow'): Resolved | Unresolved {
    return resolve(this.root, path, last)
  }

  collected<Value>(collector: Collector<Value>): Iterable<Collected<Value>> {
    this.#collected ??= collectedByName(this.root)
    return (this.#collected.get(collector.name) ?? []) as Collected<Value>[]
  }

  found<Value>({content}: FileNode, collector: Collector<Value>): Value | undefined {
    return foundBy(content.found, collector)
  }

  *history<Value>(collector: Collector<Value>) {
    for (const {layer, path, found} of this.#history) {
      const value = foundBy(found, collector)
      if (value !== undefined) yield {layer, path, value}
    }
  }

  forget({name}: Collector): void {
    // The same map that the file has in the view.
    for (const {found} of this.#history) if (found.has(name)) (found as Map<string, unknown>).delete(name)
    this.#collected = null
  }

  async read<Value>({content}: FileNode, collector: Collector<Value>): Promise<Value | undefined> {
    const known = foundBy(content.found, collector)
    if (known !== undefined) return known
    const layer = this.#image.layers[content.layer]
    if (layer === undefined) return undefined
    const once: Collector<Value> = {
      name: collector.name,
      wants: entry => entry.path === content.entryPath,
      limitBytes: Math.min(collector.limitBytes, limits.apkDatabaseBytes),
      read: (body, entry, warn) => collector.read(body, entry, warn),
      ...(collector.codec === undefined ? {} : {codec: collector.codec}),
    }
    const {entryPath} = content
    const before = this.#known?.recallFile(layer, once, entryPath)
    if (before !== undefined) return before
    const [record] = await this.#image.readLayers([layer], (bytes, at) => readLayer(bytes, at, [once], this.#on))
    // Of two entries with one name the last is the file.
    const last = [...(record?.findings() ?? [])].findLast(({path}) => path === entryPath)
    if (last === undefined) return undefined
    this.#known?.keepFile(layer, once, entryPath, last.found)
    return foundBy(last.found, once)
  }
}

/** What all collectors read, in one walk: a large image has half a million nodes, and few of them said anything. */
function collectedByName(root: DirectoryNode): ReadonlyMap<string, Collected<unknown>[]> {
  const byName = new Map<string, Collected<unknown>[]>()
  for (const {path, node} of walkNodes(root)) {
    if (node.type !== 'file') continue
    for (const [name, value] of node.content.found) {
      const collected = byName.get(name)
      if (collected) collected.push({path, node, value})
      else byName.set(name, [{path, node, value}])
    }
  }
  return byName
}
