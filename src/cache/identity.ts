import {type BigIntStats, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'

/**
 * What the file system says of files that was never said of them before they were changed: device, inode, size, and the
 * times of change to the nanosecond. ctime cannot be set back by hand.
 */
export type FilesIdentity = readonly string[]

/** Files of a folder that are looked at: a layout of images has some hundreds. */
const mostFiles = 10_000

/** Folders inside each other; links among them may go round. */
const mostDeep = 4

/** Clocks of file systems go in ticks: what changes twice in one shows it once. */
const tickMs = 50
/** Of those that keep whole seconds, or pairs of them. */
const coarseTickMs = 2_500

/**
 * Identity of a file, or of all files in a folder.
 * @returns null where there is none to be had: no such thing, something that is neither, or changed just now
 */
export function identityOf(path: string): FilesIdentity | null {
  const now = Date.now()
  const found: string[] = []
  return visit(path, '', now, found, 0) ? found : null
}

function visit(path: string, name: string, now: number, found: string[], depth: number): boolean {
  try {
    const stat = statSync(path, {bigint: true})
    if (stat.isDirectory()) {
      if (depth > mostDeep) return false
      const names = readdirSync(path).sort()
      return names.every(child => visit(join(path, child), `${name}/${child}`, now, found, depth + 1))
    }
    if (!stat.isFile() || found.length >= mostFiles || !isSettled(stat, now)) return false
    found.push(`${name} ${identityOfStat(stat)}`)
    return true
  } catch {
    // Gone, or not for us to read: whoever opens it says so better.
    return false
  }
}

/** How {@link identityOf} says what one file is, without its name. */
export function identityOfStat({dev, ino, size, mtimeNs, ctimeNs}: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

/** A file that was changed within the last tick may be changed again in it, and look the same. */
export function isSettled({ctimeNs}: BigIntStats, now: number): boolean {
  const isCoarse = ctimeNs % 1_000_000_000n === 0n
  return now - Number(ctimeNs / 1_000_000n) > (isCoarse ? coarseTickMs : tickMs)
}
