import {statSync} from 'node:fs'
import {basename} from 'node:path'
import type {ByteSource} from '../model/bytes.js'
import {SourceError} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {cleanPath} from '../model/path.js'
import type {Entry} from '../model/tree.js'
import {FileSource} from './file.js'
import {openFolder} from './folder.js'
import {plainTarget} from './plain.js'

/** Is this the beginning of an ELF file? */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
}

/**
 * One ELF file, as an image with nothing else in it.
 * @throws {SourceError} where there is no such file, it cannot be read, or is something else
 */
export function openElf(path: string): Image {
  const stat = statSync(path, {throwIfNoEntry: false})
  if (stat === undefined) {
    throw new SourceError('SOURCE_NOT_FOUND', `${path} does not exist`, {hint: 'Check the path.'})
  }
  if (!stat.isFile()) {
    throw new SourceError('SOURCE_UNKNOWN', `${path} is not a regular file`, {hint: 'Name an ELF file.'})
  }
  const file = new FileSource(path)
  if (!isElf(file.read(0, 4))) {
    file.close()
    throw new SourceError('SOURCE_UNKNOWN', `${path} is not an ELF file`, {
      hint: 'Name a program or library that was compiled; scripts, archives and images are something else.',
    })
  }
  return elfImage(path, file, stat.mode)
}

function elfImage(path: string, file: FileSource, mode: number): Image {
  const name = basename(path)
  const entry: Entry = {
    path: cleanPath(name).path,
    type: 'file',
    size: file.sizeBytes,
    mode: mode & 0o7777,
    uid: 0,
    gid: 0,
    linkTarget: '',
  }
  const body: ByteSource & {close(): void} = {
    sizeBytes: file.sizeBytes,
    read: (offset, length) => file.read(offset, length),
    close() {
      // Layers may be read again: the file stays open until the image is closed.
    },
  }
  return {
    kind: 'elf',
    reference: `elf:${path}`,
    ...plainTarget(path, file.sizeBytes),
    name,
    readLayers: (layers, read) =>
      Promise.all(layers.map(wanted => read({kind: 'entries', entries: [{entry, body}]}, wanted))),
    close: () => file.close(),
  }
}

/** The ELF files below a folder that is no root file system: paths in them are not paths in it. */
export function openElfFolder(path: string): Image {
  return {...openFolder(path, `elf:${path}`), kind: 'elf'}
}
