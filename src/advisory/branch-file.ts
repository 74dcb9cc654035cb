import {join} from 'node:path'
import type {OriginAdvisories, VersionFixes} from './compile.js'
import {formatHeader, invalid, parseHeader} from './format.js'
import type {AdvisoryID} from './ids.js'

/** The advisories of one branch. */
export interface BranchAdvisories {
  readonly branch: string
  /** YYYY-MM-DD: when the secdb was copied. */
  readonly date: string | null
  /** Number of (origin, id) pairs. */
  readonly count: number
  readonly byOrigin: ReadonlyMap<string, OriginAdvisories>
}

/** The folder of the branches' files in a database; also what they call themselves. */
export const advisoriesFolder = 'advisories'
const kind = advisoriesFolder
/** In the column of the version: the package is not affected by these ids. */
const notAffected = '0'

/** Path of a branch's file in a database. */
export function branchPath(branch: string): string {
  return join(advisoriesFolder, `${branch}.tsv`)
}

/**
 * `data/advisories/<branch>.tsv`: one line for each origin and fix version, `origin repository version ids`. Ids are
 * separated by blanks, aliases joined to theirs by `=`.
 */
export function formatBranch(branch: string, date: string, origins: readonly OriginAdvisories[]): string {
  let count = 0
  let lines = ''
  for (const {origin, repository, fixes, rejected} of origins) {
    for (const {fixedVersion, ids} of [{fixedVersion: notAffected, ids: rejected}, ...fixes]) {
      if (ids.length === 0) continue
      count += ids.length
      const texts = ids.map(({id, aliases}) => [id, ...aliases].map(escapeID).join('='))
      lines += `${origin}\t${repository}\t${fixedVersion}\t${texts.join(' ')}\n`
    }
  }
  const fields = new Map([
    ['branch', branch],
    ['count', String(count)],
  ])
  return formatHeader({kind, date, source: 'Alpine secdb, main and community', fields}) + lines
}

/** What the first line says, without reading on. */
export function parseBranchHeader(bytes: Uint8Array, where: string): Omit<BranchAdvisories, 'byOrigin'> {
  const {date, fields} = parseHeader(bytes, kind, where)
  const count = fields.get('count') ?? ''
  if (!/^\d{1,9}$/.test(count)) throw invalid(where, 'has no count in its first line')
  return {branch: fields.get('branch') ?? '', date, count: Number(count)}
}

/** @throws {DatabaseError} DATABASE_INVALID for a file that is damaged or cut: a shorter list must not read as "safe" */
export function parseBranch(bytes: Uint8Array, where: string): BranchAdvisories {
  const header = parseBranchHeader(bytes, where)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const byOrigin = new Map<
    string,
    {origin: string; repository: string; fixes: VersionFixes[]; rejected: AdvisoryID[]}
  >()
  let count = 0
  for (let start = text.indexOf('\n') + 1; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const line = text.slice(start, newline < 0 ? text.length : newline)
    const [origin, repository, fixedVersion, list, ...rest] = line.split('\t')
    if (!origin || !repository || !fixedVersion || !list || rest.length > 0 || newline < 0) {
      throw invalid(where, `is damaged at "${line.slice(0, 60)}"`)
    }
    const ids = list.split(' ').map(parseID)
    count += ids.length
    let advisories = byOrigin.get(origin)
    if (advisories === undefined) {
      advisories = {origin, repository, fixes: [], rejected: []}
      byOrigin.set(origin, advisories)
    }
    if (fixedVersion === notAffected) advisories.rejected.push(...ids)
    else advisories.fixes.push({fixedVersion, ids})
    start = newline + 1
  }
  if (count !== header.count) throw invalid(where, `holds ${count} of the ${header.count} ids that it announces`)
  return {...header, byOrigin}
}

const none: readonly never[] = []

function parseID(text: string): AdvisoryID {
  if (!text.includes('=')) return {id: unescapeID(text), aliases: none}
  const [id = '', ...aliases] = text.split('=').map(unescapeID)
  return {id, aliases}
}

/** Ids are printable and mostly without blanks; what is not must not break the columns. */
function escapeID(id: string): string {
  return id.replace(/[ %=]/g, character => `%${character.charCodeAt(0).toString(16)}`)
}

function unescapeID(text: string): string {
  return text.includes('%')
    ? text.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}
