import type {BranchAdvisories} from '../advisory/branch-file.js'
import {originOf} from '../advisory/by-origin.js'
import type {AdvisoryDatabase} from '../advisory/database.js'
import {pinsOf} from '../apk/pins.js'
import {hasOwnFeed} from '../model/derivatives.js'
import type {InstalledPackage} from '../model/package.js'
import type {ApkFacts} from './apk.js'
import type {HeldElsewhere} from './other-branches.js'

/**
 * Packages that a feed speaks of which somebody added to the database, for a repository of their own. What Alpine's
 * advisories name too is taken for Alpine's, unless it is pinned to a repository that is not one of Alpine.
 */
export function heldByFeeds(
  {packages, repositories, world}: ApkFacts,
  own: BranchAdvisories,
  database: AdvisoryDatabase,
): HeldElsewhere[] {
  const added = database.feeds().filter(name => !hasOwnFeed(name) && name !== own.branch)
  if (added.length === 0) return []
  const pins = pinsOf(packages, world)
  const tags = new Set(repositories.flatMap(({tag, branch}) => (tag !== null && branch === null ? [tag] : [])))
  return added.flatMap(name => {
    const advisories = database.load(name)
    if (advisories === null) return []
    const named = packages.filter(one => advisories.byOrigin.has(originOf(one)))
    const isPinned = (one: InstalledPackage) => tags.has(pins.get(one) ?? '')
    const pinned = named.filter(isPinned)
    const others = named.filter(one => !isPinned(one) && !own.byOrigin.has(originOf(one)))
    return [
      {
        advisories,
        line: null,
        packages: pinned,
        reason: 'it names them, and they are pinned to no repository of Alpine',
      },
      {advisories, line: null, packages: others, reason: `it names them, and the advisories of ${own.branch} do not`},
    ].filter(({packages}) => packages.length > 0)
  })
}
