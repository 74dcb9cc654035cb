import {basename} from 'node:path'
import type {ByteSource} from '../model/bytes.js'
import {SourceError} from '../model/errors.js'
import type {Image} from '../model/image.js'
import {cleanPath} from '../model/path.js'
import type {Entry} from '../model/tree.js'
import {FileSource, statOf} from './file.js'
import {openFolder} from './folder.js'
import {inputName} from './input.js'
import {plainTarget} from './plain.js'
import type {OpenBytes} from './receive.js'

/** Is this the beginning of an ELF file? */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
}

/**
 * One ELF file, as an image with nothing else in it.
 * @param received its bytes, where they came through standard input
 * @throws {SourceError} where there is no such file, it cannot be read, or is something else
 */
export function openElf(path: string, received: OpenBytes | null = null): Image {
  if (received !== null)
    return elfImage({path, name: inputName, shown: 'stdin', mode: 0o644}, asElf(received, inputName))
  const stat = statOf(path)
  if (stat === null) {
    throw new SourceError('SOURCE_NOT_FOUND', `${path} does not exist`, {hint: 'Check the path.'})
  }
  if (!stat.isFile()) {
    throw new SourceError('SOURCE_UNKNOWN', `${path} is not a regular file`, {hint: 'Name an ELF file.'})
  }
  return elfImage({path, name: path, shown: basename(path), mode: stat.mode}, asElf(new FileSource(path), path))
}

function asElf(file: OpenBytes, name: string): OpenBytes {
  if (isElf(file.read(0, 4))) return file
  file.close()
  throw new SourceError('SOURCE_UNKNOWN', `${name} is not an ELF file`, {
    hint: 'Name a program or library that was compiled; scripts, archives and images are something else.',
  })
}

/** What is known of the file besides its bytes. */
interface Named {
  readonly path: string
  /** In messages. */
  readonly name: string
  /** In the report. */
  readonly shown: string
  readonly mode: number
}

function elfImage({path, name, shown, mode}: Named, file: OpenBytes): Image {
  const entry: Entry = {
    path: cleanPath(shown).path,
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
    ...plainTarget(name, file.sizeBytes),
    name: shown,
    readLayers: (layers, read) =>
      Promise.all(layers.map(wanted => read({kind: 'entries', entries: [{entry, body}]}, wanted))),
    close: () => file.close(),
  }
}

/** The ELF files below a folder that is no root file system: paths in them are not paths in it. */
export function openElfFolder(path: string): Image {
  return {...openFolder(path, `elf:${path}`), kind: 'elf'}
}
