import {UsageError} from '../model/errors.js'
import {type CheckName, checks} from '../model/rule.js'
import type {Severity, Threshold} from '../model/severity.js'
import {count} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {checkOf, chosenChecks, failsOn, type Policy} from '../policy/index.js'
import {reporters} from '../report/index.js'
import {rules} from '../rules/index.js'
import {scan} from '../scan.js'
import {parsePlatform} from '../source/platform.js'
import {chooseDatabase, libcTables} from './database.js'
import {exitCodes} from './errors.js'
import {Outputs} from './outputs.js'
import {Progress} from './progress.js'
import {parseDay, today} from './today.js'

export interface ScanFlags {
  readonly outputs: readonly string[]
  readonly failOn: Threshold
  readonly severity: Severity
  readonly checks: readonly CheckName[]
  readonly skip: readonly CheckName[]
  /** Compare files with the checksums of their packages, besides the other checks. */
  readonly integrity: boolean
  readonly platform: string | undefined
  readonly verify: boolean
  readonly database: string | undefined
  readonly strict: boolean
  readonly allowEmpty: boolean
  readonly at: string | undefined
  readonly progress: boolean
  readonly quiet: boolean
  /** The program's folder, which holds `data/`. */
  readonly root: string
}

/** `piton scan`: scans, writes the reports, and says which exit code that makes. */
export async function runScan(target: string, flags: ScanFlags): Promise<number> {
  const {severity, skip} = flags
  const policy: Policy = {severity, checks: flags.checks, skip, also: flags.integrity ? ['integrity'] : []}
  refuseUnknownChecks(flags.checks)
  if (chosenChecks(policy).size === 0) {
    throw new UsageError('USAGE', '--check and --skip leave nothing to check', {
      hint: `Checks: ${Object.keys(checks).join(', ')}.`,
    })
  }
  const platform = flags.platform === undefined ? null : parsePlatform(flags.platform)
  const day = flags.at === undefined ? today() : parseDay(flags.at)
  const early: Warning[] = []
  const database = chooseDatabase(flags.database, flags.root, warning => early.push(warning))
  const outputs = new Outputs(flags.outputs, reporters)
  const progress = new Progress(process.stderr, flags.progress)
  try {
    const options = {
      platform,
      verify: flags.verify,
      database,
      libc: libcTables(flags.root),
      policy,
      allowEmpty: flags.allowEmpty,
      today: day,
      warnings: early,
    }
    const {report, remaining} = await scan(target, options, progress.on)
    progress.clear()
    await outputs.write(report)
    if (flags.strict && report.warnings.length > 0) {
      if (!flags.quiet)
        process.stderr.write(`piton: ${count(report.warnings.length, 'warning')}, and --strict makes that a failure.\n`)
      return exitCodes.failed
    }
    return failsOn(remaining, flags.failOn) ? exitCodes.findings : exitCodes.done
  } finally {
    progress.clear()
    outputs.discard()
  }
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
