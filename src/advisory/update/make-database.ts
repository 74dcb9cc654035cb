import {DatabaseError} from '../../model/errors.js'
import type {Base} from '../base.js'
import {compareBranches, isBranch} from '../branch.js'
import type {CompiledAdvisories} from '../compile-branches.js'
import {compileDatabase} from '../compile-feeds.js'
import type {TableFile} from '../compile-tables.js'
import {compileOrigins, originsPath} from '../origins.js'
import {compilePackageVersions} from '../package-versions.js'
import {readIndexes} from '../repository-indexes.js'
import {compileSoProviders, soProvidersPath} from '../so-providers.js'
import {judgeKev, type MergeOptions} from './merge.js'

/** A database that is finished, but nowhere yet. */
export interface MadeDatabase {
  /** YYYY-MM-DD of the newest branch. */
  readonly date: string
  /** Text of each file by its path. */
  readonly texts: ReadonlyMap<string, string>
  /** Ids that its advisories name, and those that it rates. */
  readonly wanted: ReadonlySet<string>
  readonly rated: ReadonlySet<string>
}

/**
 * Makes a database of copies of feeds, over an older one.
 * @throws {DatabaseError} DATABASE_NOT_FOUND where neither has a branch of Alpine
 */
export async function makeDatabase(
  merge: MergeOptions,
  advisories: readonly CompiledAdvisories[],
): Promise<MadeDatabase> {
  const {store, base, force, warn} = merge
  const branches = advisories.filter(({name}) => isBranch(name)).sort((a, b) => compareBranches(a.name, b.name))
  const date = branches.at(-1)?.date
  if (date === undefined) {
    throw new DatabaseError('DATABASE_NOT_FOUND', 'there is no advisory database to use, and none could be fetched', {
      hint: 'Try again later, use a mirror (--mirror URL), or import a file: piton db import FILE.',
    })
  }
  const wanted = new Set(advisories.flatMap(({ids}) => ids))
  judgeKev(merge, wanted)
  const more = await packageTables(merge)
  const {files} = await compileDatabase({feeds: store, advisories, base, force, more, warn})
  const texts = new Map([...keptTables(base), ...files])
  const severities = texts.get('severities.tsv') ?? ''
  return {date, texts, wanted, rated: new Set(severities.split('\n').map(line => line.slice(0, line.indexOf('\t'))))}
}

/** What the package indexes say, where somebody asked for them. */
async function packageTables({store, base}: MergeOptions): Promise<TableFile[]> {
  const indexes = await readIndexes(store)
  const providers = compileSoProviders(indexes, base?.rows(soProvidersPath))
  const origins = compileOrigins(indexes, base?.rows(originsPath))
  return [
    ...compilePackageVersions(indexes),
    ...(providers === null ? [] : [[soProvidersPath, providers] as const]),
    ...(origins === null ? [] : [[originsPath, origins] as const]),
  ]
}

/** Tables of the older database, for those that the copies do not make. */
function keptTables(base: Base | null): TableFile[] {
  const paths = (base?.paths() ?? []).filter(path => !path.startsWith('advisories/'))
  return paths.map(path => [path, base?.text(path) ?? ''])
}
