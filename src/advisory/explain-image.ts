import type {Ground} from '../model/advisory.js'
import {
  type AnswerStatus,
  answerStatuses,
  type BranchFix,
  type ImageAnswer,
  type OriginAnswer,
} from '../model/answer.js'
import {limits} from '../model/limits.js'
import type {InstalledPackage} from '../model/package.js'
import type {Finding, Report} from '../model/report.js'
import {isVirtual, originOf} from './by-origin.js'
import type {AdvisoryDatabase} from './database.js'
import {type Explanation, explainVulnerability} from './explain.js'
import {heldAgain} from './held.js'
import {isAdvisoryID} from './ids.js'
import {groundsFor, type Held} from './match.js'

/**
 * Says of every vulnerability that goes by a name why it is or is not reported for the image of a report. A name that
 * could be that of a vulnerability, and that no branch knows, gets an answer too.
 * @returns nothing for what is no name of a vulnerability
 */
export function explainForImage(report: Report, database: AdvisoryDatabase, name: string): ImageAnswer[] {
  const known = explainVulnerability(database, name)
  if (known.length === 0) {
    const id = name.trim()
    if (!isAdvisoryID(id)) return []
    return [{id, aliases: [], status: 'unknown', rating: database.rate(id.toUpperCase()), similar: [], origins: []}]
  }
  const held = heldAgain(report.database, report.packages, database)
  return known.map(one => answerOf(one, report, held))
}

function answerOf({id, aliases, rating, branches}: Explanation, report: Report, held: readonly Held[]): ImageAnswer {
  const named = new Map<string, BranchFix[]>()
  for (const {branch, origins} of branches.toReversed()) {
    for (const fix of origins) named.set(fix.origin, [...(named.get(fix.origin) ?? []), {branch, ...fix}])
  }
  const origins = [...named].map(([origin, fixes]): OriginAnswer => {
    const packages = report.packages.filter(one => !isVirtual(one) && originOf(one) === origin)
    const isThis = (finding: Finding) => finding.rule === id && finding.origin === origin
    const finding = [...report.findings, ...report.suppressed].find(isThis) ?? null
    const grounds = finding?.grounds ?? groundsFor(held, origin, id)
    const asked = new Set(held.map(({advisories}) => advisories.branch))
    return {
      origin,
      status: statusOf(finding, packages, grounds, held),
      packages: packages.slice(0, limits.packagesPerFinding),
      grounds,
      elsewhere: fixes.filter(({branch}) => !asked.has(branch)),
      finding,
    }
  })
  origins.sort((a, b) => rank(a.status) - rank(b.status))
  return {id, aliases, status: origins[0]?.status ?? 'unknown', rating, similar: [], origins}
}

function statusOf(
  finding: Finding | null,
  packages: readonly InstalledPackage[],
  grounds: readonly Ground[],
  held: readonly Held[],
): OriginAnswer['status'] {
  if (finding !== null) return finding.suppressed === null ? 'reported' : 'silenced'
  if (packages.length === 0) return 'not-installed'
  if (held.length === 0 || packages.length > limits.packagesPerOrigin) return 'unchecked'
  if (grounds.length === 0) return 'unnamed'
  return grounds.some(({fixVersions}) => fixVersions.length > 0) ? 'fixed' : 'not-affected'
}

function rank(status: AnswerStatus): number {
  return answerStatuses.indexOf(status)
}
