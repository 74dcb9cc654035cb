import {limits} from '../model/limits.js'
import type {DirectoryNode, ImagePath, Node, SymlinkNode} from '../model/tree.js'

/** Where a path led. */
export interface Resolved {
  readonly node: Node
  /** Without symbolic links in it. */
  readonly path: ImagePath
}

export type Unresolved = 'missing' | 'loop' | 'not-a-directory'

/**
 * Follows a path inside the view as the kernel would in a container: symbolic links relative to where they stand,
 * absolute ones from the view's own root, `..` never above it.
 * @param last what to do with a link in the last component
 */
export function resolve(root: DirectoryNode, path: string, last: 'follow' | 'keep'): Resolved | Unresolved {
  const pending = path.split('/').reverse()
  const walked: {readonly name: string; readonly node: Node}[] = []
  let links = 0
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      walked.pop()
      continue
    }
    const parent = walked.at(-1)?.node ?? root
    if (parent.type !== 'directory') return 'not-a-directory'
    const node = parent.children.get(name)
    if (node === undefined) return 'missing'
    const follows = node.type === 'symlink' && (last === 'follow' || hasMore(pending))
    if (!follows) {
      walked.push({name, node})
      continue
    }
    if (++links > limits.linkDepth) return 'loop'
    const {target} = node as SymlinkNode
    if (target.startsWith('/')) walked.length = 0
    const parts = target.split('/')
    if (parts.length + pending.length > limits.pathDepth * 2) return 'loop'
    for (let i = parts.length - 1; i >= 0; i--) pending.push(parts[i] as string)
  }
  const end = walked.at(-1)
  return {node: end?.node ?? root, path: walked.map(step => step.name).join('/') as ImagePath}
}

function hasMore(pending: readonly string[]): boolean {
  return pending.some(part => part !== '' && part !== '.')
}
