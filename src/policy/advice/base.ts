import {fromLine, isEndOfLife, isOlderPatch, newestSupported} from '../../model/alpine.js'
import {count, shorten} from '../../model/text.js'
import type {Advice, Situation} from './situation.js'

const nameLength = 200

/** Only the end of life itself is certain to go: which fixes the new release has, its own scan must tell. */
export function newReleaseAdvice({facts, findings, isAlpineBase, base}: Situation): Advice | null {
  const {alpine, releases, today} = facts
  if (alpine === null || !isEndOfLife(alpine, today)) return null
  const next = newestSupported(releases, today)
  const fixes = findings.filter(({ruleID}) => ruleID === 'PT1001').length
  if (next === undefined || fixes === 0) return null
  const other = isAlpineBase || base === null ? '' : `${shorten(base.name, nameLength)} has to be built on it. `
  return {
    command: fromLine(next.branch),
    text:
      `Fixes ${count(fixes, 'finding')}: Alpine ${next.branch} gets fixes until ${next.endOfLife}. ${other}` +
      'All packages change with it, so scan the new image.',
    fixes,
    atMost: false,
  }
}

/**
 * A patch release holds the fixes published before it, of the packages of the base image. How many of those that there
 * are now is not recorded: it is at most what the newest versions fix.
 */
export function newBaseAdvice(situation: Situation): Advice | null {
  const {facts, base, isAlpineBase} = situation
  const {release, alpine, today} = facts
  if (release === null || alpine === null || isEndOfLife(alpine, today)) return null
  if (!isOlderPatch(release.version, alpine.latest)) return null
  const fixes = situation.removedBy(situation.upgraded(one => situation.isOfBase(one)))
  if (fixes === 0) return null
  const why = `${alpine.latest} is the newest ${alpine.branch}, this is ${release.version}.`
  const atMost = `Fixes up to ${count(fixes, 'finding')}:`
  if (isAlpineBase) {
    const text = `${atMost} ${why} It brings what was fixed before it came out.`
    return {command: fromLine(alpine.latest), text, fixes, atMost: true}
  }
  const name = shorten(base?.name ?? '', nameLength)
  const pinned = base?.name.includes('@') === true ? ' Its digest in FROM has to change for that.' : ''
  const text = `${atMost} ${why} A newer build of ${name} brings what was fixed before it was made.${pinned}`
  return {command: 'docker build --pull .', text, fixes, atMost: true}
}
