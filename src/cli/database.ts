import {existsSync, lstatSync, readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {type AdvisoryDatabase, openDatabase} from '../advisory/database.js'
import {manifestName} from '../advisory/manifest.js'
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
  const generations = new Generations(places)
  // An update that could not be finished leaves a folder, but nothing that was ever in use.
  if (generations.isEmpty()) return null
  // All of it is read, in some milliseconds: a file that a crash has filled with zeros is as long as it should be.
  const found = generations.usable(true)
  if (found?.isLinked === true) return openDatabase(found.folder)
  const plain = openPlain(places.database)
  if (plain !== null) return plain
  const instead = found === null ? 'what ships with piton' : `that of ${found.manifest.date}`
  warn({
    code: 'DATABASE_INVALID',
    message: `the advisory database in ${places.database} is damaged: ${instead} is used. piton db update makes it anew`,
  })
  return found === null ? null : openUsable(found.folder)
}

/** What somebody has put where the link should be, without a manifest to compare it with; null where that is not so. */
function openPlain(folder: string): AdvisoryDatabase | null {
  const isFolder = lstatSync(folder, {throwIfNoEntry: false})?.isDirectory() === true
  return isFolder && !existsSync(join(folder, manifestName)) ? openUsable(folder) : null
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
