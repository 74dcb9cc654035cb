import {lstatSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {unwritable} from './files.js'
import {withLock} from './lock.js'
import type {CachePlaces} from './places.js'

/**
 * Removes the database of the cache, and all that it was made from.
 * @returns bytes that were in it; null where there was nothing
 */
export async function cleanCache(
  {database, home, lock}: CachePlaces,
  onWait?: (holder: string) => void,
): Promise<number | null> {
  if (!isThere(database) && !isThere(home)) return null
  try {
    const sizeBytes = await withLock(
      lock,
      async () => {
        const size = sizeOf(home) + sizeOf(database)
        // The link goes first: from then on what ships serves.
        rmSync(database, {recursive: true, force: true})
        for (const name of readdirSync(home)) {
          if (join(home, name) !== lock) rmSync(join(home, name), {recursive: true, force: true})
        }
        return size
      },
      onWait,
    )
    rmSync(home, {recursive: true, force: true})
    return sizeBytes
  } catch (error) {
    throw unwritable(error, home)
  }
}

/** A link that leads nowhere is there too; what would be in a file that should be a folder is not. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) !== undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}

/** Of plain files below a path; links are not followed. */
function sizeOf(path: string): number {
  const stat = lstatSync(path, {throwIfNoEntry: false})
  if (stat?.isDirectory() !== true) return stat?.isFile() === true ? stat.size : 0
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
