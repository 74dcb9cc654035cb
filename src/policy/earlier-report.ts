import type {Finding} from '../model/report.js'
import {count} from '../model/text.js'
import {BaselineError} from './error.js'
import {isObject, type JsonObject, objectsOf, textOf, textsOf} from './json-value.js'
import {policyLimits} from './limits.js'
import {readFinding} from './reported-finding.js'
import {sarifReport} from './sarif-report.js'

/** A report of piton that was written before, as far as it is compared with another. */
export interface EarlierReport {
  /** Of the file, as a person knows it. */
  readonly name: string
  readonly target: {
    readonly reference: string
    readonly name: string | null
    readonly platform: string | null
    /** `Alpine 3.19.0`; null where it does not say. */
    readonly release: string | null
  }
  /** Date of its advisories; null where it used none. */
  readonly databaseDate: string | null
  readonly complete: boolean
  /** All of them, with why some do not count. What a format leaves out of a finding is empty. */
  readonly findings: readonly Finding[]
  /** What it says of the absence of findings. */
  readonly notice: readonly string[]
  /** Findings that are not in the file, though they were found. */
  readonly leftOut: number
}

const hint = 'Make one with piton scan -o json=FILE.'

/**
 * Reads what `piton scan -o json` or `-o sarif` wrote.
 * @param name of the file, for messages
 * @throws {BaselineError} for what is neither, or of a version that this piton does not know
 */
export function readEarlierReport(bytes: Uint8Array, name: string): EarlierReport {
  if (bytes.length > policyLimits.reportBytes) {
    throw new BaselineError(
      'BASELINE_UNREADABLE',
      `${name} has more than ${policyLimits.reportBytes / 1024 ** 2} MiB`,
      {
        hint: 'Write it with -o sarif, which has findings alone.',
      },
    )
  }
  const document = parse(bytes, name)
  if (!isObject(document)) throw unknown(name)
  if (document['version'] === '2.1.0' && Array.isArray(document['runs'])) return sarifReport(document, name)
  const isOurs = isObject(document['tool']) && document['tool']['name'] === 'piton'
  if (document['schemaVersion'] !== undefined && (isOurs || Array.isArray(document['reports']))) {
    return jsonReport(document, name)
  }
  throw unknown(name)
}

function parse(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes))
  } catch (cause) {
    throw new BaselineError('BASELINE_UNREADABLE', `${name} is not JSON`, {hint, cause})
  }
}

function unknown(name: string): BaselineError {
  return new BaselineError('BASELINE_UNKNOWN', `${name} is no report of piton`, {hint})
}

/** data/report.schema.json. */
function jsonReport(document: JsonObject, name: string): EarlierReport {
  if (document['schemaVersion'] !== 1) {
    const version = JSON.stringify(document['schemaVersion'])
    throw new BaselineError('BASELINE_VERSION', `${name} is a report of version ${version}, and this piton reads 1`, {
      hint: 'Take a newer piton, or make the report again with this one.',
    })
  }
  if (document['reports'] !== undefined) {
    throw new BaselineError('BASELINE_UNKNOWN', `${name} is about several targets`, {
      hint: 'Make one report for each target: piton scan TARGET -o json=FILE.',
    })
  }
  const target = isObject(document['target']) ? document['target'] : {}
  const release = isObject(document['release']) ? document['release'] : {}
  const database = isObject(document['database']) ? document['database'] : {}
  const version = textOf(release['version'])
  return {
    name,
    target: {
      reference: textOf(target['reference']) ?? name,
      name: textOf(target['name']),
      platform: textOf(target['platform']),
      release: version === null ? null : `${textOf(release['id']) === 'alpine' ? 'Alpine ' : ''}${version}`,
    },
    databaseDate: textOf(database['date']),
    complete: document['complete'] === true,
    findings: findingsOf(document['findings'], name),
    notice: textsOf(document['notice']),
    leftOut: 0,
  }
}

/** One that cannot be read would silently count as new, or be no part of a comparison. */
function findingsOf(list: unknown, name: string): readonly Finding[] {
  if (!Array.isArray(list)) throw new BaselineError('BASELINE_UNKNOWN', `${name} has no list of findings`, {hint})
  const findings = objectsOf(list).flatMap(value => readFinding(value) ?? [])
  const unread = list.length - findings.length
  if (unread === 0) return findings
  throw new BaselineError(
    'BASELINE_UNKNOWN',
    `${unread} of ${count(list.length, 'finding')} of ${name} cannot be read`,
    {
      hint,
    },
  )
}
