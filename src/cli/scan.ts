import {UsageError} from '../model/errors.js'
import {type CheckName, checks} from '../model/rule.js'
import type {Severity} from '../model/severity.js'
import type {Warning} from '../model/warning.js'
import {checkOf, chosenChecks, type Policy, parseFailOn} from '../policy/index.js'
import {rules} from '../rules/index.js'
import {chooseDatabase, libcTables} from './database.js'
import {type BaselineOptions, type DecisionOptions, shownOf} from './decision-flags.js'
import {decisions} from './decisions.js'
import {gate} from './gate.js'
import {formatsFor, placementOf} from './placement.js'
import type {PlacementOptions} from './placement-flags.js'
import {knownBranch} from './release.js'
import {type Decided, scanAndWrite} from './scan-and-write.js'
import type {ScanUpload} from './scan-upload.js'
import type {TargetOptions} from './target-flags.js'

export interface ScanFlags extends TargetOptions, PlacementOptions, DecisionOptions, BaselineOptions {
  /** As it was typed. */
  readonly failOn: string
  readonly severity: Severity
  readonly checks: readonly CheckName[]
  readonly skip: readonly CheckName[]
  /** Compare files with the checksums of their packages, besides the other checks. */
  readonly integrity: boolean
  /** The release of a target that does not say its own. */
  readonly alpine: string | undefined
  readonly database: string | undefined
  /** Send what was found to GitHub code scanning; null: no. */
  readonly upload: ScanUpload | null
  /** A list of targets, or a folder of them, instead of one. */
  readonly from: string | undefined
  /** Targets that are scanned at the same time. */
  readonly jobs: number | undefined
  /** The program's folder, which holds `data/`. */
  readonly root: string
}

/** `piton scan`: scans, writes the reports, and says which exit code that makes. */
export async function runScan(target: string | undefined, flags: ScanFlags): Promise<number> {
  const failOn = parseFailOn(flags.failOn)
  const decided = await decide(flags)
  const formats = formatsFor(flags.sarifProfile)
  if (flags.from !== undefined) {
    if (target !== undefined) throw oneOrSeveral('--from and a target cannot both be given')
    if (flags.upload !== null) {
      throw new UsageError('USAGE', '--upload sends the result of one target, and --from names several', {
        hint: 'Write the SARIF of all to a file (-o sarif=all.sarif) and send it: piton upload all.sarif.',
      })
    }
    const {scanSeveral} = await import('./scan-several.js')
    return scanSeveral(flags.from, {...flags, failOn}, decided, formats)
  }
  if (target === undefined) throw oneOrSeveral('there is no target')
  const upload = flags.upload === null ? null : await uploader(flags.upload, flags)
  const result = await scanAndWrite(target, flags, decided, formats, shownOf(flags))
  await upload?.(result.report)
  return gate(result, flags, failOn, flags.failOn)
}

function oneOrSeveral(message: string): UsageError {
  return new UsageError('USAGE', message, {
    hint: 'Write piton scan TARGET for one, or piton scan --from FILE for those that a file lists.',
  })
}

/** What the flags come to, before any target is looked at. */
async function decide(flags: ScanFlags): Promise<Decided> {
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
  const database = chooseDatabase(flags.database, flags.root, warning => warnings.push(warning))
  const libc = libcTables(flags.root)
  const assumedBranch = flags.alpine === undefined ? null : knownBranch(flags.alpine, database.releases)
  return {database, libc, policy, warnings, assumedBranch, ...placementOf(flags)}
}

async function uploader(upload: ScanUpload, flags: ScanFlags) {
  const {prepareScanUpload} = await import('./scan-upload.js')
  return prepareScanUpload(upload, flags)
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
