import type {DirectoryNode} from '../../model/tree.js'
import type {RootView} from '../../rootfs/index.js'
import {limits} from './limits.js'

/** Files that a pattern of a shell stands for, by absolute path: `/docker-entrypoint.d/*.sh`. */
export function matchFiles(pattern: string, view: RootView): readonly string[] {
  let folders: readonly Folder[] = [{path: '', node: view.root}]
  const parts = pattern.split('/').filter(part => part !== '' && part !== '.')
  for (const part of parts.slice(0, -1)) {
    folders = folders.flatMap(folder => foldersIn(folder, part, view)).slice(0, limits.folders)
  }
  const last = wildcard(parts.at(-1) ?? '')
  return folders
    .flatMap(({path, node}) => [...node.children.keys()].filter(name => last(name)).map(name => `${path}/${name}`))
    .sort()
    .slice(0, limits.matches)
}

/** Files below a folder, as `find` lists them. */
export function filesBelow(folder: string, view: RootView): readonly string[] {
  const start = folderAt(folder, view)
  const pending: Folder[] = start === null ? [] : [{path: folder.replace(/\/+$/, ''), node: start}]
  const files: string[] = []
  let looked = 0
  for (let at = pending.pop(); at !== undefined && looked < limits.folders; at = pending.pop()) {
    looked++
    for (const [name, node] of at.node.children) {
      const path = `${at.path}/${name}`
      if (node.type === 'directory') pending.push({path, node})
      else files.push(path)
    }
  }
  return files.sort().slice(0, limits.matches)
}

interface Folder {
  readonly path: string
  readonly node: DirectoryNode
}

function foldersIn({path, node}: Folder, part: string, view: RootView): readonly Folder[] {
  const matches = wildcard(part)
  const names = part.includes('*') ? [...node.children.keys()].filter(name => matches(name)) : [part]
  return names.flatMap(name => {
    const found = folderAt(`${path}/${name}`, view)
    return found === null ? [] : [{path: `${path}/${name}`, node: found}]
  })
}

function folderAt(path: string, view: RootView): DirectoryNode | null {
  const found = view.resolve(path)
  return typeof found === 'string' || found.node.type !== 'directory' ? null : found.node
}

/** `*` and `?` in one name; a name that begins with a dot matches only what does so itself. No regular expression: those of strangers can take for ever. */
export function wildcard(pattern: string): (name: string) => boolean {
  return name => {
    if (name.startsWith('.') && !pattern.startsWith('.')) return false
    let at = 0
    let inPattern = 0
    let star = -1
    let afterStar = 0
    while (at < name.length) {
      const wanted = pattern[inPattern]
      if (wanted === '*') {
        star = inPattern++
        afterStar = at
      } else if (wanted === '?' || (wanted !== undefined && wanted === name[at])) {
        inPattern++
        at++
      } else if (star >= 0) {
        inPattern = star + 1
        at = ++afterStar
      } else return false
    }
    return /^\**$/.test(pattern.slice(inPattern))
  }
}
