import {promisify} from 'node:util'
import {gzip} from 'node:zlib'
import {grouped} from '../../model/text.js'
import {checkCategories} from './categories.js'
import {limits} from './limits.js'
import {parseSarif} from './parse.js'
import {Problems, quoted, quotedOrNone, type SarifProblem} from './problems.js'
import {field, isObject} from './read.js'
import {checkRun, type SarifRun} from './run.js'
import {fileURICode} from './uris.js'

export {limits as sarifLimits} from './limits.js'
export type {SarifProblem} from './problems.js'
export type {SarifRun} from './run.js'

/** A SARIF file that was looked at. */
export interface CheckedSarif {
  /** Errors first. Of each kind only the first few; the last of them says how many more there are. */
  readonly problems: readonly SarifProblem[]
  /** How many errors there are, listed or not; with one, GitHub rejects the file. */
  readonly errors: number
  readonly runs: readonly SarifRun[]
  /** Does a location name a file of the machine that scanned? Then GitHub must be told where the checkout was. */
  readonly hasFileURIs: boolean
  /** The file as it is sent: compressed with gzip. Empty where it cannot be sent anyway. */
  readonly gzip: Uint8Array
}

/**
 * Finds what GitHub code scanning would reject a SARIF file for, drop from it, or show otherwise than it was meant, and
 * what a general validator does not see. Takes any bytes, and never throws.
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
 */
export async function checkSarif(bytes: Uint8Array): Promise<CheckedSarif> {
  const problems = new Problems()
  const log = parseSarif(bytes, problems)
  const runs = log === undefined ? [] : checkLog(log, problems)
  const compressed = log === undefined ? new Uint8Array() : await promisify(gzip)(withoutMark(bytes))
  if (compressed.length > limits.compressedBytes) {
    problems.error(
      'SARIF_TOO_LARGE',
      '',
      `has ${grouped(compressed.length)} bytes when compressed; GitHub rejects more than ${grouped(limits.compressedBytes)}: leave out what matters least`,
    )
  }
  const hasFileURIs = problems.has(fileURICode)
  return {problems: problems.toArray(), errors: problems.errors, runs, hasFileURIs, gzip: compressed}
}

function checkLog(log: unknown, problems: Problems): SarifRun[] {
  if (!isObject(log) || (log['runs'] === undefined && log['version'] === undefined)) {
    problems.error('SARIF_NOT_SARIF', '', 'is JSON, but not SARIF: there is neither version nor runs')
    return []
  }
  checkVersion(log, problems)
  const {runs} = log
  if (!Array.isArray(runs) || runs.length === 0) {
    problems.error('SARIF_MISSING', 'runs', 'there is none, so that nothing would be uploaded')
    return []
  }
  if (runs.length > limits.runs) {
    problems.error(
      'SARIF_TOO_MANY_RUNS',
      'runs',
      `there are ${grouped(runs.length)}; GitHub rejects more than ${grouped(limits.runs)}`,
    )
  }
  const checked = runs.slice(0, limits.runs).map((run, index) => checkRun(run, `runs[${index}]`, problems))
  checkCategories(checked, log, problems)
  return checked.filter(run => run !== null)
}

function checkVersion(log: Readonly<Record<string, unknown>>, problems: Problems): void {
  const version = field(log, 'version')
  if (version !== '2.1.0') {
    problems.error('SARIF_VERSION', 'version', `${quotedOrNone(version)}; GitHub takes 2.1.0 alone`)
  }
  const schema = field(log, '$schema')
  const example = 'such as https://json.schemastore.org/sarif-2.1.0.json'
  if (schema === undefined || schema === '') {
    problems.error('SARIF_SCHEMA', '$schema', `there is none; GitHub requires the address of the schema, ${example}`)
  } else if (typeof schema !== 'string' || !isSchema(schema)) {
    problems.error('SARIF_SCHEMA', '$schema', `is ${quoted(schema)}, not the schema of SARIF 2.1.0, ${example}`)
  } else if (/2\.1\.0-(?:beta|csd|rtm\.[0-4])/.test(schema)) {
    problems.warning('SARIF_SCHEMA', '$schema', `is ${quoted(schema)}, a draft; name the final one, ${example}`)
  }
}

/** The addresses of OASIS, of schemastore.org and of GitHub all name both. */
function isSchema(address: string): boolean {
  return address.length <= limits.uriCharacters && /sarif/i.test(address) && address.includes('2.1.0')
}

/** Without a byte order mark, which is no JSON. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
