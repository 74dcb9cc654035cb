import type {AlpineRelease} from '../model/advisory.js'
import {daysBetween, fromLine, isEndOfLife, nearestSupported, newestSupported} from '../model/alpine.js'
import type {Facts, Release} from '../model/facts.js'
import type {Draft, Remedy, Rule} from '../model/rule.js'
import {count} from '../model/text.js'
import {quote} from './words.js'

/** Time to plan a move: Alpine releases every six months, and images wait for their own releases. */
const soonDays = 60

export const endOfLifeRelease: Rule = {
  id: 'PT1001',
  name: 'EndOfLifeRelease',
  title: 'The Alpine release gets no more fixes',
  severity: 'high',
  family: 'image',
  help: {
    why:
      'After its end of life a release gets no security fixes, and the advisory feed, which lists fixes only, falls ' +
      'silent with it: new vulnerabilities exist in the image, and no scanner that reads the feed can see them. A short ' +
      `list of vulnerabilities then means the opposite of what it seems to. ${soonDays} days ahead it is a note.`,
    fix: 'Move to a release that is still supported.',
    links: ['https://alpinelinux.org/releases/'],
  },
  *check({release, alpine, releases, today}) {
    if (release === null || alpine === null) return
    if (isEndOfLife(alpine, today)) yield ended(release, alpine, releases, today)
    else if (daysBetween(today, alpine.endOfLife) <= soonDays) yield endsSoon(release, alpine, releases, today)
  },
}

function ended(release: Release, alpine: AlpineRelease, releases: Facts['releases'], today: string): Draft {
  const days = daysBetween(alpine.endOfLife, today)
  return {
    message:
      `Alpine ${quote(alpine.branch)} has had no fixes since ${quote(alpine.endOfLife)}, ${count(days, 'day')} ago, and ` +
      'its advisories list fixes only: of what was found since then nothing is reported, however bad it is.',
    evidence: `${release.path}: ${release.version}; end of life of ${alpine.branch}: ${alpine.endOfLife}`,
    at: {path: release.path, layer: release.layer},
    fix: moveFrom(alpine, releases, today),
    identity: [],
  }
}

function endsSoon(release: Release, alpine: AlpineRelease, releases: Facts['releases'], today: string): Draft {
  const days = daysBetween(today, alpine.endOfLife)
  return {
    severity: 'note',
    title: 'The Alpine release gets no more fixes soon',
    message:
      `Alpine ${quote(alpine.branch)} gets fixes until ${quote(alpine.endOfLife)}, ` +
      `${days === 0 ? 'which is today' : `${count(days, 'day')} from now`}. After that its advisories fall silent.`,
    evidence: `${release.path}: ${release.version}; end of life of ${alpine.branch}: ${alpine.endOfLife}; scan of ${today}`,
    at: {path: release.path, layer: release.layer},
    fix: moveFrom(alpine, releases, today),
    identity: ['soon'],
  }
}

/** To the newest release, and what the smallest step would be. */
function moveFrom({branch}: AlpineRelease, releases: Facts['releases'], today: string): Remedy {
  const newest = newestSupported(releases, today)
  if (newest === undefined || newest.branch === branch) {
    return {text: 'Move to a release that Alpine still supports.', command: null}
  }
  const nearest = nearestSupported(releases, branch, today, soonDays)
  const step =
    nearest === undefined || nearest.branch === newest.branch
      ? ''
      : ` The smallest step is ${quote(nearest.branch)}, until ${quote(nearest.endOfLife)}.`
  return {
    text: `Move to Alpine ${quote(newest.branch)}, which gets fixes until ${quote(newest.endOfLife)}.${step}`,
    command: fromLine(newest.branch),
  }
}
