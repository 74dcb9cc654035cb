import {mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {DatabaseError} from '../model/errors.js'
import type {Warn} from '../model/warning.js'
import {advisoriesFolder} from './branch-file.js'
import {type CompiledFeeds, compileFeeds} from './compile-feeds.js'
import {FeedFolder} from './feed-folder.js'

export interface BuildOptions {
  /** Folder of feeds, in the layout of the services. */
  readonly from: string
  /** Folder of the database; it is made where it is missing, and other files in it stay. */
  readonly to: string
  readonly warn: Warn
}

/**
 * Compiles feeds to a database that `openDatabase` reads.
 * @throws {DatabaseError} DATABASE_FEED if FROM is no folder of feeds, DATABASE_UNWRITABLE if TO cannot be written
 */
export async function buildDatabase({from, to, warn}: BuildOptions): Promise<Omit<CompiledFeeds, 'files'>> {
  const {files, ...summary} = await compileFeeds(new FeedFolder(from), warn)
  try {
    writeFiles(files, to)
  } catch (cause) {
    throw new DatabaseError('DATABASE_UNWRITABLE', `the database cannot be written to ${to}`, {
      hint: 'Name a folder that you may write to: --to DIR.',
      cause,
    })
  }
  return summary
}

/** Each file appears whole or not at all: it is written under another name first. */
function writeFiles(files: ReadonlyMap<string, string>, to: string): void {
  const folder = join(to, advisoriesFolder)
  mkdirSync(folder, {recursive: true})
  const unfinished = new Set<string>()
  try {
    for (const [path, text] of files) {
      unfinished.add(path)
      mkdirSync(dirname(join(to, path)), {recursive: true})
      writeFileSync(temporary(to, path), text)
    }
    for (const path of files.keys()) {
      renameSync(temporary(to, path), join(to, path))
      unfinished.delete(path)
    }
  } finally {
    for (const path of unfinished) rmSync(temporary(to, path), {force: true})
  }
  // A branch that the feeds no longer have would be read as if it were of this date.
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.tsv') && !files.has(join(advisoriesFolder, name))) rmSync(join(folder, name))
  }
}

function temporary(to: string, path: string): string {
  return join(to, `${path}.${process.pid}.new`)
}
