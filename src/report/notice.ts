import {isAlpineBranch} from '../model/derivatives.js'
import type {Report} from '../model/report.js'

/**
 * What the absence of findings means, in sentences that stand in every report: the secdb lists fixes only, how old its
 * copy is, and whether the release still gets any. piton never says "not vulnerable".
 */
export function noticeOf(report: Report): readonly string[] {
  if (report.notice !== undefined) return report.notice
  const sentences = [checked(report), support(report), signature(report)]
  if (!report.complete) {
    sentences.push('The scan is incomplete: what it could not look at, named in the warnings, may hold more findings.')
  }
  return sentences.filter(sentence => sentence !== null)
}

function checked({target, database, release, packages}: Report): string | null {
  if (target.kind === 'elf')
    return 'Only the file itself was looked at: advisories are about packages, and it names none.'
  if (packages.length === 0) return 'No apk package was found, so none was checked for vulnerabilities.'
  if (database === null) return 'Packages were not checked for vulnerabilities: no advisory database was used.'
  if (database.branch === null) {
    if (target.kind === 'apk') {
      return 'The package was not checked for vulnerabilities: it does not say which release of Alpine it is for.'
    }
    const system = release?.branch ? `Alpine ${release.branch}` : release?.prettyName || release?.id || 'this system'
    return (
      'Packages were not checked for vulnerabilities: ' +
      `the advisory database of ${database.date} has nothing for ${system}.`
    )
  }
  const publisher = isAlpineBranch(database.branch) ? 'Alpine' : release?.prettyName || database.branch
  return (
    `Advisories for ${database.branch} are of ${database.date}. They list fixes only: ` +
    `a vulnerability that ${publisher} has not fixed is not among the findings.`
  )
}

function signature({target}: Report): string | null {
  return target.kind === 'apk'
    ? 'The signature of the package was not checked: apk does that when it installs it.'
    : null
}

/** Of Alpine alone: nobody told piton how long others are kept up. */
function support({release, today}: Report): string | null {
  if (!release?.branch) return null
  const name = release.branch === 'edge' ? 'edge' : `Alpine ${release.branch}`
  if (release.branch === 'edge') return `${name} has no end of life: fixes come with its newest packages.`
  if (release.endOfLife === null) return `How long ${name} gets fixes is not known here.`
  return today > release.endOfLife
    ? `${name} has had no fixes since ${release.endOfLife}: what was found later is missing here.`
    : `${name} gets fixes until ${release.endOfLife}${community(release.communityEnd)}.`
}

/** Alpine keeps up community until the next release, and only main to the end. */
function community(end: string | null): string {
  return end === null
    ? ''
    : `, but its community repository was kept up only until ${end}, when the next release came out`
}
