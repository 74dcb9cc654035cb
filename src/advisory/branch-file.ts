import {join} from 'node:path'
import {shorten} from '../model/text.js'
import type {FixedID, OriginAdvisories, VersionFixes} from './compile.js'
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
 * separated by blanks, earlier fix versions joined to theirs by `^`, aliases by `=`.
 */
export function formatBranch(
  branch: string,
  date: string,
  origins: readonly OriginAdvisories[],
  source = 'Alpine secdb, main and community',
): string {
  let count = 0
  let lines = ''
  for (const {origin, repository, fixes, rejected} of origins) {
    const none: VersionFixes = {fixedVersion: notAffected, ids: rejected.map(id => ({...id, earlier: []}))}
    for (const {fixedVersion, ids} of [none, ...fixes]) {
      if (ids.length === 0) continue
      count += ids.length
      const texts = ids.map(({id, earlier, aliases}) => {
        return [[id, ...earlier].map(escapeID).join('^'), ...aliases.map(escapeID)].join('=')
      })
      lines += `${origin}\t${repository}\t${fixedVersion}\t${texts.join(' ')}\n`
    }
  }
  const fields = new Map([
    ['branch', branch],
    ['count', String(count)],
  ])
  return formatHeader({kind, date, source, fields}) + lines
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
  const body = text.slice(text.indexOf('\n') + 1)
  if (body !== '' && !body.endsWith('\n')) throw invalid(where, 'ends in the middle of a line')
  const byOrigin = new Map<
    string,
    {origin: string; repository: string; fixes: VersionFixes[]; rejected: AdvisoryID[]}
  >()
  let count = 0
  // Every scan pays for this: columns are cut out where they lie, and lists of ids are left as they are.
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\n', at)
    const first = body.indexOf('\t', at)
    const second = body.indexOf('\t', first + 1)
    const third = body.indexOf('\t', second + 1)
    if (!(at < first && first + 1 < second && second + 1 < third && third + 1 < end)) {
      throw invalid(where, `is damaged at ${JSON.stringify(shorten(body.slice(at, end), 60))}`)
    }
    const origin = body.slice(at, first)
    const fixedVersion = body.slice(second + 1, third)
    const ids = body.slice(third + 1, end)
    if (ids.includes('\t')) throw invalid(where, `is damaged at ${JSON.stringify(shorten(body.slice(at, end), 60))}`)
    let advisories = byOrigin.get(origin)
    if (advisories === undefined) {
      advisories = {origin, repository: body.slice(first + 1, second), fixes: [], rejected: []}
      byOrigin.set(origin, advisories)
    }
    if (fixedVersion === notAffected) advisories.rejected.push(...parseIDList(ids))
    else advisories.fixes.push(new FixLine(fixedVersion, ids))
    count++
    at = end + 1
  }
  // Each line has one id, and one more for each blank: all are counted, though most are never looked at.
  for (let at = body.indexOf(' '); at >= 0; at = body.indexOf(' ', at + 1)) count++
  if (count !== header.count) throw invalid(where, `holds ${count} of the ${header.count} ids that it announces`)
  return {...header, byOrigin}
}

/** One line: its ids are read when its origin is installed, which most origins of a branch are not. */
class FixLine implements VersionFixes {
  readonly fixedVersion: string
  #list: string | readonly FixedID[]

  constructor(fixedVersion: string, text: string) {
    this.fixedVersion = fixedVersion
    this.#list = text
  }

  get ids(): readonly FixedID[] {
    if (typeof this.#list === 'string') this.#list = parseIDList(this.#list)
    return this.#list
  }
}

function parseIDList(text: string): FixedID[] {
  return text.split(' ').map(id => parseID(id))
}

const none: readonly never[] = []

function parseID(text: string): FixedID {
  if (!/[=^]/.test(text)) return {id: unescapeID(text), aliases: none, earlier: none}
  const [first = '', ...aliases] = text.split('=')
  const [id = '', ...earlier] = first.split('^').map(unescapeID)
  return {id, aliases: aliases.map(unescapeID), earlier}
}

/** Ids are printable and mostly without blanks; what is not must not break the columns. */
function escapeID(id: string): string {
  return id.replace(/[ %=^]/g, character => `%${character.charCodeAt(0).toString(16)}`)
}

function unescapeID(text: string): string {
  return text.includes('%')
    ? text.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}
