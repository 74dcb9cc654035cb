import type {LoaderRoot, Opened} from '../musl/index.js'
import type {RootView} from '../rootfs/index.js'
import {elfFile} from './elf-collector.js'

/** The view as musl's loader would see it from inside: links are followed, and none leads out. */
export function loaderRoot(view: RootView): LoaderRoot {
  return {
    open(path): Opened {
      const found = view.resolve(path)
      if (found === 'loop') return {kind: 'loop'}
      if (typeof found === 'string') return {kind: 'missing'}
      const {node, path: real} = found
      if (node.type === 'directory') return {kind: 'directory'}
      if (node.type !== 'file') return {kind: 'forbidden'}
      return {
        kind: 'file',
        path: `/${real}`,
        identity: node.content,
        object: () => view.found(node, elfFile)?.object() ?? null,
      }
    },
  }
}
