import {existsSync, readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {type AdvisoryDatabase, openDatabase} from '../advisory/database.js'
import {readManifest} from '../advisory/manifest.js'
import {Generations} from '../advisory/update/generations.js'
import {type CachePlaces, cachePlaces} from '../advisory/update/places.js'
import {readState} from '../advisory/update/state.js'
import {openUsable} from '../advisory/update/usable.js'
import type {Warning} from '../model/warning.js'
import {LibcTables} from '../musl/index.js'
import type {DatabaseSource} from './database-text.js'

/** Where piton keeps what it can fetch again. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'piton')
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
  const cached = openCached(cachePlaces(cacheFolder()), warn)
  const shipped = join(root, 'data')
  if (cached === null) return openDatabase(shipped)
  const own = openUsable(shipped)
  return own === null || cached.date >= own.date ? cached : own
}

/** The database of the cache; null where there is none that can be used. */
function openCached(places: CachePlaces, warn: (warning: Warning) => void): AdvisoryDatabase | null {
  if (!existsSync(places.database) && !existsSync(places.generations)) return null
  const found = new Generations(places).usable()
  if (found?.isLinked === true) return openDatabase(found.folder)
  // Not a link: somebody has put a database there.
  const plain = openUsable(places.database)
  if (plain !== null && readManifest(places.database) === null) return plain
  const instead = found === null ? 'what ships with piton' : `that of ${found.manifest.date}`
  warn({
    code: 'DATABASE_INVALID',
    message: `the advisory database in ${places.database} is damaged: ${instead} is used. piton db update makes it anew`,
  })
  return found === null ? null : openUsable(found.folder)
}

/** Where the chosen database comes from, and when its feeds were last asked. */
export function databaseStatus(
  {location}: AdvisoryDatabase,
  asked: string | undefined,
  root: string,
): {readonly source: DatabaseSource; readonly checked: string | null} {
  if (asked !== undefined) return {source: 'folder', checked: null}
  if (location === join(root, 'data')) return {source: 'shipped', checked: null}
  return {source: 'cache', checked: readState(cachePlaces(cacheFolder()).state).checked}
}

/** What ships with piton about C libraries; read when it is needed. */
export function libcTables(root: string): LibcTables {
  const folder = join(root, 'data/libc')
  return new LibcTables(name => readFileSync(join(folder, `${name}.tsv`), 'utf8'), folder)
}
