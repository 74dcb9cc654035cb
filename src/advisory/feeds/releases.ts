import type {AlpineRelease} from '../../model/advisory.js'
import {DatabaseError} from '../../model/errors.js'
import {compareBranches, edge, isBranch} from '../branch.js'
import {isDate} from '../format.js'
import {feedLimits} from '../limits.js'
import {parseReleases} from '../releases.js'
import {parseJson, wholeLines} from './body.js'
import type {Feed, FeedDocument} from './feed.js'
import {listOf, objectOf, textOf} from './shape.js'

/** What Alpine publishes. */
export const releasesPath = 'alpine/releases.json'
/** The same facts as a table, where somebody has collected them for older branches too. */
export const releaseTablePath = 'alpine/releases.tsv'

/** The release branches of Alpine: since when, until when, the newest patch release. */
export const releases: Feed = {
  name: 'releases',
  title: 'Alpine release branches',
  gives: 'release dates, ends of life and newest patch releases',
  home: 'https://alpinelinux.org/releases/',
  licence: 'facts published by Alpine Linux',
  everyHours: 24,
  byDefault: true,

  async plan({isService}) {
    return isService
      ? [document(releasesPath, false)]
      : [document(releasesPath, true), document(releaseTablePath, true)]
  },

  check(body, {path}) {
    const found =
      path === releasesPath ? readReleases(body.text(), body.where) : parseReleases(wholeLines(body.text(), body.where))
    if (found.length === 0) throw new DatabaseError('DATABASE_FEED', `${body.where} names no release of Alpine`)
  },
}

function document(path: string, isOptional: boolean): FeedDocument {
  const isPublished = path === releasesPath
  return {
    path,
    url: isPublished ? 'https://alpinelinux.org/releases.json' : null,
    form: isPublished ? 'json' : 'text',
    limitBytes: feedLimits.releasesBytes,
    isOptional,
  }
}

/**
 * Reads `releases.json`: `release_branches[].{rel_branch, branch_date, eol_date, releases[].{version, date}}`. edge has
 * no end of life, and a branch that says none is not known to have one: both are left out.
 * @throws {DatabaseError} DATABASE_FEED
 */
export function readReleases(text: string, where: string): AlpineRelease[] {
  const branches = objectOf(parseJson(text, where))?.['release_branches']
  if (!Array.isArray(branches)) throw new DatabaseError('DATABASE_FEED', `${where} has no list of release branches`)
  return branches.flatMap(readBranch).sort((a, b) => compareBranches(a.branch, b.branch))
}

function readBranch(item: unknown): AlpineRelease[] {
  const {rel_branch, branch_date, eol_date, releases: list} = objectOf(item) ?? {}
  const branch = textOf(rel_branch)
  const endOfLife = textOf(eol_date)
  if (!isBranch(branch) || branch === edge || !isDate(endOfLife)) return []
  const patches = listOf(list)
    .map(release => ({version: textOf(objectOf(release)?.['version']), date: textOf(objectOf(release)?.['date'])}))
    .filter(({version}) => /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(version))
    .sort((a, b) => patchOf(a.version) - patchOf(b.version))
  // The branch is cut weeks before its first release.
  const released = [patches[0]?.date ?? '', textOf(branch_date)].find(isDate)
  const latest = patches.at(-1)?.version
  return released === undefined || latest === undefined ? [] : [{branch, released, endOfLife, latest, musl: null}]
}

function patchOf(version: string): number {
  return Number(version.split('.')[2])
}
