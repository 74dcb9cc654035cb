import {lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statfsSync} from 'node:fs'
import {join} from 'node:path'
import {decodeName, encodeName} from '../archive/names.js'
import type {FolderEntry, Image} from '../model/image.js'
import {rootPath} from '../model/path.js'
import type {Entry, EntryType, ImagePath} from '../model/tree.js'
import type {Warning} from '../model/warning.js'
import {FileSource, unreadable} from './file.js'
import {plainTarget} from './plain.js'

/** Kernel file systems (`f_type` of statfs): they hold no files of the image and never end. */
const kernelFileSystems = new Set([
  0x9fa0, 0x62656572, 0x1cd1, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0xcafe4a11, 0x73636673,
])

/** A root file system in a folder. Links in it are facts about it: none is followed. */
export function openFolder(folder: string, reference: string): Image {
  const warnings: Warning[] = []
  const root = realpathSync(folder)
  return {
    kind: 'rootfs',
    reference,
    ...plainTarget(folder, null),
    warnings,
    readLayers: (layers, read) =>
      Promise.all(
        layers.map(wanted =>
          read({kind: 'entries', entries: walkFolder(root, warning => warnings.push(warning))}, wanted),
        ),
      ),
    close() {
      // Files are opened and closed one by one.
    },
  }
}

/** Every entry below `root`, folders before what is in them, in the order of their names. */
function* walkFolder(root: string, warn: (warning: Warning) => void): Generator<FolderEntry> {
  const inodes = new Map<string, ImagePath>()
  const pending: {readonly path: ImagePath; readonly device: number}[] = [{path: rootPath, device: lstatSync(root).dev}]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const name of listFolder(root, folder.path, warn)) {
      const path = (folder.path === '' ? name : `${folder.path}/${name}`) as ImagePath
      const place = placeOf(root, path)
      const found = lookAt(place, path, inodes)
      if (typeof found === 'string') {
        warn({code: 'FOLDER_CHANGED', path, message: `${path} ${found}: left out`, hides: true})
        continue
      }
      const {stat, entry} = found
      if (entry === null) continue
      yield {entry, body: entry.type === 'file' ? lazyFile(place, stat.size) : null}
      const crosses = stat.dev !== folder.device
      if (entry.type === 'directory' && !(crosses && isKernelFileSystem(place))) pending.push({path, device: stat.dev})
    }
  }
}

/** An entry as it is now, null for what is none; or why nobody can say: the folder is used, or its permissions forbid it. */
function lookAt(place: string | Buffer, path: ImagePath, inodes: Map<string, ImagePath>) {
  try {
    const stat = lstatSync(place, {throwIfNoEntry: false})
    if (stat === undefined) return 'went away'
    return {stat, entry: entryOf(place, path, stat, inodes)}
  } catch (error) {
    return `cannot be looked at (${(error as NodeJS.ErrnoException).code})`
  }
}

function placeOf(root: string, path: ImagePath): string | Buffer {
  return encodeName(join(root, path))
}

/** Names in order. Node puts U+FFFD for what is not UTF-8: then they are asked for as bytes, and read as an archive's. */
function listFolder(root: string, path: ImagePath, warn: (warning: Warning) => void): readonly string[] {
  try {
    const place = placeOf(root, path)
    const names = readdirSync(place)
    const exact = names.some(name => name.includes('\ufffd'))
      ? readdirSync(place, {encoding: 'buffer'}).map(decodeName)
      : names
    return exact.sort((a, b) => (a < b ? -1 : 1))
  } catch (error) {
    if (path === rootPath) throw unreadable(root, error)
    warn({
      code: 'FOLDER_UNREADABLE',
      path,
      message: `cannot list ${path}: ${(error as NodeJS.ErrnoException).code}`,
      hides: true,
    })
    return []
  }
}

function entryOf(place: string | Buffer, path: ImagePath, stat: Stats, inodes: Map<string, ImagePath>): Entry | null {
  const type = typeOf(stat)
  if (type === null) return null
  const common = {path, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid}
  if (type === 'symlink') return {...common, type, size: 0, linkTarget: decodeName(readlinkSync(place, 'buffer'))}
  if (type === 'file' && stat.nlink > 1) {
    const inode = `${stat.dev}:${stat.ino}`
    const first = inodes.get(inode)
    if (first !== undefined) return {...common, type: 'hardlink', size: 0, linkTarget: first}
    inodes.set(inode, path)
  }
  return {...common, type, size: type === 'file' ? stat.size : 0, linkTarget: ''}
}

function typeOf(stat: Stats): EntryType | null {
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'symlink'
  if (stat.isCharacterDevice()) return 'char'
  if (stat.isBlockDevice()) return 'block'
  return stat.isFIFO() ? 'fifo' : null
}

function isKernelFileSystem(path: string | Buffer): boolean {
  try {
    return kernelFileSystems.has(statfsSync(path).type)
  } catch {
    return true
  }
}

/** A file that is opened when it is first read. */
function lazyFile(path: string | Buffer, sizeBytes: number): NonNullable<FolderEntry['body']> {
  let file: FileSource | null = null
  let isClosed = false
  return {
    sizeBytes,
    lasting: true,
    read(offset, length) {
      file ??= new FileSource(path, 'refuse')
      try {
        return file.read(offset, length)
      } finally {
        // Read again later: thousands of files cannot all stay open.
        if (isClosed) this.close()
      }
    },
    close() {
      isClosed = true
      file?.close()
      file = null
    },
  }
}
