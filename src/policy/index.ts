import type {Finding} from '../model/report.js'
import {type CheckName, checks, type Family, type OptionalCheck, type Rule} from '../model/rule.js'
import {reaches, type Severity, severities} from '../model/severity.js'

import type {Judge} from './judge.js'
import type {SeveritySettings} from './severities.js'
import type {VexDocument} from './vex/statement.js'

export {type FailOn, failing, failsOn, parseFailOn} from './fail-on.js'

/** What the person asked to see. Everything left out means: all of it. */
export interface Policy {
  /** Show what is as bad as this, or worse. */
  readonly severity?: Severity
  /** Only these checks; none: all. */
  readonly checks?: readonly CheckName[]
  /** But not these. */
  readonly skip?: readonly CheckName[]
  /** Only what the base image brought, or only what came on top of it. What cannot be told stays. */
  readonly only?: 'base' | 'own' | null
  /** Checks to run besides those that run unasked. */
  readonly also?: readonly OptionalCheck[]
  /** Ids of rules that are switched off. */
  readonly off?: ReadonlySet<string>
  readonly severities?: SeveritySettings
  /** Who may say that a finding does not count; the first that does is heard. */
  readonly judges?: readonly Judge[]
  /** What is said about vulnerabilities elsewhere; heard after {@link judges}. */
  readonly vex?: VexSettings | null
  /** What was known before; heard last. */
  readonly baseline?: Judge | null
}

/** Statements about what does not concern this image. */
export interface VexSettings {
  readonly documents: readonly VexDocument[]
  /** Read also what the image's registry holds beside it? A target that is in none is an error then. */
  readonly fromRegistry: boolean
}

export interface Judged {
  /** What the chosen checks found, and counts: `--fail-on` looks at these, shown or not. */
  readonly remaining: readonly Finding[]
  readonly shown: readonly Finding[]
  /** What does not count, whatever its severity: each says why. */
  readonly suppressed: readonly Finding[]
  /** How many of the remaining ones `severity` leaves out of the report. */
  readonly hidden: Readonly<Record<Severity, number>>
}

/** Sorts findings into what is shown, what is only counted, and what was not asked for. The order stays. */
export function applyPolicy(findings: readonly Finding[], policy: Policy): Judged {
  const {severity = 'note', only = null} = policy
  const wanted = new Set<Family>([...chosenChecks(policy)].map(name => checks[name]))
  const asked = findings.filter(({family, layer}) => wanted.has(family) && isAskedFor(layer, only))
  const suppressed = asked.filter(finding => finding.suppressed !== null)
  const remaining = asked.filter(finding => finding.suppressed === null)
  const shown = remaining.filter(finding => reaches(finding.severity, severity))
  const hidden = countBySeverity(remaining.filter(finding => !reaches(finding.severity, severity)))
  return {remaining, shown, suppressed, hidden}
}

function isAskedFor(layer: Finding['layer'], only: 'base' | 'own' | null): boolean {
  const base = layer?.base ?? null
  return only === null || base === null || base === (only === 'base')
}

const optional: ReadonlySet<CheckName> = new Set<OptionalCheck>(['integrity'])

/** What `--check`, `--skip` and the like leave to be checked. */
export function chosenChecks({checks: only = [], skip = [], also = []}: Policy): ReadonlySet<CheckName> {
  const unasked = (Object.keys(checks) as CheckName[]).filter(name => !optional.has(name))
  const names = only.length > 0 ? only : unasked
  return new Set([...names, ...also].filter(name => !skip.includes(name)))
}

/** The check that a rule belongs to. */
export function checkOf({family, partOf}: Rule): CheckName | undefined {
  return partOf ?? (Object.keys(checks) as CheckName[]).find(name => checks[name] === family && !optional.has(name))
}

/** The rules that a policy leaves. */
export function chosenRules(rules: readonly Rule[], policy: Policy): readonly Rule[] {
  const chosen = chosenChecks(policy)
  return rules.filter(rule => {
    const check = checkOf(rule)
    return check !== undefined && chosen.has(check) && policy.off?.has(rule.id) !== true
  })
}

function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map(severity => [severity, 0])) as Record<Severity, number>
  for (const {severity} of findings) counts[severity]++
  return counts
}
