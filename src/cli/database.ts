import {existsSync, readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {type AdvisoryDatabase, openDatabase} from '../advisory/database.js'
import {PitonError} from '../model/errors.js'
import type {Warning} from '../model/warning.js'
import {LibcTables} from '../musl/index.js'

/** Where a refreshed database lives. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'piton', 'db')
}

/**
 * The database to match with: the one asked for, else the newer of the cache and the one that ships. A damaged cache
 * never stops a scan: it is a warning, and what ships serves.
 * @param root the program's folder
 */
export function chooseDatabase(
  asked: string | undefined,
  root: string,
  warn: (warning: Warning) => void,
): AdvisoryDatabase {
  if (asked !== undefined) return openDatabase(asked)
  const shipped = openDatabase(join(root, 'data'))
  const cache = cacheFolder()
  if (!existsSync(cache)) return shipped
  try {
    const cached = openDatabase(cache)
    return cached.date > shipped.date ? cached : shipped
  } catch (error) {
    if (!(error instanceof PitonError)) throw error
    warn({code: error.code, message: `${error.message}: the database that ships with piton is used`})
    return shipped
  }
}

/** What ships with piton about C libraries; read when it is needed. */
export function libcTables(root: string): LibcTables {
  const folder = join(root, 'data/libc')
  return new LibcTables(name => readFileSync(join(folder, `${name}.tsv`), 'utf8'), folder)
}
