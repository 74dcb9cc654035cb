import {existsSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {type FilesIdentity, identityOf, identityOfStat} from '../cache/identity.js'
import type {Image} from '../model/image.js'
import type {Memory} from '../model/stored.js'
import {whenOpened} from '../source/opened.js'
import {inputTarget, parseTarget, type Scheme} from '../source/target.js'
import type {Seen} from './seen.js'
import {type KeptSeen, seenCodec} from './seen-codec.js'

/** What a scan is asked, as far as the answer depends on it. */
export interface Question {
  /** What of the options decides what is seen, as JSON. */
  readonly decides: unknown
  /** Folders whose files decide it, too; null where it cannot be said what does. */
  readonly folders: readonly string[] | null
  /** May a file be taken for what it was, if the file system says so? Not where somebody wants every byte hashed. */
  readonly trustFiles: boolean
}

/** A path was asked for that the scan before was not asked for: the target has to be looked at again. */
export class Forgotten extends Error {}

/** Schemes of targets that are what a file holds, or the files of a layout. */
const ofFiles: ReadonlySet<Scheme | null> = new Set([
  null,
  'docker-archive',
  'oci-archive',
  'oci',
  'rootfs',
  'elf',
  'apk',
])

/**
 * What was seen in an earlier scan of the same target, asked the same. A target of files is the same while the file system
 * says that they did not change; one from a registry while its digests are the same. Everything that decides the answer is
 * in the key: a file that changed, another database or another day have another one.
 */
export class Remembered {
  readonly #memory: Memory
  readonly #folders: readonly string[] | null
  readonly #target: string
  readonly #decides: unknown
  readonly #isLocal: boolean
  /** As it was before anything was read; null where there is none. */
  #key: string | null
  readonly #asked = new Map<string, number | null>()
  #known: KeptSeen | null = null
  #isForgotten = false
  /** Files of the target, by what the file system says of them. */
  #files: ReadonlySet<string> = new Set()
  /** Was a file opened that is none of them, or none at all? Then what was read is not what the key says. */
  #opened: 'nothing' | 'these' | 'others' = 'nothing'
  readonly #release: () => void

  constructor(memory: Memory, target: string, {decides, folders, trustFiles}: Question) {
    this.#memory = memory
    this.#folders = folders
    this.#target = target
    this.#decides = decides
    this.#key = trustFiles ? this.#keyOfFiles() : null
    this.#isLocal = this.#key !== null
    const {value} = parseTarget(target)
    this.#release = whenOpened((path, stat) => {
      if (path !== value && !path.startsWith(join(value, '/'))) return
      if (!this.#files.has(identityOfStat(stat))) this.#opened = 'others'
      else if (this.#opened === 'nothing') this.#opened = 'these'
    })
  }

  /** Ends it: nothing is kept any more. */
  close(): void {
    this.#release()
  }

  /** The target, where it is one of files and they did not change. */
  image(): Image | null {
    if (this.#key === null || this.#isForgotten) return null
    this.#known = this.#memory.recall(this.#key, seenCodec)
    const head = this.#known?.image ?? null
    return head && {...head, readLayers: () => Promise.reject(new Forgotten()), close() {}}
  }

  /** What was seen in it. */
  seen(image: Image): Seen | null {
    if (!this.#isLocal) {
      this.#key = this.#keyOfDigests(image)
      this.#known = this.#key === null || this.#isForgotten ? null : this.#memory.recall(this.#key, seenCodec)
    }
    const known = this.#known
    return known && {...known, layerOf: path => layerAmong(known.layers, path)}
  }

  /** From now on nothing is known, so that all of it is looked at, and kept, again. */
  forget(): void {
    for (const [path, layer] of this.#known?.layers ?? []) this.#asked.set(path, layer)
    this.#known = null
    this.#isForgotten = true
  }

  /** Notes what {@link Seen.layerOf} is asked, to be kept. */
  asking(seen: Seen): Seen {
    const layerOf = (path: string) => {
      const layer = seen.layerOf(path)
      this.#asked.set(path, layer)
      return layer
    }
    return {...seen, layerOf}
  }

  /** Keeps what was seen, unless it was known, or something changed meanwhile. */
  keep(image: Image, {facts, readWarnings, factWarnings, layerOf}: Seen): void {
    const key = this.#key
    if (key === null || this.#known !== null) return
    if (this.#isLocal && this.#opened !== 'these') return
    if (key !== (this.#isLocal ? this.#keyOfFiles() : this.#keyOfDigests(image))) return
    const {readLayers: _, attestations: __, close: ___, ...head} = image
    const layers = new Map([...this.#asked.keys()].map(path => [path, layerOf(path)]))
    this.#memory.keep(key, {facts, readWarnings, factWarnings, layers, image: this.#isLocal ? head : null}, seenCodec)
  }

  #keyOfDigests({remote = false, imageID, layers}: Image): string | null {
    const digests = layers.flatMap(({content = null}) => content ?? [])
    return remote && digests.length === layers.length ? this.#keyOf({imageID, digests}) : null
  }

  #keyOfFiles(): string | null {
    const {scheme, value} = parseTarget(this.#target)
    const isFile = ofFiles.has(scheme) && value !== inputTarget && !isTree(value)
    const files = isFile ? identityOf(value) : null
    this.#files = new Set(files?.map(file => file.split(' ').slice(-identityWords).join(' ')))
    return files === null ? null : this.#keyOf({target: this.#target, files})
  }

  #keyOf(target: object): string | null {
    if (this.#folders === null) return null
    const folders: FilesIdentity[] = []
    for (const folder of this.#folders) {
      const files = identityOf(folder)
      if (files === null) return null
      folders.push(files)
    }
    return `seen ${JSON.stringify([target, this.#decides, folders])}`
  }
}

/** Of {@link identityOfStat}: a name before it may have blanks. */
const identityWords = 5

/** A folder that is no layout of images: a whole system, of which more than its files matters. */
function isTree(path: string): boolean {
  try {
    return statSync(path, {throwIfNoEntry: false})?.isDirectory() === true && !existsSync(join(path, 'oci-layout'))
  } catch {
    // Who opens it says what is wrong.
    return false
  }
}

function layerAmong(layers: KeptSeen['layers'], path: string): number | null {
  const layer = layers.get(path)
  if (layer === undefined) throw new Forgotten(path)
  return layer
}
