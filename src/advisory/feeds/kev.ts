import {DatabaseError} from '../../model/errors.js'
import {isDate} from '../format.js'
import {feedLimits} from '../limits.js'
import {parseJson} from './body.js'
import type {Feed} from './feed.js'
import {objectOf, textOf} from './shape.js'

export const kevPath = 'kev/known_exploited_vulnerabilities.json'

/** CISA's catalogue of vulnerabilities that are known to be exploited. */
export const kev: Feed = {
  name: 'kev',
  title: 'CISA known exploited vulnerabilities',
  gives: 'which ids are known to be exploited',
  home: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
  licence: 'CC0 1.0',
  everyHours: 24,
  byDefault: true,

  async plan() {
    return [
      {
        path: kevPath,
        url: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
        form: 'json',
        limitBytes: feedLimits.kevBytes,
        isOptional: false,
      },
    ]
  },

  check(body) {
    readKev(body.text(), null, body.where)
  },
}

/** The catalogue. */
export interface Kev {
  /** YYYY-MM-DD of the catalogue. */
  readonly date: string | null
  /** Day on which each was added. */
  readonly added: ReadonlyMap<string, string>
}

/**
 * Reads the catalogue, reduced to ids that some advisory names.
 * @param wanted null for all of it
 * @throws {DatabaseError} DATABASE_FEED
 */
export function readKev(text: string, wanted: ReadonlySet<string> | null, where: string): Kev {
  const catalogue = objectOf(parseJson(text, where))
  const vulnerabilities = catalogue?.['vulnerabilities']
  if (!Array.isArray(vulnerabilities))
    throw new DatabaseError('DATABASE_FEED', `${where} has no list of vulnerabilities`)
  const date = textOf(catalogue?.['catalogVersion']).replaceAll('.', '-')
  const added = new Map<string, string>()
  for (const item of vulnerabilities) {
    const {cveID, dateAdded} = objectOf(item) ?? {}
    if (typeof cveID !== 'string' || wanted?.has(cveID) === false) continue
    added.set(cveID, typeof dateAdded === 'string' && isDate(dateAdded) ? dateAdded : '')
  }
  return {date: isDate(date) ? date : null, added}
}
