import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {advisoriesFolder, branchPath, parseBranch, parseBranchHeader} from './branch-file.js'
import type {CompiledAdvisories} from './compile-branches.js'
import {idsOf} from './compile-branches.js'
import {databaseFiles} from './database-files.js'
import {invalid, parseHeader} from './format.js'

/** A finished database from which an update takes what its feeds do not have. */
export class Base {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Names of the branches, and of the feeds without branches. */
  names(): readonly string[] {
    return readdirSync(join(this.#folder, advisoriesFolder))
      .filter(name => name.endsWith('.tsv'))
      .map(name => name.slice(0, -'.tsv'.length))
  }

  /** @throws {DatabaseError} DATABASE_INVALID where it is damaged, then or when its ids are read */
  advisories(name: string): CompiledAdvisories {
    const path = branchPath(name)
    const where = join(this.#folder, path)
    const bytes = this.#read(path)
    if (bytes === null) throw invalid(where, 'is not there')
    const {date, count} = parseBranchHeader(bytes, where)
    let ids: readonly string[] | null = null
    return {
      name,
      date: date ?? '',
      count,
      get text() {
        return bytes.toString('utf8')
      },
      // Most are replaced before anybody asks for them.
      get ids() {
        ids ??= [...parseBranch(bytes, where).byOrigin.values()].flatMap(idsOf)
        return ids
      },
    }
  }

  /** Text of any file; null where there is none. */
  text(path: string): string | null {
    return this.#read(path)?.toString('utf8') ?? null
  }

  /** Paths of all its files. */
  paths(): readonly string[] {
    return databaseFiles(this.#folder)
  }

  /** The day of a table; null where it states none, or is missing. */
  date(path: string, kind: string): string | null {
    const bytes = this.#read(path)
    return bytes === null ? null : parseHeader(bytes, kind, join(this.#folder, path)).date
  }

  /** Columns after the key, by key; empty where there is no such table. */
  rows(path: string): ReadonlyMap<string, readonly string[]> {
    const rows = new Map<string, readonly string[]>()
    for (const line of (this.text(path) ?? '').split('\n')) {
      if (line === '' || line.startsWith('#')) continue
      const [key = '', ...columns] = line.split('\t')
      rows.set(key, columns)
    }
    return rows
  }

  #read(path: string): Buffer | null {
    try {
      return readFileSync(join(this.#folder, path))
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
      throw invalid(join(this.#folder, path), 'cannot be read', cause)
    }
  }
}
