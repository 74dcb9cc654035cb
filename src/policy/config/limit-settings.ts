import {UsageError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {suggestion} from '../closest.js'
import {described, type Shape, text} from './shape.js'

interface LimitSetting {
  readonly limit: keyof typeof limits
  readonly unit: 'bytes' | 'count'
  /** More than this no machine has, or no reader takes. */
  readonly most: number
  readonly words: string
}

const GiB = 1024 ** 3

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
  warnings: {limit: 'warningsPerCode', unit: 'count', most: 1_000_000, words: 'warnings of one kind that are kept'},
} as const satisfies Readonly<Record<string, LimitSetting>>
export type LimitName = keyof typeof limitSettings

/** `512 MiB`, `1GB`, `5000`: a number of bytes or of things. */
export function limitShape(name: LimitName): Shape<string> {
  const {unit, most, words} = limitSettings[name]
  const schema =
    unit === 'count'
      ? {type: 'integer', minimum: 1, maximum: most}
      : {type: ['string', 'integer'], pattern: '^\\d+(\\.\\d+)? ?([KMGkmg]i?)?B?$', minimum: 1}
  return described(
    `${words}; without this ${usualLimit(name)}`,
    text(written => void parseLimit(name, written), schema),
  )
}

/** What counts where nobody says otherwise: `96 MiB`, `5000`. */
export function usualLimit(name: LimitName): string {
  const {unit, limit} = limitSettings[name]
  return unit === 'count' ? String(limits[limit]) : `${limits[limit] / 1024 ** 2} MiB`
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

const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  ki: 1024,
  mi: 1024 ** 2,
  gi: GiB,
}

/** @throws {UsageError} for what is no number, or more than there can be */
export function parseLimit(name: LimitName, written: string): number {
  const {unit, most} = limitSettings[name]
  const match = /^(\d+(?:\.\d+)?) ?((?:[kmg]i?)?)b?$/i.exec(written.trim())
  const value = match === null ? Number.NaN : Number(match[1]) * (factors[(match[2] ?? '').toLowerCase()] ?? Number.NaN)
  if (unit === 'count' ? !/^\d+$/.test(written) : Number.isNaN(value)) {
    throw new UsageError('USAGE', `${JSON.stringify(written)} is no ${unit === 'bytes' ? 'size' : 'number'}`, {
      hint: unit === 'bytes' ? 'Write it as 512 MiB.' : 'Write it as 5000.',
    })
  }
  const rounded = Math.floor(value)
  if (rounded < 1 || rounded > most) {
    throw new UsageError('USAGE', `${written} is not between 1 and ${most}`, {})
  }
  return rounded
}
