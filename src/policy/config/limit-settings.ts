import {UsageError} from '../../model/errors.js'
import {type LimitKey, limits, netLimits} from '../../model/limits.js'
import {suggestion} from '../closest.js'
import {described, type Shape, text} from './shape.js'

type Unit = 'bytes' | 'count' | 'milliseconds'

interface LimitSetting {
  readonly limit: LimitKey
  readonly unit: Unit
  /** More than this no machine has, or no reader takes. */
  readonly most: number
  readonly words: string
}

const GiB = 1024 ** 3
const hourMs = 3_600_000

/** The limits that a team may need to raise for a very large image, or lower for a small machine. */
export const limitSettings = {
  entries: {limit: 'entries', unit: 'count', most: 100_000_000, words: 'files of all layers together'},
  'inflated-size': {limit: 'inflatedBytes', unit: 'bytes', most: 1024 * GiB, words: 'what one layer may inflate to'},
  'inflate-ratio': {
    limit: 'inflateRatio',
    unit: 'count',
    most: 1_000_000,
    words: 'bytes that may come out of a compressed layer for each that goes in, once it gave 1 GiB',
  },
  memory: {
    limit: 'keptBodiesBytes',
    unit: 'bytes',
    most: 64 * GiB,
    words: 'what all layers together keep of files while they stream; over it they wait for each other',
  },
  'found-memory': {
    limit: 'foundBytes',
    unit: 'bytes',
    most: 64 * GiB,
    words: 'what is kept of databases and ELF files of all layers while a target is scanned',
  },
  'elf-size': {
    limit: 'elfBytes',
    unit: 'bytes',
    most: 4 * GiB,
    words: 'how much of one ELF file is kept where its layer is compressed',
  },
  'elf-files': {limit: 'elfFiles', unit: 'count', most: 1_000_000, words: 'ELF files of one report'},
  'java-archive-size': {
    limit: 'javaArchiveBytes',
    unit: 'bytes',
    most: 4 * GiB,
    words: 'how much of one Java archive is kept where its layer is compressed',
  },
  'table-rows': {limit: 'tableRows', unit: 'count', most: 1_000_000, words: 'findings that a table prints'},
  'sarif-results': {
    limit: 'sarifResults',
    unit: 'count',
    most: 25_000,
    words: 'results of a SARIF file; GitHub refuses more than 25,000 and shows 5,000',
  },
  'connect-time': {
    limit: 'connectMs',
    unit: 'milliseconds',
    most: hourMs,
    words: 'until a connection to a registry stands',
  },
  'answer-time': {
    limit: 'headMs',
    unit: 'milliseconds',
    most: hourMs,
    words: 'from a request to a registry to the head of its answer',
  },
  'idle-time': {
    limit: 'idleMs',
    unit: 'milliseconds',
    most: hourMs,
    words: 'between two pieces of what a registry sends',
  },
  'download-time': {
    limit: 'layersMs',
    unit: 'milliseconds',
    most: 24 * hourMs,
    words: 'all layers of an image in a registry together',
  },
  warnings: {limit: 'warningsPerCode', unit: 'count', most: 1_000_000, words: 'warnings of one kind that are kept'},
} as const satisfies Readonly<Record<string, LimitSetting>>
export type LimitName = keyof typeof limitSettings

/** What a setting may look like, for editors. */
const schemas: Readonly<Record<Exclude<Unit, 'count'>, Readonly<Record<string, unknown>>>> = {
  bytes: {type: ['string', 'integer'], pattern: '^\\d+(\\.\\d+)? ?([KMGkmg]i?)?B?$', minimum: 1},
  milliseconds: {type: 'string', pattern: '^\\d+(\\.\\d+)? ?(ms|s|m|h)$'},
}

/** `512 MiB`, `1GB`, `90s`, `5000`: a number of bytes, of milliseconds or of things. */
export function limitShape(name: LimitName): Shape<string> {
  const {unit, most, words} = limitSettings[name]
  const schema = unit === 'count' ? {type: 'integer', minimum: 1, maximum: most} : schemas[unit]
  return described(
    `${words}; without this ${usualLimit(name)}`,
    text(written => void parseLimit(name, written), schema),
  )
}

const usual: Readonly<Record<LimitKey, number>> = {...limits, ...netLimits}

/** What counts where nobody says otherwise: `96 MiB`, `30s`, `5000`. */
export function usualLimit(name: LimitName): string {
  const {unit, limit} = limitSettings[name]
  const value = usual[limit]
  if (unit === 'count') return String(value)
  if (unit === 'bytes') return `${value / 1024 ** 2} MiB`
  return value % hourMs === 0 ? `${value / hourMs}h` : `${value / 1_000}s`
}

/**
 * `elf-size=512MiB`, as the command line has it.
 * @param from named in errors: `--limit`
 * @throws {UsageError} for another name, and as {@link parseLimit}
 */
export function parseLimitSetting(text: string, from: string): readonly [LimitName, number] {
  const equals = text.indexOf('=')
  const name = text.slice(0, equals < 0 ? undefined : equals).trim()
  const written = equals < 0 ? null : text.slice(equals + 1).trim()
  const names = Object.keys(limitSettings) as LimitName[]
  const known = names.find(one => one === name)
  if (known === undefined) {
    throw new UsageError('USAGE', `${from} ${text}: there is no limit ${JSON.stringify(name)}`, {
      hint: suggestion(name, names),
    })
  }
  if (written === null) {
    throw new UsageError('USAGE', `${from} ${text} says no value`, {hint: `Write it as ${known}=${usualLimit(known)}.`})
  }
  try {
    return [known, parseLimit(known, written)]
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError('USAGE', `${from} ${text}: ${error.message}`, {hint: error.hint, cause: error})
  }
}

const factors: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
  bytes: {'': 1, k: 1000, m: 1000 ** 2, g: 1000 ** 3, ki: 1024, mi: 1024 ** 2, gi: GiB},
  milliseconds: {ms: 1, s: 1_000, m: 60_000, h: hourMs},
  count: {'': 1},
}

const units: Readonly<Record<Unit, {readonly pattern: RegExp; readonly noun: string; readonly example: string}>> = {
  bytes: {pattern: /^(\d+(?:\.\d+)?) ?((?:[kmg]i?)?)b?$/i, noun: 'size', example: '512 MiB'},
  milliseconds: {pattern: /^(\d+(?:\.\d+)?) ?(ms|s|m|h)$/i, noun: 'time', example: '90s'},
  count: {pattern: /^(\d+)()$/, noun: 'number', example: '5000'},
}

/** @throws {UsageError} for what is no number, or more than there can be */
export function parseLimit(name: LimitName, written: string): number {
  const {unit, most} = limitSettings[name]
  const {pattern, noun, example} = units[unit]
  const match = pattern.exec(written.trim())
  const factor = factors[unit][(match?.[2] ?? '').toLowerCase()]
  if (match === null || factor === undefined) {
    throw new UsageError('USAGE', `${JSON.stringify(written)} is no ${noun}`, {hint: `Write it as ${example}.`})
  }
  const rounded = Math.floor(Number(match[1]) * factor)
  if (rounded < 1 || rounded > most) {
    throw new UsageError('USAGE', `${written} is not between ${textOf(unit, 1)} and ${textOf(unit, most)}`, {})
  }
  return rounded
}

function textOf(unit: Unit, value: number): string {
  if (unit !== 'milliseconds') return String(value)
  return value % hourMs === 0 ? `${value / hourMs}h` : `${value}ms`
}
