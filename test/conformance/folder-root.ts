import {closeSync, constants, fstatSync, openSync, readSync, realpathSync} from 'node:fs'
import {relative} from 'node:path'
import type {ByteSource} from '../../src/model/bytes.js'
import {type LoaderObject, type LoaderRoot, type Opened, readObjectFrom} from '../../src/musl/index.js'

/**
 * A folder of this machine as a part of a root. Its files must not have links that lead out of it: only this machine's own
 * tools made them.
 * @param at where the folder is seen in the root; '' is all of it
 */
export function folderRoot(folder: string, at = ''): LoaderRoot {
  return {
    open(path) {
      if (at !== '' && path !== at && !path.startsWith(`${at}/`)) return {kind: 'missing'}
      return openFile(`${folder}${path.slice(at.length)}`, real => `${at}/${relative(folder, real)}`)
    },
  }
}

function openFile(file: string, nameOf: (real: string) => string): Opened {
  let real: string
  try {
    real = realpathSync(file)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    return {kind: code === 'ELOOP' ? 'loop' : code === 'EACCES' ? 'forbidden' : 'missing'}
  }
  const source = openSource(real)
  if (source === null) return {kind: 'directory'}
  return {kind: 'file', path: nameOf(real), identity: real, object: () => readWhole(real)}
}

/** null for what is no file. */
function openSource(file: string): {readonly source: ByteSource; close(): void} | null {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  const stat = fstatSync(descriptor)
  const close = () => closeSync(descriptor)
  if (!stat.isFile()) {
    close()
    return null
  }
  const source: ByteSource = {
    sizeBytes: stat.size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, stat.size - offset)))
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset))
    },
  }
  return {source, close}
}

function readWhole(file: string): LoaderObject | null {
  const opened = openSource(file)
  if (opened === null) return null
  try {
    return readObjectFrom(opened.source, file)
  } finally {
    opened.close()
  }
}
