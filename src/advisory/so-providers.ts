import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {compareText} from '../model/text.js'
import {compareBranches} from './branch.js'
import {formatHeader, invalid, parseHeader} from './format.js'
import {newestBuild, type RepositoryIndex} from './repository-indexes.js'
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

/**
 * The text of the table, from the indexes of a folder of feeds; null where there are none. Architectures are joined:
 * the same sources give the same sonames.
 * @param base rows of an older table, which hold for repositories that the indexes do not cover
 */
export function compileSoProviders(
  indexes: readonly RepositoryIndex[],
  base: ReadonlyMap<string, readonly string[]> = new Map(),
): string | null {
  if (indexes.length === 0) return null
  const rows = providersOf(indexes)
  const covered = new Set(indexes.map(({repository}) => repository))
  const older = new Set<string>()
  for (const [soname, cells] of base) {
    for (const {package: name, repositories} of cells.map(parseProvider)) {
      for (const repository of repositories.filter(known => !covered.has(known))) {
        older.add(repository)
        const providers = rows.get(soname) ?? new Map<string, Set<string>>()
        rows.set(soname, providers.set(name, (providers.get(name) ?? new Set<string>()).add(repository)))
      }
    }
  }
  const repositories = [...covered, ...[...older].sort((a, b) => compareBranches(branchOf(b), branchOf(a)))]
  const header = formatHeader({
    kind,
    date: newestBuild(indexes),
    source: 'Alpine package indexes',
    fields: new Map([['repositories', repositories.join(' ')]]),
  })
  return (
    header + formatTable(rows, providers => [...providers].map(([name, set]) => [name, ...set].join(' ')).join('\t'))
  )
}

/** Packages by soname, the newest branch first, then as apk ranks them, then by name; of each where it does. */
function providersOf(indexes: readonly RepositoryIndex[]): Map<string, Map<string, Set<string>>> {
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
  return bySoname
}

function branchOf(repository: string): string {
  return repository.split('/')[0] ?? ''
}
