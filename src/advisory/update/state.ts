import {readFileSync} from 'node:fs'
import {limits} from '../../model/limits.js'
import {listOf, objectOf, textOf} from '../feeds/shape.js'
import {replaceFile} from './files.js'

/** What is known of a document since it was last fetched. */
export interface KnownDocument {
  /** Which feed it is of. */
  readonly feed: string
  /** Where it was fetched from: what its server said of it holds for no other. */
  readonly address: string
  readonly etag: string | null
  readonly lastModified: string | null
  /** SHA-256 of its content, hexadecimal. */
  readonly sha256: string
  /** Of the copy, where one is kept: by these a copy that was changed or torn is told. */
  readonly sizeBytes: number | null
  readonly mtimeMs: number | null
  /** YYYY-MM-DD that its data are of. */
  readonly asOf: string
  /** When it was last asked for, ISO 8601. */
  readonly asked: string
  /** Of a document of which only the wanted ids are kept: a hash of these. */
  readonly wanted: string | null
}

/** What the database in use was made from. */
export interface CompiledState {
  /** Hash of everything that went into it. */
  readonly inputs: string
  /** Hash of the database. */
  readonly database: string
  /** Hash of the ids that its advisories name … */
  readonly wanted: string
  /** … and those of them that have no rating, newest first. */
  readonly unrated: readonly string[]
}

/** What one update leaves for the next. Losing it costs only that everything is fetched anew. */
export interface UpdateState {
  /** When the advisories were last seen to be current, ISO 8601. */
  checked: string | null
  readonly documents: Map<string, KnownDocument>
  /** Addresses at which there was nothing, and until when they are not asked again, ISO 8601. */
  readonly absent: Map<string, string>
  compiled: CompiledState | null
}

/** Reads it as far as it makes sense: what does not is as if it had never been known. */
export function readState(path: string): UpdateState {
  const empty: UpdateState = {checked: null, documents: new Map(), absent: new Map(), compiled: null}
  let document: Readonly<Record<string, unknown>> | null
  try {
    const text = readFileSync(path, 'utf8')
    document = text.length > limits.feedBytes ? null : objectOf(JSON.parse(text))
  } catch {
    return empty
  }
  if (document?.['version'] !== 1) return empty
  for (const [name, value] of Object.entries(objectOf(document['documents']) ?? {})) {
    const known = knownOf(value)
    if (known !== null) empty.documents.set(name, known)
  }
  for (const [address, until] of Object.entries(objectOf(document['absent']) ?? {})) {
    if (isTime(until)) empty.absent.set(address, until)
  }
  const {inputs, database, wanted, unrated} = objectOf(document['compiled']) ?? {}
  const checked = document['checked']
  return {
    ...empty,
    checked: isTime(checked) ? checked : null,
    compiled:
      typeof inputs === 'string' && typeof database === 'string'
        ? {inputs, database, wanted: textOf(wanted), unrated: listOf(unrated).map(textOf)}
        : null,
  }
}

function knownOf(value: unknown): KnownDocument | null {
  const {feed, address, etag, lastModified, sha256, sizeBytes, mtimeMs, asOf, asked, wanted} = objectOf(value) ?? {}
  if (typeof sha256 !== 'string' || typeof address !== 'string' || !isTime(asked)) return null
  return {
    feed: textOf(feed),
    address,
    etag: textOf(etag) || null,
    lastModified: textOf(lastModified) || null,
    sha256,
    sizeBytes: typeof sizeBytes === 'number' ? sizeBytes : null,
    mtimeMs: typeof mtimeMs === 'number' ? mtimeMs : null,
    asOf: textOf(asOf),
    asked,
    wanted: textOf(wanted) || null,
  }
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}

export function writeState(path: string, {checked, documents, absent, compiled}: UpdateState): void {
  const maps = {documents: Object.fromEntries(documents), absent: Object.fromEntries(absent)}
  replaceFile(path, `${JSON.stringify({version: 1, checked, compiled, ...maps}, null, 1)}\n`)
}
