import {DatabaseError} from '../../model/errors.js'
import {feedLimits} from '../limits.js'
import {parseJson} from './body.js'
import type {FeedDocument, RatedID, RatingFeed} from './feed.js'
import {isCve, objectOf, textOf} from './shape.js'

const service = 'https://access.redhat.com/hydra/rest/securitydata/cve'
/** Records of a mirror, one a line. */
const linesPath = 'severity/redhat-cve.ndjson.gz'

/** Red Hat's ratings: often the only ones that somebody thought about. */
export const redhat: RatingFeed = {
  name: 'redhat',
  title: 'Red Hat',
  gives: 'CVSS vectors of ids that have none yet',
  home: 'https://access.redhat.com/security/data',
  licence: 'CC BY 4.0',
  everyHours: 24,
  byDefault: false,

  async plan({unrated, isService}) {
    return isService ? unrated.filter(isCve).slice(0, feedLimits.records).map(record) : [lines]
  },

  async check(body, {path}) {
    if (path !== linesPath) readRedHatRecord(body.json(), body.where)
    else for await (const _ of readLines(body.stream(), body.where)) return
  },

  async *rate(body, {path}) {
    if (path === linesPath) yield* readLines(body.stream(), body.where)
    else yield readRedHatRecord(body.json(), body.where)
  },
}

const lines: FeedDocument = {
  path: linesPath,
  url: null,
  form: 'gzip',
  limitBytes: feedLimits.bulkBytes,
  isOptional: true,
}

function record(id: string): FeedDocument {
  return {
    path: `redhat/${id}.json`,
    url: `${service}/${id}.json`,
    form: 'json',
    limitBytes: feedLimits.recordBytes,
    isOptional: true,
    absentHours: 7 * 24,
  }
}

async function* readLines(input: AsyncIterable<Uint8Array>, where: string): AsyncGenerator<RatedID> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input) {
    rest += decoder.decode(chunk, {stream: true})
    const complete = rest.split('\n')
    rest = complete.pop() ?? ''
    if (rest.length > feedLimits.recordBytes) throw new DatabaseError('DATABASE_FEED', `${where} has too long a line`)
    for (const line of complete) if (line !== '') yield readRedHatRecord(parseJson(line, where), where)
  }
  if (rest.trim() !== '') yield readRedHatRecord(parseJson(rest, where), where)
}

/** @throws {DatabaseError} DATABASE_FEED */
export function readRedHatRecord(document: unknown, where: string): RatedID {
  const record = objectOf(document)
  const id = textOf(record?.['name'])
  if (!isCve(id)) throw new DatabaseError('DATABASE_FEED', `${where} holds what is no record of Red Hat`)
  const ratings = ['cvss', 'cvss3'].flatMap(name => {
    const vector = textOf(objectOf(record?.[name])?.[`${name}_scoring_vector`])
    return vector === '' ? [] : [{vector, source: 'redhat'}]
  })
  return {id, ratings}
}
