import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseError, PitonError} from '../model/errors.js'
import {parseBranch} from './branch-file.js'
import {databaseFiles} from './database-files.js'
import {parseEpss} from './exploits.js'
import {parseHeader} from './format.js'
import {filesIn, hashOf, type Manifest, readManifest} from './manifest.js'
import {parseReleases} from './releases.js'
import {parseRatings} from './severities.js'

/** What a look at every byte of a database tells. */
export interface Verification {
  readonly location: string
  readonly hash: string
  readonly files: number
  readonly advisories: number
  /** Were there hashes to compare with? */
  readonly hasManifest: boolean
  /** One sentence for each thing that is wrong. */
  readonly problems: readonly string[]
}

/** Reads all of a database: are its files what its manifest says, and does each hold together? */
export function verifyDatabase(location: string): Verification {
  const problems: string[] = []
  const manifest = attempt(problems, () => readManifest(location)) ?? null
  const files = filesIn(location)
  if (manifest !== null) problems.push(...differences(files, manifest))
  let advisories = 0
  for (const path of databaseFiles(location)) {
    advisories += attempt(problems, () => checkFile(location, path)) ?? 0
  }
  if (!databaseFiles(location).some(path => path.startsWith('advisories/'))) {
    problems.push(`${location} is not an advisory database: no advisories in it`)
  }
  return {location, hash: hashOf(files), files: files.size, advisories, hasManifest: manifest !== null, problems}
}

function differences(files: Manifest['files'], manifest: Manifest): string[] {
  const missing = [...manifest.files.keys()].filter(path => !files.has(path)).map(path => `${path} is missing`)
  const changed = [...files].flatMap(([path, {sha256}]) => {
    const stated = manifest.files.get(path)
    if (stated === undefined) return [`${path} is not in the manifest`]
    return stated.sha256 === sha256 ? [] : [`${path} is not what it was when it was written`]
  })
  return [...missing, ...changed]
}

/** @returns how many advisories it holds */
function checkFile(location: string, path: string): number {
  const bytes = readFileSync(join(location, path))
  const where = join(location, path)
  if (path.startsWith('advisories/')) {
    const {byOrigin, count, branch} = parseBranch(bytes, where)
    if (path !== `advisories/${branch}.tsv`) throw damaged(path, `holds ${branch}`)
    for (const {fixes} of byOrigin.values()) for (const {ids} of fixes) ids.every(({id}) => id !== '')
    return count
  }
  const kind = /^# piton ([a-z]+) /.exec(bytes.toString('latin1', 0, 100))?.[1] ?? ''
  parseHeader(bytes, kind, where)
  const lines = bytes.toString('utf8').split('\n').slice(1)
  if (lines.pop() !== '') throw damaged(path, 'ends in the middle of a line')
  const isGood = rows[path]
  let last = Buffer.alloc(0)
  for (const line of lines) {
    const [key = '', ...columns] = line.split('\t')
    const bytesOfKey = Buffer.from(key)
    if (path !== 'releases.tsv' && Buffer.compare(last, bytesOfKey) >= 0)
      throw damaged(path, `is out of order at ${key}`)
    last = bytesOfKey
    if (key === '' || isGood?.(columns, line) === false) throw damaged(path, `is damaged at ${JSON.stringify(key)}`)
  }
  return 0
}

/** What a row of each table holds after its key. */
const rows: Readonly<Record<string, (columns: readonly string[], line: string) => boolean>> = {
  'severities.tsv': columns => columns.length > 0 && parseRatings(columns).length === columns.length,
  'epss.tsv': columns => parseEpss(columns) !== null,
  'kev.tsv': columns => columns.length === 1,
  'releases.tsv': (_columns, line) => parseReleases(line).length === 1,
}

function damaged(path: string, what: string): DatabaseError {
  return new DatabaseError('DATABASE_INVALID', `${path} ${what}`)
}

function attempt<T>(problems: string[], work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PitonError)) throw error
    problems.push(error.message)
    return undefined
  }
}
