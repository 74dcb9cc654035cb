import {DatabaseError} from '../../model/errors.js'
import {Secret} from '../../model/secret.js'
import {feedLimits} from '../limits.js'
import type {RatingFeed} from './feed.js'
import {readNvdItem} from './nvd.js'
import {isCve, objectOf} from './shape.js'

/** NIST's ratings, asked for one by one: for the few ids that the files of a year do not have yet. */
export const nvdApi: RatingFeed = {
  name: 'nvd-api',
  title: 'NVD, API 2.0',
  gives: 'CVSS vectors of ids that have none yet',
  home: 'https://nvd.nist.gov/developers/vulnerabilities',
  licence: 'public domain',
  everyHours: 24,
  byDefault: false,

  /** With a key in NVD_API_KEY, ten times as many and ten times as fast. */
  async plan({unrated, env, isService}) {
    const key = isService ? (env['NVD_API_KEY'] ?? '') : ''
    const most = key === '' ? feedLimits.nvdRecords : feedLimits.nvdKeyRecords
    return unrated
      .filter(isCve)
      .slice(0, isService ? most : feedLimits.records)
      .map(id => ({
        path: `nvd/cves-2.0/${id}.json`,
        url: `https://services.nvd.nist.gov/rest/json/cves/2.0?cveId=${id}`,
        form: 'json' as const,
        limitBytes: feedLimits.recordBytes,
        isOptional: true,
        absentHours: 7 * 24,
        paceMs: key === '' ? feedLimits.nvdPaceMs : feedLimits.nvdKeyPaceMs,
        ...(key === '' ? {} : {secrets: {apiKey: new Secret(key)}}),
      }))
  },

  check(body) {
    itemsOf(body.json(), body.where).map(item => readNvdItem(item, body.where))
  },

  async *rate(body) {
    for (const item of itemsOf(body.json(), body.where)) yield readNvdItem(item, body.where)
  },
}

function itemsOf(document: unknown, where: string): readonly unknown[] {
  const items = objectOf(document)?.['vulnerabilities']
  if (Array.isArray(items)) return items
  throw new DatabaseError('DATABASE_FEED', `${where} is no answer of NVD`)
}
