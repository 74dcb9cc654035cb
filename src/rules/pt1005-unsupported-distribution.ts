import {hasOwnFeed, isAlpineBranch} from '../model/derivatives.js'
import type {Facts} from '../model/facts.js'
import type {Remedy, Rule} from '../model/rule.js'
import {name, quote} from './words.js'

export const unsupportedDistribution: Rule = {
  id: 'PT1005',
  name: 'UnsupportedDistribution',
  title: 'There are no advisories for this distribution',
  severity: 'note',
  family: 'image',
  help: {
    why:
      "piton knows Alpine's advisories. They say nothing about other distributions, also where those use apk: " +
      'the same version number may be fixed there or not. An empty list of vulnerabilities would mean nothing. Wolfi, ' +
      'Chainguard and MinimOS have feeds of their own, which piton uses where they were fetched.',
    fix: "Check the packages with the distribution's own advisories. The other checks of piton still hold.",
    links: ['https://secdb.alpinelinux.org'],
  },
  *check(facts) {
    const reason = facts.database?.branch ? partlyCovered(facts) : uncovered(facts)
    if (reason === null) return
    yield {
      message: reason,
      evidence: evidenceOf(facts),
      at: {path: facts.release?.path ?? facts.databasePath ?? '', layer: null},
      fix: remedyOf(facts.release?.id ?? ''),
      identity: [],
    }
  },
}

/** A system that takes packages from Alpine, and has some of its own. */
function partlyCovered({release, database}: Facts): string | null {
  if (!release || release.id === 'alpine' || !database?.branch || !isAlpineBranch(database.branch)) return null
  const system = quote(release.prettyName || release.id)
  return (
    `${system} takes packages from Alpine ${quote(database.branch)}: all were held against its advisories. ` +
    `There are no advisories for those that ${system} builds itself.`
  )
}

function uncovered(facts: Facts): string | null {
  const reason = reasonOf(facts)
  return reason && `${reason} No package was checked for vulnerabilities.`
}

function remedyOf(id: string): Remedy {
  if (hasOwnFeed(id)) {
    return {text: `Fetch its own advisories, and scan again.`, command: `piton db update --only ${id}`}
  }
  return {text: 'Check the packages with the advisories of the distribution.', command: null}
}

/** Why Alpine's advisories cannot be used; null where they can, or where nothing is there to be checked. */
function reasonOf({release, databasePath}: Facts): string | null {
  if (release === null || release.id === '') {
    if (databasePath === null) return null
    return 'There is an apk database, but no os-release or alpine-release says which distribution it belongs to.'
  }
  if (hasOwnFeed(release.id)) return `The database has no advisories for ${quote(release.prettyName || release.id)}.`
  if (release.id !== 'alpine') return `There are no advisories for ${quote(release.prettyName || release.id)}.`
  if (release.branch !== null) return null
  return `The version of Alpine is ${quote(release.version)}, which names no release branch.`
}

function evidenceOf({release, databasePath}: Facts): string {
  if (release === null) return `${databasePath} without etc/os-release`
  return `${release.path}: ID=${name(release.id)} VERSION_ID=${name(release.version)}`
}
