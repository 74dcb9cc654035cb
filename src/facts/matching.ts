import type {AdvisoryDatabase} from '../advisory/database.js'
import {type Matches, matchPackages} from '../advisory/match.js'
import type {DatabaseInfo} from '../model/advisory.js'
import type {ApkFacts} from './apk.js'
import {type BranchClues, chooseBranch} from './branch-choice.js'

/** What the advisories say of the packages, and which of them were asked. */
export interface Matched extends Matches {
  readonly info: DatabaseInfo
}

/** Holds the packages against the advisories of the branch that the target follows. */
export function matchWith(database: AdvisoryDatabase, asked: BranchClues, {packages}: ApkFacts): Matched {
  const {branch, reason} = chooseBranch(asked, database)
  const advisories = branch === null ? null : database.load(branch)
  const held = advisories === null ? [] : [{advisories, reason, packages}]
  const {location, date} = database
  const info = {location, date, branch, reason, advisories: advisories?.count ?? 0, others: []}
  return {...matchPackages(held, id => database.rate(id)), info}
}
