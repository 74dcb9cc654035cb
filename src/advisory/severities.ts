import type {CvssRating} from '../model/advisory.js'
import {compareText, shorten} from '../model/text.js'
import type {Warn} from '../model/warning.js'
import {parseVector} from './cvss.js'
import type {Score} from './cvss-score.js'

/** Who rates, best first: NVD itself, then what derives from it, then the others. */
const sources = ['nvd', 'osv-alpine', 'osv-debian', 'cve5-cna', 'cve5-adp', 'osv-git', 'osv-bitnami', 'redhat']

/** Version 3 rates nearly everything; 4.0 is still rare, and 2.0 knows neither scope nor "critical". */
const versions: readonly CvssRating['version'][] = ['3.1', '3.0', '4.0', '2.0']
const generation = {'3.1': 0, '3.0': 0, '4.0': 1, '2.0': 2} as const

/**
 * Reads the index of vectors, `cve version vector source`, one vector a line.
 * @param wanted the ids that some advisory names
 * @returns ratings of each id in order of precedence: the first decides
 */
export function readSeverities(
  text: string,
  wanted: ReadonlySet<string>,
  score: Score,
  warn: Warn,
): Map<string, CvssRating[]> {
  const ratings = new Map<string, Map<string, CvssRating>>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [id = '', , vector = '', source = ''] = line.trimEnd().split('\t')
    if (!wanted.has(id)) continue
    const rating = rate(vector, source, score)
    if (rating === null) {
      warn({code: 'CVSS_BAD_VECTOR', message: `${id}: ${source} has a malformed rating: ${shorten(vector, 100)}`})
      continue
    }
    const known = ratings.get(id) ?? new Map<string, CvssRating>()
    ratings.set(id, known)
    const same = known.get(vector)
    if (same === undefined || compareRatings(rating, same) < 0) known.set(vector, rating)
  }
  return new Map([...ratings].map(([id, known]) => [id, [...known.values()].sort(compareRatings)]))
}

/** The columns of `data/severities.tsv` after the id: each rating as `score source vector`. */
export function formatRatings(ratings: readonly CvssRating[]): string {
  return ratings.map(({score, source, vector}) => `${score.toFixed(1)} ${source} ${vector}`).join('\t')
}

/** Reads them back. What is damaged is no rating: the vulnerability then counts as unscored, never as harmless. */
export function parseRatings(columns: readonly string[]): CvssRating[] {
  return columns.flatMap(column => {
    const [score = '', source = '', vector = ''] = column.split(' ')
    const version = parseVector(vector)?.version
    const plain = /^(?:10\.0|\d\.\d)$/.test(score) && isSource(source)
    return version !== undefined && plain ? [{version, vector, score: Number(score), source}] : []
  })
}

function rate(vector: string, source: string, score: Score): CvssRating | null {
  const parsed = parseVector(vector)
  const value = parsed && isSource(source) ? score(parsed) : null
  return parsed === null || value === null ? null : {version: parsed.version, vector, score: value, source}
}

function isSource(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text)
}

/** In order of precedence: the first decides. */
export function compareRatings(a: CvssRating, b: CvssRating): number {
  return (
    generation[a.version] - generation[b.version] ||
    rank(a.source) - rank(b.source) ||
    versions.indexOf(a.version) - versions.indexOf(b.version) ||
    compareText(a.vector, b.vector)
  )
}

function rank(source: string): number {
  const index = sources.indexOf(source)
  return index < 0 ? sources.length : index
}
