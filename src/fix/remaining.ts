import type {FixRemainder} from '../model/fix.js'
import {groupBy} from '../model/group.js'
import type {Finding} from '../model/report.js'
import {compareText} from '../model/text.js'
import {vulnerabilityKey} from '../model/upgrades.js'
import type {FixQuestion} from './question.js'

/** The vulnerabilities of packages that an image has. */
export interface OpenFindings {
  readonly findings: readonly Finding[]
  readonly keys: ReadonlySet<string>
  /** How many of them are gone, where these are left. */
  closedBy(left: ReadonlySet<string>): number
}

export function openNow({findings}: Pick<FixQuestion, 'findings'>): OpenFindings {
  const open = findings.filter(({family}) => family === 'vulnerability')
  return {
    findings: open,
    keys: new Set(open.map(keyOf)),
    closedBy: left => open.filter(finding => !left.has(keyOf(finding))).length,
  }
}

function keyOf({rule, origin}: Finding): string {
  return vulnerabilityKey(rule, origin ?? '')
}

/**
 * What stays, by why.
 * @param left the keys of what stays
 * @param reasons by package, where something of the Dockerfile is the reason
 */
export function remainders(
  {facts, upgrades}: FixQuestion,
  {findings}: OpenFindings,
  left: ReadonlySet<string>,
  reasons: ReadonlyMap<string, string>,
): readonly FixRemainder[] {
  const packages = new Map(
    facts.matches.map(match => [
      vulnerabilityKey(match.fix.id, match.fix.origin),
      match.packages.map(({name}) => name),
    ]),
  )
  const nothing =
    upgrades.indexDate === null
      ? 'no version with the fix is known'
      : `the package index of ${upgrades.indexDate} has no version with the fix`
  const namesOf = (finding: Finding) => packages.get(keyOf(finding)) ?? finding.packages.map(({name}) => name)
  const reasonOf = (finding: Finding) =>
    namesOf(finding)
      .map(name => reasons.get(name))
      .find(reason => reason !== undefined)
  const groups = groupBy(
    findings.filter(finding => left.has(keyOf(finding))),
    finding => reasonOf(finding) ?? nothing,
  )
  return [...groups]
    .map(([reason, group]) => ({
      reason,
      findings: group.length,
      packages: [...new Set(group.flatMap(namesOf))].sort(compareText),
    }))
    .sort((a, b) => b.findings - a.findings || compareText(a.reason, b.reason))
}
