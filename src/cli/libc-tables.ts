import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseError} from '../model/errors.js'
import {compileLibcTables} from '../musl/compile-tables.js'

/**
 * Compiles documents about C libraries to `libc/` of a database.
 * @throws {DatabaseError} DATABASE_FEED for a folder that does not hold them, DATABASE_UNWRITABLE
 */
export function buildLibcTables(from: string, to: string): void {
  const tables = compileLibcTables(file => readIfThere(join(from, file)))
  const folder = join(to, 'libc')
  try {
    mkdirSync(folder, {recursive: true})
    for (const [name, text] of tables) {
      const path = join(folder, `${name}.tsv`)
      writeFileSync(`${path}.${process.pid}.new`, text)
      renameSync(`${path}.${process.pid}.new`, path)
    }
  } catch (cause) {
    throw new DatabaseError('DATABASE_UNWRITABLE', `the tables of C libraries cannot be written to ${folder}`, {
      hint: 'Name a folder that you may write to: --to DIR.',
      cause,
    })
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new DatabaseError('DATABASE_FEED', `${path} cannot be read`, {cause})
  }
}
