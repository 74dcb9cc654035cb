import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {compareBranches} from './branch.js'
import {parseBranchHeader} from './branch-file.js'
import {parseHeader} from './format.js'
import {type FeedSource, filesIn, hashOf, readManifest} from './manifest.js'

/** One file of a database, as its first line describes it. */
export interface TableDescription {
  readonly name: string
  /** YYYY-MM-DD; null where the feed states none. */
  readonly date: string | null
  readonly source: string
}

export interface BranchDescription {
  readonly branch: string
  readonly date: string | null
  readonly advisories: number
}

/** What a database is made of. */
export interface DatabaseDescription {
  /** Of all its files: two databases of one hash hold the same. */
  readonly hash: string
  /** When it was made, ISO 8601; null where nobody wrote it down. */
  readonly made: string | null
  /** Branches of Alpine, oldest first, and feeds without branches. */
  readonly branches: readonly BranchDescription[]
  readonly tables: readonly TableDescription[]
  /** What it was made from; empty where nobody wrote it down. */
  readonly feeds: readonly FeedSource[]
}

/** @throws {DatabaseError} DATABASE_INVALID where a file does not begin as it should */
export function describeDatabase(location: string): DatabaseDescription {
  const manifest = readManifest(location)
  const files = filesIn(location)
  const branches: BranchDescription[] = []
  const tables: TableDescription[] = []
  for (const path of files.keys()) {
    const bytes = readFileSync(join(location, path))
    const where = join(location, path)
    if (path.startsWith('advisories/')) {
      const {branch, date, count} = parseBranchHeader(bytes, where)
      branches.push({branch, date, advisories: count})
      continue
    }
    const kind = /^# piton ([a-z]+) /.exec(bytes.toString('latin1', 0, 100))?.[1] ?? ''
    const {date, source} = parseHeader(bytes, kind, where)
    tables.push({name: path.replace(/\.tsv$/, ''), date, source})
  }
  branches.sort((a, b) => compareBranches(a.branch, b.branch))
  return {hash: hashOf(files), made: manifest?.made ?? null, branches, tables, feeds: manifest?.feeds ?? []}
}
