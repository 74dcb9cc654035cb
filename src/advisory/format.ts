import {DatabaseError} from '../model/errors.js'

/** Of every file of the compiled database. It goes up when a reader of the old format would read a new one wrongly. */
const formatVersion = 1

/** Of the beginning of a file, in which its first line ends. */
export const headerBytes = 1024

/** The first line of a file of the compiled database, which says what it is, how old, and from where. */
export interface Header {
  /** `advisories`, `severities`, `kev`, `epss`, `releases`. */
  readonly kind: string
  /** YYYY-MM-DD, as the feed states it; null where the feed was not there. */
  readonly date: string | null
  readonly source: string
  /** What else this kind of file needs to say. */
  readonly fields: ReadonlyMap<string, string>
}

/** The line as it is written: `# piton advisories 1; date=2025-01-04; source=Alpine secdb; branch=v3.19`. */
export function formatHeader({kind, date, source, fields}: Header): string {
  const pairs = [['date', date ?? 'none'], ['source', source], ...fields].map(([key, value]) => `${key}=${value}`)
  return `# piton ${kind} ${formatVersion}; ${pairs.join('; ')}\n`
}

/**
 * Reads the header of a file that should be of `kind`.
 * @param bytes the file, or enough of its beginning
 * @throws {DatabaseError} DATABASE_INVALID
 */
export function parseHeader(bytes: Uint8Array, kind: string, where: string): Header {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, headerBytes))
    .toString('utf8')
    .split('\n')[0]
  const [, found, version, rest = ''] = /^# piton ([a-z]+) (\d{1,6}); (.*)$/.exec(line ?? '') ?? []
  if (found !== kind) throw invalid(where, `does not begin with "# piton ${kind} ${formatVersion};"`)
  if (Number(version) !== formatVersion)
    throw invalid(where, `has format ${version}; this piton reads ${formatVersion}`)
  const fields = new Map<string, string>()
  for (const pair of rest.split('; ')) {
    const equals = pair.indexOf('=')
    if (equals > 0) fields.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  const date = fields.get('date') ?? ''
  if (date !== 'none' && !isDate(date)) throw invalid(where, 'has no date in its first line')
  const source = fields.get('source') ?? ''
  fields.delete('date')
  fields.delete('source')
  return {kind, date: date === 'none' ? null : date, source, fields}
}

/** The database is damaged, or not one: names the file and what to do. */
export function invalid(where: string, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError('DATABASE_INVALID', `${where} ${why}`, {
    hint: 'Compile the database again: piton db build --from FEEDS --to DIR.',
    cause,
  })
}

/** YYYY-MM-DD of a day that exists. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
