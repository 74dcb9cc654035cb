import {readdirSync} from 'node:fs'
import {join} from 'node:path'

/** Folders of a database that hold tables, besides itself. */
const folders = ['', 'advisories', 'apk', 'apk/versions']

/** Ships with the program, but is no part of the database: what signs feeds must not come with them. */
const keysPath = 'apk/keys.tsv'

/** Could it be the path of a file in a database? Such a path leads nowhere else. */
export function isDatabasePath(path: string): boolean {
  const slash = path.lastIndexOf('/')
  if (!folders.includes(path.slice(0, Math.max(0, slash))) || path === keysPath) return false
  return /^[a-z0-9](?:[\w-]|\.(?!\.)){0,60}\.tsv$/.test(path.slice(slash + 1))
}

/** Paths of the files of a database, sorted. */
export function databaseFiles(folder: string): readonly string[] {
  const found = folders.flatMap(inside =>
    names(join(folder, inside)).map(name => (inside === '' ? name : `${inside}/${name}`)),
  )
  return found.filter(isDatabasePath).sort()
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
