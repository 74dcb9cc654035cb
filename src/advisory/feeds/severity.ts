import {DatabaseError} from '../../model/errors.js'
import {parseVector} from '../cvss.js'
import {feedLimits} from '../limits.js'
import {wholeLines} from './body.js'
import type {RatedID, RatingFeed} from './feed.js'

/** The index of a mirror. The update keeps what it takes from other feeds in files of the same form beside it. */
export const severityPath = 'severity/cvss.tsv'

/** Vectors of all sources in one table, as mirrors keep them: no service publishes it. */
export const severity: RatingFeed = {
  name: 'severity',
  title: 'CVSS index of a mirror',
  gives: 'CVSS vectors of the ids that the advisories name',
  home: 'https://www.first.org/cvss',
  licence: 'as the sources that its last column names',
  everyHours: 24,
  byDefault: true,

  async plan({isService}) {
    if (isService) return []
    return [{path: severityPath, url: null, form: 'text', limitBytes: feedLimits.bulkBytes, isOptional: true}]
  },

  check(body) {
    const [first = ''] = body
      .text()
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    if (first === '' || parseVector(first.split('\t')[2] ?? '') !== null) {
      wholeLines(body.text(), body.where)
      return
    }
    throw new DatabaseError('DATABASE_FEED', `${body.where} is no table of cve, version, vector, source`)
  },

  async *rate(body) {
    yield* readIndex(body.text())
  },
}

/** The rows of such a table, joined by id. */
export function readIndex(text: string): RatedID[] {
  const rated = new Map<string, {vector: string; source: string}[]>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [id = '', , vector = '', source = ''] = line.trimEnd().split('\t')
    const known = rated.get(id)
    if (known === undefined) rated.set(id, [{vector, source}])
    else known.push({vector, source})
  }
  return [...rated].map(([id, ratings]) => ({id, ratings}))
}

/** The table, in the order of ids, vectors and sources. */
export function formatIndex(rated: Iterable<RatedID>, date: string): string {
  const rows = [...rated].flatMap(({id, ratings}) =>
    ratings.map(({vector, source}) => `${id}\t${versionOf(vector)}\t${vector}\t${source}\n`),
  )
  return `# cve\tcvss version\tvector\tsource, as of ${date}\n${rows.sort().join('')}`
}

function versionOf(vector: string): string {
  return `v${parseVector(vector)?.version ?? ''}`.replace(/^v2\.0$/, 'v2')
}
