import {createHash} from 'node:crypto'
import {readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {databaseFiles, isDatabasePath} from './database-files.js'
import {parseJson} from './feeds/body.js'
import {listOf, objectOf, textOf} from './feeds/shape.js'
import {invalid, isDate} from './format.js'

/** Its name in the folder of a database. What ships has none: the package manager watches over that. */
export const manifestName = 'manifest.json'

/** A feed that a database was made from. */
export interface FeedSource {
  readonly name: string
  /** Where it came from: an address, or a folder. */
  readonly from: string
  /** YYYY-MM-DD: the day that its data are of, as far as it says, else on which they were fetched. */
  readonly asOf: string
}

export interface DatabaseFile {
  /** Hexadecimal. */
  readonly sha256: string
  readonly sizeBytes: number
}

/** What a database is, file by file, and what it was made from. */
export interface Manifest {
  /** YYYY-MM-DD of the advisories. */
  readonly date: string
  /** When it was made, ISO 8601. */
  readonly made: string
  /** `piton/0.1.0` */
  readonly by: string
  /** By path, sorted. */
  readonly files: ReadonlyMap<string, DatabaseFile>
  readonly feeds: readonly FeedSource[]
}

/** SHA-256 over the names and hashes of all files: two databases of one hash hold the same. */
export function hashOf(files: ReadonlyMap<string, DatabaseFile>): string {
  const lines = [...files].map(([path, {sha256}]) => `${sha256}  ${path}\n`)
  return `sha256:${createHash('sha256').update(lines.sort().join('')).digest('hex')}`
}

export function fileOf(bytes: string | Uint8Array): DatabaseFile {
  return {sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: Buffer.byteLength(bytes)}
}

/** The files of a database as they are. */
export function filesIn(folder: string): ReadonlyMap<string, DatabaseFile> {
  return new Map(databaseFiles(folder).map(path => [path, fileOf(readFileSync(join(folder, path)))]))
}

/** The text of `manifest.json`. Its last line is a hash of all of it, so that no part can change unseen. */
export function formatManifest({date, made, by, files, feeds}: Manifest): string {
  const document = {schemaVersion: 1, date, made, by, hash: hashOf(files), feeds, files: Object.fromEntries(files)}
  const text = JSON.stringify(document, null, 1)
  return `${text}\n${sealOf(text)}\n`
}

function sealOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** @throws {DatabaseError} DATABASE_INVALID where it was changed, cut, or is none */
export function parseManifest(text: string, where: string): Manifest {
  const seal = text.lastIndexOf('\n', text.length - 2)
  const body = text.slice(0, Math.max(0, seal))
  if (text.slice(seal + 1).trimEnd() !== sealOf(body))
    throw invalid(where, 'is damaged: its content is not what its last line says')
  const document = objectOf(parseJson(body, where))
  if (document?.['schemaVersion'] !== 1) throw invalid(where, 'is of another version of piton')
  const date = textOf(document['date'])
  if (!isDate(date)) throw invalid(where, 'has no date')
  const files = new Map<string, DatabaseFile>()
  for (const [path, file] of Object.entries(objectOf(document['files']) ?? {})) {
    const {sha256, sizeBytes} = objectOf(file) ?? {}
    const known = typeof sha256 === 'string' && typeof sizeBytes === 'number'
    if (!isDatabasePath(path) || !known)
      throw invalid(where, `names ${JSON.stringify(path)}, which is no file of a database`)
    files.set(path, {sha256, sizeBytes})
  }
  return {
    date,
    made: textOf(document['made']),
    by: textOf(document['by']),
    files,
    feeds: listOf(document['feeds']).flatMap(feed => {
      const {name, from, asOf} = objectOf(feed) ?? {}
      return [{name: textOf(name), from: textOf(from), asOf: textOf(asOf)}]
    }),
  }
}

/**
 * The manifest in a folder; null where there is none.
 * @throws {DatabaseError} DATABASE_INVALID
 */
export function readManifest(folder: string): Manifest | null {
  const path = join(folder, manifestName)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw invalid(path, 'cannot be read', cause)
  }
  return parseManifest(text, path)
}

/**
 * Are the files there that the manifest names, and as long as it says? That costs a look at each, and tells a database
 * that was torn by a crash; {@link filesIn} reads all of it.
 */
export function missingFile(folder: string, {files}: Manifest): string | null {
  for (const [path, {sizeBytes}] of files) {
    const stat = statSync(join(folder, path), {throwIfNoEntry: false})
    if (stat?.isFile() !== true || stat.size !== sizeBytes) return path
  }
  return null
}
