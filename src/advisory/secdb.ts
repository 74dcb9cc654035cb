import {DatabaseError} from '../model/errors.js'
import {shorten} from '../model/text.js'
import type {Warn} from '../model/warning.js'
import {parseIDs} from './ids.js'

/** The fix version by which the secdb says that a package was never affected. */
const notAffected = '0'

/** One vulnerability under one fix version of one origin package, as the secdb lists it. */
export interface SecdbEntry {
  readonly origin: string
  /** null: not affected. */
  readonly fixedVersion: string | null
  readonly id: string
  readonly aliases: readonly string[]
}

/** One file of the secdb: one repository of one branch. */
export interface Secdb {
  /** `distroversion`: `v3.19`, `edge`; null in feeds of one branch only (Wolfi). */
  readonly branch: string | null
  /** `reponame`: `main`, `community`. */
  readonly repository: string
  readonly entries: readonly SecdbEntry[]
}

/**
 * Reads a document of the secdb schema: `packages[].pkg.{name, secfixes: {version: [id]}}`. Lists and objects may be
 * `[]`, `{}` or null where they are empty, as has been served. A package of another shape is left out with a warning.
 * @param where named in messages: `secdb/v3.19/main.json`
 * @throws {DatabaseError} DATABASE_FEED if it is not such a document
 */
export function parseSecdb(text: string, where: string, warn: Warn): Secdb {
  const document = parseObject(text, where)
  const repository = document['reponame']
  const branch = document['distroversion']
  if (typeof repository !== 'string' || (branch !== undefined && typeof branch !== 'string')) {
    throw notSecdb(where, 'reponame or distroversion is not a string')
  }
  const packages = document['packages']
  if (packages !== undefined && !Array.isArray(packages) && !isEmpty(packages)) {
    throw notSecdb(where, 'packages is not a list')
  }
  const entries: SecdbEntry[] = []
  for (const [index, item] of Array.isArray(packages) ? packages.entries() : []) {
    for (const entry of readPackage(item, `${where}: package ${index}`, warn)) entries.push(entry)
  }
  return {branch: branch ?? null, repository, entries}
}

function* readPackage(item: unknown, where: string, warn: Warn): Generator<SecdbEntry> {
  const pkg = isObject(item) ? item['pkg'] : undefined
  const origin = isObject(pkg) ? pkg['name'] : undefined
  if (!isObject(pkg) || typeof origin !== 'string' || !isPlain(origin)) return odd(warn, where, 'has no name')
  const at = `${where} (${origin})`
  const secfixes = pkg['secfixes']
  if (isEmpty(secfixes)) return
  if (!isObject(secfixes)) return odd(warn, at, 'has no object of secfixes')
  for (const [version, ids] of Object.entries(secfixes)) {
    if (isEmpty(ids)) continue
    if (Array.isArray(ids) && isPlain(version)) yield* readIDs(origin, version, ids, at, warn)
    else odd(warn, at, `has no list of ids under a version: ${JSON.stringify(shorten(version, 100))}`)
  }
}

function* readIDs(
  origin: string,
  version: string,
  texts: readonly unknown[],
  where: string,
  warn: Warn,
): Generator<SecdbEntry> {
  for (const text of texts) {
    const {ids, rejected} = typeof text === 'string' ? parseIDs(text) : {ids: [], rejected: false}
    if (ids.length === 0) odd(warn, where, `has a blank id under ${version}`)
    const fixedVersion = rejected || version === notAffected ? null : version
    for (const {id, aliases} of ids) yield {origin, fixedVersion, id, aliases}
  }
}

function odd(warn: Warn, where: string, what: string): void {
  warn({code: 'SECDB_BAD_ENTRY', message: `${where} ${what}; it is left out`})
}

function parseObject(text: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw notSecdb(where, 'it is not JSON', cause)
  }
  if (!isObject(value)) throw notSecdb(where, 'it is not a JSON object')
  return value
}

function notSecdb(where: string, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError('DATABASE_FEED', `${where} is not a secdb document: ${why}`, {
    hint: 'Download it again; the secdb has one main.json and one community.json for each branch.',
    cause,
  })
}

/** Null, `[]` and `{}` all mean that there is nothing. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Can it stand in a column of the compiled text? Names and versions of apk hold no blanks. */
function isPlain(text: string): boolean {
  return text !== '' && text.length <= 255 && !/[\s\p{Cc}]/u.test(text)
}
