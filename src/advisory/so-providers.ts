import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {readIndexArchive} from '../apk/index-archive.js'
import {type IndexedPackage, parsePackageIndex} from '../apk/package-index.js'
import {compareText} from '../model/text.js'
import {compareBranches, isBranch} from './branch.js'
import type {Feeds} from './feeds.js'
import {formatHeader, invalid, parseHeader} from './format.js'
import {formatTable, SortedTable} from './sorted-table.js'

/** Where the table lies in a database. */
export const soProvidersPath = 'apk/so-providers.tsv'

const kind = 'providers'

/** A package of Alpine that brings a library. */
export interface SoProvider {
  readonly package: string
  /** Where it does, `v3.17/main`; newest branch first. */
  readonly repositories: readonly string[]
}

/** Which package brings a library, by the soname that programs ask for. */
export interface SoProviders {
  /** YYYY-MM-DD of the newest package in the indexes; null where they say nothing. */
  readonly date: string | null
  /** Best first: of the newest branch, and there as apk would choose. Empty where no package of the indexes has it. */
  find(soname: string): readonly SoProvider[]
}

/**
 * Opens the table of a database; null where the database has none.
 * @throws {DatabaseError} DATABASE_INVALID
 */
export function openSoProviders(location: string): SoProviders | null {
  const path = join(location, soProvidersPath)
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw invalid(path, 'cannot be read', cause)
  }
  const {date} = parseHeader(bytes, kind, path)
  const table = new SortedTable(bytes)
  return {date, find: soname => (table.find(soname) ?? []).map(parseProvider)}
}

function parseProvider(cell: string): SoProvider {
  const [name = '', ...repositories] = cell.split(' ')
  return {package: name, repositories}
}

/** One repository's index. */
export interface Index {
  /** `v3.17/main`. */
  readonly repository: string
  readonly packages: readonly IndexedPackage[]
}

/**
 * Compiles the indexes in `apkindex/BRANCH/REPOSITORY/ARCHITECTURE/APKINDEX.tar.gz` to the text of the table; null where
 * there are none. Architectures are joined: the same sources give the same sonames.
 */
export async function compileSoProviders(feeds: Feeds): Promise<string | null> {
  const indexes = await readIndexes(feeds)
  if (indexes.length === 0) return null
  const times = indexes.flatMap(({packages}) => packages.flatMap(({buildTime}) => buildTime ?? []))
  const newest = times.reduce((latest, time) => Math.max(latest, time), 0)
  const header = formatHeader({
    kind,
    date: newest === 0 ? null : new Date(newest * 1000).toISOString().slice(0, 10),
    source: 'Alpine package indexes',
    fields: new Map([['repositories', [...new Set(indexes.map(({repository}) => repository))].join(' ')]]),
  })
  return header + formatTable(providersOf(indexes), cells => cells.join('\t'))
}

/** Newest branch first. */
export async function readIndexes(feeds: Feeds): Promise<Index[]> {
  const folder = 'apkindex'
  const indexes: Index[] = []
  for (const branch of feeds.list(folder).filter(isBranch).sort(compareBranches).reverse()) {
    for (const repository of feeds.list(`${folder}/${branch}`)) {
      for (const architecture of feeds.list(`${folder}/${branch}/${repository}`)) {
        const path = `${folder}/${branch}/${repository}/${architecture}/APKINDEX.tar.gz`
        const bytes = feeds.readBytes(path)
        if (bytes === null) continue
        const packages = parsePackageIndex(await readIndexArchive(bytes, path))
        indexes.push({repository: `${branch}/${repository}`, packages})
      }
    }
  }
  return indexes
}

/** By soname: `package repository repository…`, the newest first, then as apk ranks them, then by name. */
function providersOf(indexes: readonly Index[]): ReadonlyMap<string, readonly string[]> {
  const bySoname = new Map<string, Map<string, Set<string>>>()
  for (const {repository, packages} of indexes) {
    const ranked = [...packages].sort((a, b) => b.priority - a.priority || compareText(a.name, b.name))
    for (const {name, provides} of ranked) {
      for (const provided of provides) {
        const [, soname] = /^so:([^=\s]+)/.exec(provided) ?? []
        if (soname === undefined) continue
        const providers = bySoname.get(soname) ?? new Map<string, Set<string>>()
        bySoname.set(soname, providers.set(name, (providers.get(name) ?? new Set<string>()).add(repository)))
      }
    }
  }
  return new Map(
    [...bySoname].map(([soname, providers]) => [
      soname,
      [...providers].map(([name, repositories]) => [name, ...repositories].join(' ')),
    ]),
  )
}
