import type {DirectoryNode} from '../model/tree.js'
import type {RootView} from '../rootfs/index.js'

/** PATH as Docker sets it where an image says nothing else. */
const folders = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin']

/**
 * Says whether a command can be found in the view. An image may set another PATH, and its entrypoint yet another: a
 * program of this name in any folder called `bin` or `sbin` may be meant, so that only one that is nowhere is missing.
 */
export class CommandPath {
  readonly #view: RootView
  #elsewhere: ReadonlySet<string> | null = null

  constructor(view: RootView) {
    this.#view = view
  }

  /** Where PATH finds it; null where it does not. */
  find(command: string): string | null {
    const paths = folders.map(folder => `${folder}/${command}`)
    return paths.find(path => typeof this.#view.resolve(path) !== 'string') ?? null
  }

  /** May it be found, whatever PATH is? */
  has(command: string): boolean {
    if (command.includes('/')) return !command.startsWith('/') || typeof this.#view.resolve(command) !== 'string'
    if (this.find(command) !== null) return true
    this.#elsewhere ??= namesInBinFolders(this.#view.root)
    return this.#elsewhere.has(command)
  }
}

function namesInBinFolders(root: DirectoryNode): ReadonlySet<string> {
  const names = new Set<string>()
  const pending: DirectoryNode[] = [root]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const [name, node] of folder.children) {
      if (node.type !== 'directory') continue
      pending.push(node)
      if (name === 'bin' || name === 'sbin') for (const command of node.children.keys()) names.add(command)
    }
  }
  return names
}
