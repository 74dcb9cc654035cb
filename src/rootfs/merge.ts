import {limits} from '../model/limits.js'
import {rootPath} from '../model/path.js'
import type {DirectoryNode, Entry, ImagePath, Node} from '../model/tree.js'
import {WarningList} from '../model/warnings.js'
import type {Found, LayerRecord} from './layer-record.js'
import {resolve} from './resolve.js'

const whiteoutPrefix = '.wh.'
const opaqueName = '.wh..wh..opq'
/** AUFS keeps its own books under names with two prefixes; they are no files of the image, but hard links may name them. */
const aufsPrefix = '.wh..wh.'

/**
 * Merges layers into one view, from the base up, entry by entry as a runtime unpacks them: a name through a linked
 * folder lands where the link leads; `.wh.x` removes what lower layers put at x, and an opaque mark all that lower
 * layers put in its folder, never what its own layer did.
 * @see OCI image specification, layer.md "Applying Changesets"
 */
export class Merger {
  root: DirectoryNode = folderNode(0)
  readonly warnings = new WarningList()
  /** Applied entries, and folders that none describes: one entry may name two thousand. */
  #nodes = 0
  #isFull = false
  #layer = 0
  readonly #parents = new Map<string, DirectoryNode>()

  /** Applies one layer on top of those before. */
  apply(record: LayerRecord, layer: number, whiteouts: boolean): void {
    this.#layer = layer
    for (const {entry, found} of record.entries()) {
      const slash = entry.path.lastIndexOf('/')
      const folder = entry.path.slice(0, Math.max(0, slash))
      const name = entry.path.slice(slash + 1)
      if (entry.path === rootPath) this.#applyRoot(entry)
      else if (whiteouts && name.startsWith(whiteoutPrefix)) this.#applyWhiteout(folder, name)
      else this.#applyEntry(entry, folder, name, found)
    }
    if (whiteouts)
      for (const name of this.root.children.keys()) if (name.startsWith(aufsPrefix)) this.root.children.delete(name)
    this.#parents.clear()
  }

  #applyRoot(entry: Entry): void {
    const {mode, uid, gid} = entry
    if (entry.type === 'directory') this.root = {...this.root, layer: this.#layer, mode, uid, gid}
    this.#parents.clear()
  }

  #applyWhiteout(folder: string, name: string): void {
    const parent = folder === '' ? {node: this.root} : resolve(this.root, folder, 'follow')
    if (typeof parent === 'string' || parent.node.type !== 'directory') return
    if (name === opaqueName) this.#removeLower(parent.node)
    else if (!name.startsWith(aufsPrefix)) this.#removeName(parent.node, name.slice(whiteoutPrefix.length))
    this.#parents.clear()
  }

  /** Takes away what lower layers put at `name`; what this layer put there, or below it, stays. */
  #removeName(parent: DirectoryNode, name: string): void {
    const node = parent.children.get(name)
    if (node !== undefined && this.#prune(node)) parent.children.delete(name)
  }

  #removeLower(folder: DirectoryNode): void {
    for (const name of [...folder.children.keys()]) this.#removeName(folder, name)
  }

  /** @returns whether nothing of this layer is left in it */
  #prune(node: Node): boolean {
    if (node.type !== 'directory') return node.layer < this.#layer
    this.#removeLower(node)
    return node.layer < this.#layer && node.children.size === 0
  }

  #applyEntry(entry: Entry, folder: string, name: string, found: Found): void {
    if (++this.#nodes > limits.entries) {
      if (!this.#isFull)
        this.#warn('LIMIT_ENTRIES', entry, `the image has more than ${limits.entries} entries: the rest is left out`)
      this.#isFull = true
      return
    }
    const parent = this.#folderFor(folder, entry)
    if (parent === null) return
    const before = parent.children.get(name)
    const node = this.#nodeOf(entry, before, found)
    if (node === null) return
    parent.children.set(name, node)
    if (before?.type === 'symlink' || (before?.type === 'directory' && node.type !== 'directory')) this.#parents.clear()
  }

  #nodeOf(entry: Entry, before: Node | undefined, found: Found): Node | null {
    const {type, path, size, mode, uid, gid, linkTarget, capability = null} = entry
    const layer = this.#layer
    // Written out: a spread in each costs five times as much, and a layer can have a million files.
    switch (type) {
      case 'directory':
        return {type, layer, mode, uid, gid, children: before?.type === 'directory' ? before.children : new Map()}
      case 'file':
        return {type, layer, mode, uid, gid, size, capability, content: {layer, entryPath: path, found}}
      case 'symlink':
        return {type, layer, mode, uid, gid, target: linkTarget}
      case 'hardlink':
        return this.#linked(entry)
      default:
        return {type, layer, mode, uid, gid}
    }
  }

  /** Another name for what the link names; a link to nothing is left out. */
  #linked(entry: Entry): Node | null {
    const target = resolve(this.root, entry.linkTarget, 'keep')
    if (typeof target === 'string' || target.node.type === 'directory') {
      this.#warn(
        'TAR_BAD_HARDLINK',
        entry,
        `${entry.path} is a hard link to ${entry.linkTarget}, which is not a file in the image: left out`,
      )
      return null
    }
    return {...target.node, layer: this.#layer}
  }

  /**
   * The folder that an entry goes into. Links on the way are followed inside the root, and what is missing is made, as
   * runtimes do.
   */
  #folderFor(folder: string, entry: Entry): DirectoryNode | null {
    if (folder === '') return this.root
    const known = this.#parents.get(folder)
    if (known !== undefined) return known
    const pending = folder.split('/').reverse()
    const walked: DirectoryNode[] = []
    let links = 0
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        walked.pop()
        continue
      }
      const parent = walked.at(-1) ?? this.root
      const child = parent.children.get(name) ?? this.#addFolder(parent, name)
      if (child.type === 'directory') walked.push(child)
      else if (child.type !== 'symlink')
        return this.#leaveOut('TAR_PARENT_NOT_FOLDER', entry, `lies below a ${child.type}`)
      else {
        if (++links > limits.linkDepth)
          return this.#leaveOut('TAR_LINK_LOOP', entry, 'lies behind a loop of symbolic links')
        if (child.target.startsWith('/')) walked.length = 0
        // At most PATH_MAX long, as the layer was read: few enough to be arguments.
        pending.push(...child.target.split('/').reverse())
      }
      if (walked.length + pending.length > limits.pathDepth)
        return this.#leaveOut('LIMIT_DEPTH', entry, 'lies too many folders deep')
    }
    const found = walked.at(-1) ?? this.root
    this.#parents.set(folder, found)
    return found
  }

  #addFolder(parent: DirectoryNode, name: string): DirectoryNode {
    const folder = folderNode(this.#layer)
    parent.children.set(name, folder)
    this.#nodes++
    return folder
  }

  #leaveOut(code: string, entry: Entry, why: string): null {
    this.#warn(code, entry, `${entry.path.slice(0, 200)} ${why}: left out`)
    return null
  }

  #warn(code: string, entry: Entry, message: string): void {
    this.warnings.add({code, path: entry.path, layer: this.#layer, message, hides: true})
  }
}

/** A folder that no entry describes: root's, 0755. */
function folderNode(layer: number): DirectoryNode {
  return {type: 'directory', layer, mode: 0o755, uid: 0, gid: 0, children: new Map()}
}

/** Every node of a view with its path, folders before what is in them. */
export function* walkNodes(
  folder: DirectoryNode,
  path: ImagePath = rootPath,
): Generator<{readonly path: ImagePath; readonly node: Node}> {
  const pending: {readonly path: ImagePath; readonly node: DirectoryNode}[] = [{path, node: folder}]
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const [name, node] of at.node.children) {
      const childPath = (at.path === '' ? name : `${at.path}/${name}`) as ImagePath
      yield {path: childPath, node}
      if (node.type === 'directory') pending.push({path: childPath, node})
    }
  }
}

/** Names of regular files in a view. */
export function countFiles(root: DirectoryNode): number {
  let files = 0
  for (const {node} of walkNodes(root)) if (node.type === 'file') files++
  return files
}
