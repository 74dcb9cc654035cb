import {DatabaseError} from '../model/errors.js'
import type {LibcDocuments} from './tables/documents.js'
import {compileGlibcTable} from './tables/glibc-table.js'
import {compileHelpersTable} from './tables/helpers-table.js'
import {compileMuslTable} from './tables/musl-table.js'
import {compileRemediesTable} from './tables/remedies-table.js'
import {compileRuntimeTable} from './tables/runtime-table.js'
import type {TableName} from './tables/text.js'

/** The documents by the names of their files. */
const files = {
  musl: 'musl-symbols.json',
  glibc: 'glibc-symbols.json',
  runtime: 'runtime-symbols.json',
  helpers: 'helpers.json',
  remedies: 'glibc-only.json',
  alpine: 'alpine-musl.json',
} as const satisfies Record<keyof LibcDocuments, string>

/** Not a document of its own: names, one a line. */
const nodeExportsFile = 'node-exports.txt'

/**
 * Compiles what is known of musl, glibc and their company into the tables of `data/libc`, by name. The same documents make
 * the same bytes.
 * @param read the text of a document, by the name of its file; null where there is none, as of `node-exports.txt`, which
 *   holds one name a line
 * @throws {DatabaseError} DATABASE_FEED where a document is no JSON or has another shape
 */
export function compileLibcTables(read: (file: string) => string | null): ReadonlyMap<TableName, string> {
  const documents = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, parse(read(file), file)]),
  ) as unknown as LibcDocuments
  try {
    return compile(documents, read(nodeExportsFile)?.split('\n') ?? null)
  } catch (cause) {
    if (cause instanceof DatabaseError || !(cause instanceof TypeError)) throw cause
    throw new DatabaseError('DATABASE_FEED', `a document about C libraries has another shape: ${cause.message}`, {
      cause,
    })
  }
}

function compile(documents: LibcDocuments, nodeExports: readonly string[] | null): ReadonlyMap<TableName, string> {
  const {musl, glibc, runtime, helpers, remedies, alpine} = documents
  const dates = Object.values(alpine.upstream_releases).flatMap(text => /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [])
  const date = dates.sort().at(-1) ?? 'none'
  const versions = ([first, ...rest]: readonly string[]) => `${first} to ${rest.at(-1)}`
  const from = (source: string) => ({date, source})
  return new Map<TableName, string>([
    ['musl', compileMuslTable(musl, from(`shared objects of musl ${versions(musl.versions)}`))],
    ['glibc', compileGlibcTable(glibc, from(`ABI lists of glibc ${versions(glibc.glibc)}`))],
    ['runtime', compileRuntimeTable(runtime, nodeExports, from('shared objects of GCC 12, Node.js 20 and 26'))],
    ['helpers', compileHelpersTable(helpers, from('shared objects of gcompat 1.1 and its company'))],
    ['remedies', compileRemediesTable(remedies, from('what files for glibc miss on musl'))],
  ])
}

function parse(text: string | null, file: string): unknown {
  if (text === null) throw new DatabaseError('DATABASE_FEED', `${file} is missing`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DatabaseError('DATABASE_FEED', `${file} is no JSON`, {cause})
  }
}
