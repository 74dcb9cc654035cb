import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {formatHeader, invalid, parseHeader} from './format.js'
import {newestBuild, type RepositoryIndex} from './repository-indexes.js'
import {formatTable, SortedTable} from './sorted-table.js'

const kind = 'versions'

/** Path of a branch's table in a database. It is only there where somebody fetched the package indexes. */
export function packageVersionsPath(branch: string): string {
  return `apk/versions/${branch}.tsv`
}

/** A version that apk can install. */
export interface AvailableVersion {
  readonly version: string
  /** `main`, `community`. */
  readonly repository: string
  /** For which the indexes were fetched. */
  readonly architectures: readonly string[]
}

/** What the repositories of one branch held when their indexes were fetched. */
export interface PackageVersions {
  /** YYYY-MM-DD of the newest package; null where the indexes say nothing. */
  readonly date: string | null
  /** Versions of a package; empty where no repository has it. */
  find(name: string): readonly AvailableVersion[]
}

/**
 * Opens the table of a branch; null where the database has none.
 * @throws {DatabaseError} DATABASE_INVALID
 */
export function openPackageVersions(location: string, branch: string): PackageVersions | null {
  const path = join(location, packageVersionsPath(branch))
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw invalid(path, 'cannot be read', cause)
  }
  const {date} = parseHeader(bytes, kind, path)
  const table = new SortedTable(bytes)
  return {date, find: name => (table.find(name) ?? []).map(parseCell)}
}

function parseCell(cell: string): AvailableVersion {
  const [version = '', repository = '', ...architectures] = cell.split(' ')
  return {version, repository, architectures}
}

/** The tables of all branches of these indexes, by path: package, then `version repository architecture…` columns. */
export function compilePackageVersions(indexes: readonly RepositoryIndex[]): ReadonlyMap<string, string> {
  const branches = new Set(indexes.map(({branch}) => branch))
  return new Map(
    [...branches].map(branch => {
      const ofBranch = indexes.filter(index => index.branch === branch)
      const header = formatHeader({
        kind,
        date: newestBuild(ofBranch),
        source: 'Alpine package indexes',
        fields: new Map([['branch', branch]]),
      })
      const text = header + formatTable(versionsOf(ofBranch), cells => cells.join('\t'))
      return [packageVersionsPath(branch), text]
    }),
  )
}

function versionsOf(indexes: readonly RepositoryIndex[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, Map<string, string[]>>()
  for (const {repository, branch, architecture, packages} of indexes) {
    for (const {name, version} of packages) {
      const cell = `${version} ${repository.slice(branch.length + 1)}`
      const cells = byName.get(name) ?? new Map<string, string[]>()
      byName.set(name, cells.set(cell, [...(cells.get(cell) ?? []), architecture]))
    }
  }
  return new Map(
    [...byName].map(([name, cells]) => [name, [...cells].map(([cell, list]) => [cell, ...list].join(' '))]),
  )
}
