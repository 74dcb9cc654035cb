import {UsageError} from '../model/errors.js'
import {type CheckName, checks} from '../model/rule.js'
import type {Severity} from '../model/severity.js'
import type {Warning} from '../model/warning.js'
import {checkOf, chosenChecks, type Policy} from '../policy/index.js'
import {rules} from '../rules/index.js'
import {libcTables} from './database.js'
import type {DatabaseOptions} from './database-flags.js'
import type {BaselineOptions, DecisionOptions} from './decision-flags.js'
import {decisions} from './decisions.js'
import {placementOf} from './placement.js'
import type {PlacementOptions} from './placement-flags.js'
import {prepareDatabase} from './prepare-database.js'
import {knownBranch} from './release.js'
import type {Decided} from './scan-and-write.js'
import type {TargetOptions} from './target-flags.js'

/** What decides what a scan looks for, and what counts of it. */
export interface ScanDecisions
  extends PlacementOptions,
    DecisionOptions,
    BaselineOptions,
    DatabaseOptions,
    Pick<TargetOptions, 'offline' | 'at' | 'progress' | 'quiet'> {
  readonly severity: Severity
  readonly checks: readonly CheckName[]
  readonly skip: readonly CheckName[]
  /** Compare files with the checksums of their packages, besides the other checks. */
  readonly integrity: boolean
  /** The release of a target that does not say its own. */
  readonly alpine: string | undefined
  /** The program's folder, which holds `data/`. */
  readonly root: string
}

/** What the flags come to, before any target is looked at. */
export async function decideScan(flags: ScanDecisions): Promise<Decided> {
  const {severity, skip, only} = flags
  const policy: Policy = {
    severity,
    only,
    checks: flags.checks,
    skip,
    also: flags.integrity ? ['integrity'] : [],
    ...(await decisions(flags, flags.baseline)),
  }
  refuseUnknownChecks(flags.checks)
  if (chosenChecks(policy).size === 0) {
    throw new UsageError('USAGE', '--check and --skip leave nothing to check', {
      hint: `Checks: ${Object.keys(checks).join(', ')}.`,
    })
  }
  const warnings: Warning[] = [...flags.settingWarnings]
  const prepared = await prepareDatabase(flags, flags.root, warning => warnings.push(warning))
  const libc = libcTables(flags.root)
  const assumedBranch = flags.alpine === undefined ? null : knownBranch(flags.alpine, prepared.database.releases)
  return {...prepared, libc, policy, warnings, assumedBranch, ...placementOf(flags)}
}

/** A check that no rule belongs to would find nothing, and look like a pass. */
function refuseUnknownChecks(asked: readonly CheckName[]): void {
  for (const name of asked) {
    if (!rules.some(rule => checkOf(rule) === name)) {
      throw new UsageError('USAGE', `this version of piton has no rules for --check ${name}`, {
        hint: 'See piton rules.',
      })
    }
  }
}
