import {closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync} from 'node:fs'
import {open} from 'node:fs/promises'
import {dirname} from 'node:path'
import {DatabaseError} from '../../model/errors.js'

/** As {@link writeWhole}, with the folders that it needs. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), {recursive: true})
  writeWhole(path, content)
}

/**
 * Writes a file so that it is there whole or not at all, also after a power cut: under another name, to the disk, and
 * then over the old one.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.new`
  try {
    writeDurably(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, {force: true})
    throw error
  }
}

/** Writes a new file and waits until the disk has it. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const fd = openSync(path, 'w')
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Writes many new files at once: to wait for a disk takes as long for one as for ten. */
export async function writeAllDurably(
  files: Iterable<readonly [path: string, content: string | Uint8Array]>,
): Promise<void> {
  const write = async ([path, content]: readonly [path: string, content: string | Uint8Array]) => {
    const file = await open(path, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
  }
  const results = await Promise.allSettled([...files].map(write))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Puts the names in a folder on the disk. File systems that know no such thing lose nothing by it. */
export function syncFolder(path: string): void {
  let fd: number | null = null
  try {
    fd = openSync(path, 'r')
    fsyncSync(fd)
  } catch {
    // Not every system lets a folder be opened.
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the device',
  EDQUOT: 'the quota is used up',
  EFBIG: 'no file may be as large',
  EROFS: 'it is on a read-only file system',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  ENOTDIR: 'a part of it is not a folder',
  EIO: 'the device reports an error',
}

/** What a failed write means, in words; other errors as they are. */
export function unwritable(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof DatabaseError || !/^E[A-Z]+$/.test(code)) return error
  return new DatabaseError('DATABASE_UNWRITABLE', `${path} cannot be written: ${reasons[code] ?? code}`, {
    hint: 'Make room there, or name another cache folder in XDG_CACHE_HOME.',
    cause: error,
  })
}
