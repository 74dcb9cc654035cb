import {DatabaseError} from '../../model/errors.js'
import {feedLimits} from '../limits.js'
import type {FeedDocument, RatedID, RatingFeed} from './feed.js'
import {jsonItems} from './json-items.js'
import {isCve, listOf, objectOf, textOf, yearOf} from './shape.js'

const service = 'https://nvd.nist.gov/feeds/json/cve/2.0'
/** What came before stands in the file of this year. */
const firstYear = 2002
/** CISA, where it rates for NVD. */
const cisa = '134c704f-9b21-4f2e-91b3-4a467353bcc0'

/** NIST's ratings, as files of a year. */
export const nvd: RatingFeed = {
  name: 'nvd',
  title: 'NVD, yearly feeds',
  gives: 'CVSS vectors of NVD, and of those that it cites',
  home: 'https://nvd.nist.gov/vuln/data-feeds',
  licence: 'public domain',
  everyHours: 24,
  byDefault: false,

  /** Every year that an advisory names, and what was changed in the last days. */
  async plan({wanted}) {
    const years = new Set([...wanted].filter(isCve).map(id => Math.max(firstYear, yearOf(id))))
    return [...[...years].sort((a, b) => a - b).map(String), 'modified'].map(document)
  },

  async check(body) {
    for await (const item of jsonItems(body.stream(), 'vulnerabilities', body.where)) {
      readNvdItem(item, body.where)
      return
    }
    throw new DatabaseError('DATABASE_FEED', `${body.where} has no vulnerabilities`)
  },

  async *rate(body) {
    for await (const item of jsonItems(body.stream(), 'vulnerabilities', body.where)) {
      yield readNvdItem(item, body.where)
    }
  },
}

function document(year: string): FeedDocument {
  const name = `nvdcve-2.0-${year}.json.gz`
  return {
    path: `nvd/${name}`,
    url: `${service}/${name}`,
    form: 'gzip',
    limitBytes: feedLimits.bulkBytes,
    // A mistyped id may name a year that has not come.
    isOptional: true,
  }
}

/**
 * Reads one item of an answer in the schema of NVD 2.0. Rejected records have no metrics. Beside NVD's own rating there
 * may be that of who assigned the id, or of CISA.
 * @throws {DatabaseError} DATABASE_FEED
 */
export function readNvdItem(item: unknown, where: string): RatedID {
  const cve = objectOf(objectOf(item)?.['cve'])
  const id = textOf(cve?.['id'])
  if (!isCve(id)) throw new DatabaseError('DATABASE_FEED', `${where} holds what is no record of NVD`)
  const metrics = Object.entries(objectOf(cve?.['metrics']) ?? {})
    .filter(([name]) => name.startsWith('cvssMetric'))
    .flatMap(([, list]) => listOf(list))
  const ratings = metrics.flatMap(metric => {
    const {source, cvssData} = objectOf(metric) ?? {}
    const vector = textOf(objectOf(cvssData)?.['vectorString'])
    return vector === '' ? [] : [{vector, source: sourceOf(textOf(source))}]
  })
  return {id, ratings}
}

function sourceOf(source: string): string {
  if (source === 'nvd@nist.gov') return 'nvd'
  return source === cisa ? 'cve5-adp' : 'cve5-cna'
}
