import type {Facts} from '../model/facts.js'
import type {Warning} from '../model/warning.js'

/** Says where no package could be held against advisories: then "no vulnerabilities" means nothing. */
export function coverageWarnings({release, packages, databasePath, database}: Facts): Warning[] {
  if (database?.branch != null) {
    return databasePath !== null || packages.length > 0
      ? []
      : [unchecked(`${release?.prettyName ?? 'the target'} has no apk package database`)]
  }
  if (release?.branch != null) {
    return [
      unchecked(`the advisory database of ${database?.date ?? 'no date'} has nothing for Alpine ${release.branch}`),
    ]
  }
  if (release?.id === 'alpine')
    return [unchecked(`the release ${JSON.stringify(release.version)} of Alpine is no branch that piton knows`)]
  if (release === null && databasePath === null && packages.length > 0)
    return [unchecked('an .apk file does not say which release of Alpine it is for (--alpine RELEASE does)')]
  if (packages.length > 0 || release !== null) {
    return [
      unchecked(`there are no advisories for ${release?.prettyName || release?.id || 'a system without os-release'}`),
    ]
  }
  return []
}

function unchecked(why: string): Warning {
  return {code: 'ADVISORIES_NONE', message: `packages were not checked for vulnerabilities: ${why}`, hides: true}
}
