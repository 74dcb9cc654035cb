import {DatabaseError} from '../../model/errors.js'
import {compareBranches, isBranch} from '../branch.js'
import {isDate} from '../format.js'
import {feedLimits} from '../limits.js'
import {parseSecdb} from '../secdb.js'
import type {Feed, FeedDocument} from './feed.js'

const service = 'https://secdb.alpinelinux.org'
export const repositories = ['main', 'community'] as const

/** Where it says of which day it is. */
export const stampPath = 'secdb/last-update'

/** `secdb/v3.19/main.json`. */
export function secdbPath(branch: string, repository: string): string {
  return `secdb/${branch}/${repository}.json`
}

/** The branch and repository of a path; null where it is none of these. */
export function placeOf(path: string): {readonly branch: string; readonly repository: string} | null {
  const [, branch = '', repository = ''] = /^secdb\/([^/]+)\/([a-z]+)\.json$/.exec(path) ?? []
  return isBranch(branch) ? {branch, repository} : null
}

/** Alpine's own advisories: every branch that the index page lists, `main` and `community`. */
export const secdb: Feed = {
  name: 'secdb',
  title: 'Alpine secdb',
  gives: 'which ids each origin package of a branch has fixed, and from which version on',
  home: 'https://secdb.alpinelinux.org',
  licence: 'facts published by Alpine Linux; the service carries its own licence text',
  everyHours: 1,
  byDefault: true,

  async plan({branches: asked, list}) {
    const listed = ((await list('secdb', `${service}/`)) ?? []).filter(isBranch).sort(compareBranches)
    if (listed.length === 0) {
      throw new DatabaseError('DATABASE_FEED', 'the secdb does not list its branches', {
        hint: 'A mirror needs secdb/index.html, or a server that lists folders.',
      })
    }
    const unknown = asked?.find(branch => !listed.includes(branch))
    if (unknown !== undefined) {
      throw new DatabaseError('DATABASE_FEED', `the secdb has no branch ${unknown}`, {
        hint: `It has ${listed.join(', ')}.`,
      })
    }
    const branches = listed.filter(branch => asked?.includes(branch) ?? true).slice(-feedLimits.branches)
    return [stamp, ...branches.flatMap(branch => repositories.map(repository => document(branch, repository)))]
  },

  check(body, {path}) {
    const place = placeOf(path)
    if (place === null) {
      dayOf(body.text())
      return
    }
    const {branch, repository} = parseSecdb(body.text(), path, () => {})
    if (branch === place.branch && repository === place.repository) return
    throw new DatabaseError('DATABASE_FEED', `${path} says that it is ${branch}/${repository}`)
  },
}

const stamp: FeedDocument = {
  path: stampPath,
  url: `${service}/last-update`,
  form: 'text',
  limitBytes: feedLimits.stampBytes,
  isOptional: true,
}

function document(branch: string, repository: string): FeedDocument {
  return {
    path: secdbPath(branch, repository),
    url: `${service}/${branch}/${repository}.json`,
    form: 'json',
    limitBytes: feedLimits.advisoryBytes,
    // v3.2 has no community.
    isOptional: repository !== 'main',
  }
}

/**
 * The day of the copy, as YYYY-MM-DD: the stamp is that, a time that begins with it, or seconds since 1970.
 * @throws {DatabaseError} DATABASE_FEED
 */
export function dayOf(text: string): string {
  const stamp = text.trim()
  const day = /^\d{9,11}$/.test(stamp) ? new Date(Number(stamp) * 1000).toISOString().slice(0, 10) : stamp.slice(0, 10)
  if (isDate(day)) return day
  throw new DatabaseError('DATABASE_FEED', `secdb/last-update holds no date: ${JSON.stringify(stamp.slice(0, 60))}`, {
    hint: 'Write the day on which the secdb was copied into it, as YYYY-MM-DD.',
  })
}
