import {gunzipSync} from 'node:zlib'
import type {Epss} from '../../model/advisory.js'
import {DatabaseError} from '../../model/errors.js'
import type {Warn} from '../../model/warning.js'
import {fraction} from '../exploits.js'
import {isDate} from '../format.js'
import {feedLimits} from '../limits.js'
import {wholeLines} from './body.js'
import type {Feed, FeedDocument} from './feed.js'

const folder = 'epss'

/** FIRST's estimates of how probable exploitation is in the next 30 days. */
export const epss: Feed = {
  name: 'epss',
  title: 'FIRST EPSS',
  gives: 'how probable exploitation is',
  home: 'https://www.first.org/epss',
  licence: 'free with attribution',
  everyHours: 24,
  byDefault: true,

  /** The service has one file of today; mirrors and folders may hold those of several days. */
  async plan({isService, list}) {
    const names = isService ? [] : ((await list(folder, null)) ?? []).filter(isEpssFile)
    if (names.length > 0) return names.slice(-feedLimits.atOnce).map(name => document(name))
    return [document('epss_scores-current.csv.gz')]
  },

  check(body) {
    const text = epssText(body.bytes(), body.where)
    if (/^(?:#[^\n]*\n)?cve,epss/.test(text)) {
      wholeLines(text, body.where)
      return
    }
    throw new DatabaseError('DATABASE_FEED', `${body.where} does not begin with the columns of EPSS: cve,epss`)
  },
}

/** `epss_scores-2024-10-15.csv`, compressed or not. */
export function isEpssFile(name: string): boolean {
  return /^[\w.-]{1,100}\.csv(?:\.gz)?$/.test(name)
}

function document(name: string): FeedDocument {
  return {
    path: `${folder}/${name}`,
    url: `https://epss.empiricalsecurity.com/${name}`,
    form: name.endsWith('.gz') ? 'gzip' : 'text',
    limitBytes: feedLimits.epssBytes,
    isOptional: false,
  }
}

/** @throws {DatabaseError} DATABASE_FEED where it is damaged, or inflates to more than a feed may have */
export function epssText(bytes: Uint8Array, where: string): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return Buffer.from(bytes).toString('utf8')
  try {
    return gunzipSync(bytes, {maxOutputLength: feedLimits.epssBytes}).toString('utf8')
  } catch (cause) {
    throw new DatabaseError('DATABASE_FEED', `${where} does not inflate`, {hint: 'Fetch it again.', cause})
  }
}

/**
 * Reads EPSS files, which came in three shapes: without a percentile, with one, and with a comment before the names of
 * the columns that gives the date. For each id the newest score that has a percentile wins, else the newest.
 * @param files text by file name, in which the oldest shape has its date
 */
export function readEpss(
  files: ReadonlyMap<string, string>,
  wanted: ReadonlySet<string>,
  warn: Warn,
): ReadonlyMap<string, Epss> {
  const scores = new Map<string, Epss>()
  for (const [name, text] of files) {
    const date = dateOf(name, text)
    let malformed = 0
    for (const line of text.split('\n')) {
      // The whole table has 300,000 rows, of which few are wanted.
      if (!wanted.has(line.slice(0, line.indexOf(',')))) continue
      const [id = '', score = '', percentile = ''] = line.trim().split(',')
      const found = {score: fraction(score), percentile: fraction(percentile), date}
      if (found.score === null) malformed++
      else if (isBetterEpss(found, scores.get(id))) scores.set(id, {...found, score: found.score})
    }
    if (malformed > 0) warn({code: 'EPSS_BAD_ROW', message: `${name}: ${malformed} rows have no score`})
  }
  return scores
}

/** One with a percentile is better than one without; of two alike the newer. */
export function isBetterEpss(a: Omit<Epss, 'score'>, b: Epss | undefined): boolean {
  if (b === undefined) return true
  if ((a.percentile === null) !== (b.percentile === null)) return a.percentile !== null
  return (a.date ?? '') > (b.date ?? '')
}

function dateOf(name: string, text: string): string | null {
  const [stated = ''] = /(?<=^#.*score_date:)[\d-]{10}/.exec(text.slice(0, 500)) ?? []
  const [named = ''] = /\d{4}-\d{2}-\d{2}/.exec(name) ?? []
  return [stated, named].find(isDate) ?? null
}
