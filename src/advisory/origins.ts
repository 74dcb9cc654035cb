import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {compareText} from '../model/text.js'
import {compareBranches} from './branch.js'
import {formatHeader, invalid, parseHeader} from './format.js'
import {newestBuild, type RepositoryIndex} from './repository-indexes.js'
import {formatTable, SortedTable} from './sorted-table.js'

/** Where the table lies in a database. */
export const originsPath = 'apk/origins.tsv'

const kind = 'origins'

/** A source package as one repository holds it. */
export interface HeldOrigin {
  /** `v3.17/main`. */
  readonly repository: string
  /** Nearly always one: the binaries of one origin share theirs. */
  readonly versions: readonly string[]
}

/** Which source packages the repositories of Alpine held, as far as somebody read their indexes. */
export interface KnownOrigins {
  /** YYYY-MM-DD of the newest package in the indexes; null where they say nothing. */
  readonly date: string | null
  /** Every repository whose index was read, `v3.17/main`; newest branch first. */
  readonly repositories: readonly string[]
  find(origin: string): readonly HeldOrigin[]
}

/** Of a database without a table. */
const noOrigins: KnownOrigins = {date: null, repositories: [], find: () => []}

/**
 * Opens the table of a database; where it has none, no repository is known.
 * @throws {DatabaseError} DATABASE_INVALID
 */
export function openOrigins(location: string): KnownOrigins {
  const path = join(location, originsPath)
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return noOrigins
    throw invalid(path, 'cannot be read', cause)
  }
  const {date, fields} = parseHeader(bytes, kind, path)
  const repositories = (fields.get('repositories') ?? '').split(' ').filter(text => text !== '')
  const table = new SortedTable(bytes)
  return {date, repositories, find: origin => (table.find(origin) ?? []).map(parseHeld)}
}

function parseHeld(cell: string): HeldOrigin {
  const [repository = '', ...versions] = cell.split(' ')
  return {repository, versions}
}

/**
 * The text of the table; null where there are no indexes. Architectures are joined: they have the same sources.
 * @param base rows of an older table, which hold for repositories that the indexes do not cover
 */
export function compileOrigins(
  indexes: readonly Pick<RepositoryIndex, 'repository' | 'packages'>[],
  base: ReadonlyMap<string, readonly string[]> = new Map(),
): string | null {
  if (indexes.length === 0) return null
  const origins = new Map<string, Map<string, Set<string>>>()
  const add = (origin: string, repository: string, version: string) => {
    // A blank would begin a column of its own; apk allows none in either.
    if (/\s/.test(origin + version)) return
    const held = origins.get(origin) ?? new Map<string, Set<string>>()
    origins.set(origin, held.set(repository, (held.get(repository) ?? new Set<string>()).add(version)))
  }
  for (const {repository, packages} of indexes) {
    for (const {origin, version} of packages) add(origin, repository, version)
  }
  const covered = new Set(indexes.map(({repository}) => repository))
  const older = new Set<string>()
  for (const [origin, cells] of base) {
    for (const {repository, versions} of cells.map(parseHeld)) {
      if (covered.has(repository)) continue
      older.add(repository)
      for (const version of versions) add(origin, repository, version)
    }
  }
  const repositories = [...covered, ...[...older].sort(newestFirst)]
  const header = formatHeader({
    kind,
    date: newestBuild(indexes),
    source: 'Alpine package indexes',
    fields: new Map([['repositories', repositories.join(' ')]]),
  })
  const row = (held: ReadonlyMap<string, ReadonlySet<string>>) =>
    [...held].map(([repository, versions]) => [repository, ...[...versions].sort()].join(' ')).join('\t')
  return header + formatTable(origins, row)
}

function newestFirst(a: string, b: string): number {
  const [left = '', right = ''] = [a, b].map(repository => repository.split('/')[0])
  return compareBranches(right, left) || compareText(a, b)
}
