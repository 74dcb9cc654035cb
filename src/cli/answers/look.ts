import {createHash} from 'node:crypto'
import {type BigIntStats, type Dirent, existsSync, lstatSync, readdirSync, realpathSync, statSync} from 'node:fs'

/**
 * A question about a path, as the program asks it: what a file or folder is (`file` where it is read as well), what a link
 * is, what is in a folder, where a path leads, whether there is anything. `output` asks whether a report can be put there.
 */
export type Look = 'file' | 'stat' | 'lstat' | 'list' | 'real' | 'exists' | 'output'

/** What a path had to say. */
export type Note = readonly [look: Look, path: string, said: string]

/** The same words, as long as the program would see the same: an identity, names, or the code of what went wrong. */
export function lookAt(look: Look, path: string): string {
  try {
    switch (look) {
      case 'file':
      case 'stat':
        return identity(statSync(path, {bigint: true}))
      case 'lstat':
        return identity(lstatSync(path, {bigint: true}))
      case 'list':
        return names(readdirSync(path, {withFileTypes: true}))
      case 'real':
        return realpathSync.native(path)
      case 'exists':
        return String(existsSync(path))
      case 'output':
        return placeForOutput(path)
      default:
        return 'unknown'
    }
  } catch (error) {
    return codeOf(error)
  }
}

/** ctime cannot be set back by hand, and shows every change of owner, mode and links as well. */
export function identity({dev, ino, mode, size, mtimeNs, ctimeNs}: BigIntStats): string {
  return [dev, ino, mode, size, mtimeNs, ctimeNs].join(' ')
}

/** The names in a folder and what they are, in any order: a report does not depend on that. */
export function names(entries: readonly Dirent[]): string {
  const hash = createHash('sha256')
  for (const line of entries.map(entry => `${kindOf(entry)}${entry.name}\0`).sort()) hash.update(line)
  return hash.digest('hex')
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? 'unknown'
}

function kindOf(entry: Dirent): string {
  if (entry.isFile()) return 'f'
  if (entry.isDirectory()) return 'd'
  return entry.isSymbolicLink() ? 'l' : 'o'
}

/** What is replaced may be anything but what cannot be: a folder, a pipe, a device. */
function placeForOutput(path: string): string {
  const stat = statSync(path, {throwIfNoEntry: false})
  return stat === undefined || stat.isFile() ? 'free' : 'taken'
}
