import {listZip, readZipEntry} from '../../archive/zip.js'
import type {ByteSource} from '../../model/bytes.js'
import {DatabaseError} from '../../model/errors.js'
import {feedLimits} from '../limits.js'
import {parseJson} from './body.js'
import type {RatedID, RatingFeed} from './feed.js'
import {isCve, listOf, objectOf, textOf} from './shape.js'

/** OSV's records of Alpine, all in one archive. Of their advisories the secdb itself says more. */
export const osv: RatingFeed = {
  name: 'osv',
  title: 'OSV, Alpine',
  gives: 'CVSS vectors',
  home: 'https://osv.dev',
  licence: 'as the sources that OSV lists',
  everyHours: 24,
  byDefault: false,

  async plan() {
    return [
      {
        path: 'osv/Alpine/all.zip',
        url: 'https://osv-vulnerabilities.storage.googleapis.com/Alpine/all.zip',
        form: 'zip',
        limitBytes: feedLimits.bulkBytes,
        isOptional: false,
      },
    ]
  },

  async check(body) {
    for await (const _ of body.open(source => listZip(source, body.where))) return
    throw new DatabaseError('DATABASE_FEED', `${body.where} is empty`)
  },

  rate: body => body.open(source => readRecords(source, body.where)),
}

function* readRecords(source: ByteSource, where: string): Generator<RatedID> {
  for (const entry of listZip(source, where)) {
    if (!entry.name.endsWith('.json')) continue
    const name = `${where}: ${entry.name}`
    const bytes = readZipEntry(source, entry, feedLimits.recordBytes, name)
    yield* readOsvRecord(parseJson(Buffer.from(bytes.read(0, bytes.sizeBytes)).toString('utf8'), name), name)
  }
}

/**
 * Reads an OSV record. Its id is the CVE itself, or `ALPINE-CVE-…` with the CVE among its upstream ids; one that is
 * about other ecosystems only says nothing here.
 * @throws {DatabaseError} DATABASE_FEED
 */
export function readOsvRecord(document: unknown, where: string): RatedID[] {
  const record = objectOf(document)
  const id = textOf(record?.['id'])
  if (record === null || id === '') throw new DatabaseError('DATABASE_FEED', `${where} is no OSV record`)
  const ecosystems = listOf(record['affected']).map(affected =>
    textOf(objectOf(objectOf(affected)?.['package'])?.['ecosystem']),
  )
  if (!ecosystems.some(ecosystem => ecosystem.startsWith('Alpine'))) return []
  const ids = [id, ...listOf(record['upstream']).map(textOf), id.replace(/^ALPINE-/, '')].filter(isCve)
  const ratings = listOf(record['severity']).flatMap(severity => {
    const vector = textOf(objectOf(severity)?.['score'])
    return vector === '' ? [] : [{vector, source: 'osv-alpine'}]
  })
  return [...new Set(ids)].map(cve => ({id: cve, ratings}))
}
