import {closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync} from 'node:fs'
import {join} from 'node:path'
import type {AlpineRelease, Rating} from '../model/advisory.js'
import {DatabaseError} from '../model/errors.js'
import {compareBranches, isBranch} from './branch.js'
import {advisoriesFolder, type BranchAdvisories, branchPath, parseBranch, parseBranchHeader} from './branch-file.js'
import {parseEpss} from './exploits.js'
import {headerBytes, invalid, parseHeader} from './format.js'
import {parseReleases} from './releases.js'
import {parseRatings} from './severities.js'
import {SortedTable} from './sorted-table.js'

/** The compiled advisories, read as far as somebody asks. */
export interface AdvisoryDatabase {
  /** The folder; of the database of the cache, where its link led when it was opened. */
  readonly location: string
  /** YYYY-MM-DD: when the advisories were copied. */
  readonly date: string
  /** Oldest first, edge last. */
  branches(): readonly string[]
  /** Names of advisories that belong to no branch of Alpine: `wolfi`, or what the user calls a feed. Sorted. */
  feeds(): readonly string[]
  /** Number of (origin, id) pairs of the branch or feed; 0 where there is none of that name. */
  count(name: string): number
  /** Null where the database has no such branch or feed. */
  load(name: string): BranchAdvisories | null
  rate(id: string): Rating
  /** Every known branch, oldest first. */
  readonly releases: readonly AlpineRelease[]
}

/**
 * Opens a compiled database. Reads the list of its branches and the head of one; everything else when it is needed.
 * @throws {DatabaseError} DATABASE_NOT_FOUND if the folder is none; DATABASE_INVALID if it is damaged, then and later
 */
export function openDatabase(location: string): AdvisoryDatabase {
  return new FolderDatabase(location)
}

class FolderDatabase implements AdvisoryDatabase {
  readonly location: string
  readonly date: string
  readonly #names: readonly string[]
  readonly #loaded = new Map<string, BranchAdvisories>()
  readonly #tables = new Map<string, SortedTable>()
  #releases: readonly AlpineRelease[] | null = null

  constructor(location: string) {
    this.location = resolved(location)
    this.#names = this.#listNames()
    const newest = this.branches().at(-1)
    const date = newest === undefined ? null : this.#header(newest).date
    if (date === null) {
      throw new DatabaseError(
        'DATABASE_NOT_FOUND',
        `${location} is not an advisory database: no ${advisoriesFolder} in it`,
        {
          hint: 'Compile one: piton db build --from FEEDS --to DIR.',
        },
      )
    }
    this.date = date
  }

  branches(): readonly string[] {
    return this.#names.filter(isBranch)
  }

  feeds(): readonly string[] {
    return this.#names.filter(name => !isBranch(name))
  }

  count(name: string): number {
    return this.#names.includes(name) ? this.#header(name).count : 0
  }

  load(name: string): BranchAdvisories | null {
    if (!this.#names.includes(name)) return null
    let advisories = this.#loaded.get(name)
    if (advisories === undefined) {
      const path = branchPath(name)
      advisories = parseBranch(this.#read(path), join(this.location, path))
      if (advisories.branch !== name) throw invalid(join(this.location, path), `holds ${advisories.branch}`)
      this.#loaded.set(name, advisories)
    }
    return advisories
  }

  rate(id: string): Rating {
    const epss = this.#table('epss').find(id)
    return {
      cvss: parseRatings(this.#table('severities').find(id) ?? []),
      kev: this.#table('kev').find(id) !== null,
      epss: epss && parseEpss(epss),
    }
  }

  get releases(): readonly AlpineRelease[] {
    this.#releases ??= parseReleases(this.#readTable('releases').toString('utf8'))
    return this.#releases
  }

  #listNames(): readonly string[] {
    let names: string[]
    try {
      names = readdirSync(join(this.location, advisoriesFolder))
    } catch {
      return []
    }
    return names
      .filter(name => name.endsWith('.tsv'))
      .map(name => name.slice(0, -'.tsv'.length))
      .filter(name => isBranch(name) || isFeedName(name))
      .sort(compareBranches)
  }

  #header(branch: string): Omit<BranchAdvisories, 'byOrigin'> {
    const path = branchPath(branch)
    return this.#loaded.get(branch) ?? parseBranchHeader(this.#readHead(path), join(this.location, path))
  }

  #table(kind: string): SortedTable {
    let table = this.#tables.get(kind)
    if (table === undefined) {
      table = new SortedTable(this.#readTable(kind))
      this.#tables.set(kind, table)
    }
    return table
  }

  #readTable(kind: string): Buffer {
    const bytes = this.#read(`${kind}.tsv`)
    parseHeader(bytes, kind, join(this.location, `${kind}.tsv`))
    return bytes
  }

  /** Of a file as much as its first line can take. */
  #readHead(path: string): Buffer {
    try {
      const fd = openSync(join(this.location, path), 'r')
      try {
        const head = Buffer.alloc(headerBytes)
        return head.subarray(0, readSync(fd, head))
      } finally {
        closeSync(fd)
      }
    } catch (cause) {
      throw invalid(join(this.location, path), 'cannot be read', cause)
    }
  }

  #read(path: string): Buffer {
    try {
      return readFileSync(join(this.location, path))
    } catch (cause) {
      throw invalid(join(this.location, path), 'cannot be read', cause)
    }
  }
}

/** A name for advisories without branches: of a distribution, or of the user's own choice. */
export function isFeedName(text: string): boolean {
  return /^[a-z][a-z0-9-]{1,39}$/.test(text) && !isBranch(text)
}

/** Where a link leads: what it leads to may change while the database is read. */
function resolved(location: string): string {
  try {
    return lstatSync(location).isSymbolicLink() ? realpathSync(location) : location
  } catch {
    return location
  }
}
