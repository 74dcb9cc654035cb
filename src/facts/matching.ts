import type {AdvisoryDatabase} from '../advisory/database.js'
import {type Matches, matchPackages} from '../advisory/match.js'
import {offersOf} from '../advisory/offers.js'
import {openOrigins} from '../advisory/origins.js'
import type {DatabaseInfo} from '../model/advisory.js'
import type {PackageCoverage} from '../model/coverage.js'
import {limits} from '../model/limits.js'
import type {InstalledPackage} from '../model/package.js'
import {heldByFeeds} from './added-feeds.js'
import {type BranchClues, chooseBranch} from './branch-choice.js'
import {type HeldElsewhere, heldElsewhere, type OriginClues} from './other-branches.js'
import {coverPackages} from './package-coverage.js'

/** What the advisories say of the packages, and which of them were asked. */
export interface Matched extends Matches {
  readonly info: DatabaseInfo
  readonly coverage: ReadonlyMap<InstalledPackage, PackageCoverage>
}

/**
 * Holds the packages against the advisories of the branch that the target follows, and those that come from another
 * branch against that one's too.
 */
export function matchWith(
  database: AdvisoryDatabase,
  asked: Omit<BranchClues, 'repositories'>,
  clues: OriginClues,
): Matched {
  const {branch, reason} = chooseBranch({...asked, repositories: clues.apk.repositories}, database)
  const own = branch === null ? null : database.load(branch)
  const {packages} = clues.apk
  const origins = openOrigins(database.location)
  const others =
    own === null ? [] : [...heldElsewhere(clues, own, database, origins), ...heldByFeeds(clues.apk, own, database)]
  const held = own === null ? [] : [{advisories: own, reason, packages}, ...others]
  const {location} = database
  const date = own?.date ?? database.date
  const info = {location, date, branch, reason, advisories: own?.count ?? 0, others: others.map(described)}
  const coverage = coverPackages(clues.apk, held, origins)
  return {...matchPackages(held, id => database.rate(id), offersOf(database.location)), info, coverage}
}

function described({advisories, reason, line, packages}: HeldElsewhere): DatabaseInfo['others'][number] {
  const names = packages.slice(0, limits.packagesPerFinding).map(({name}) => name)
  return {branch: advisories.branch, reason, line, packages: [...new Set(names)].sort()}
}
