import type {Facts} from '../model/facts.js'
import type {Rule} from '../model/rule.js'
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
      'the same version number may be fixed there or not. An empty list of vulnerabilities would mean nothing.',
    fix: "Check the packages with the distribution's own advisories. The other checks of piton still hold.",
    links: ['https://secdb.alpinelinux.org'],
  },
  *check(facts) {
    if (facts.database?.branch) return
    const reason = reasonOf(facts)
    if (reason === null) return
    yield {
      message: `${reason} No package was checked for vulnerabilities.`,
      evidence: evidenceOf(facts),
      at: {path: facts.release?.path ?? facts.databasePath ?? '', layer: null},
      fix: {text: 'Check the packages with the advisories of the distribution.', command: null},
      identity: [],
    }
  },
}

/** Why Alpine's advisories cannot be used; null where they can, or where nothing is there to be checked. */
function reasonOf({release, databasePath}: Facts): string | null {
  if (release === null || release.id === '') {
    if (databasePath === null) return null
    return 'There is an apk database, but no os-release or alpine-release says which distribution it belongs to.'
  }
  if (release.id !== 'alpine') return `There are no advisories for ${quote(release.prettyName || release.id)}.`
  if (release.branch !== null) return null
  return `The version of Alpine is ${quote(release.version)}, which names no release branch.`
}

function evidenceOf({release, databasePath}: Facts): string {
  if (release === null) return `${databasePath} without etc/os-release`
  return `${release.path}: ID=${name(release.id)} VERSION_ID=${name(release.version)}`
}
