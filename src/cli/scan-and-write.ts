import {parseDay} from '../model/day.js'
import type {Reporter} from '../model/report.js'
import {count} from '../model/text.js'
import {reporters} from '../report/index.js'
import {type ScanOptions, type ScanResult, scan} from '../scan.js'
import {parsePlatform} from '../source/platform.js'
import {openCache} from './cache.js'
import {interruption} from './interrupt.js'
import {Outputs, type Shown} from './outputs.js'
import {Progress} from './progress.js'
import {standardInput} from './standard-input.js'
import type {TargetOptions} from './target-flags.js'
import {today} from './today.js'
import {allowAgain} from './watched.js'

/** What a command decides for itself. */
export type Decided = Pick<
  ScanOptions,
  | 'database'
  | 'maxDatabaseAge'
  | 'libc'
  | 'policy'
  | 'warnings'
  | 'move'
  | 'assumedBranch'
  | 'dockerfile'
  | 'fallbackLocation'
>

/** Scans, with progress on a terminal, and writes the reports that were asked for. */
export async function scanAndWrite(
  target: string,
  flags: TargetOptions,
  decided: Decided,
  formats: ReadonlyMap<string, Reporter> = reporters,
  shown: Shown = {},
): Promise<ScanResult> {
  // Who does not want the cache, or wants all read and explained, wants it every time.
  if (flags.cache && !flags.verify && !flags.debug) allowAgain()
  const interrupted = interruption()
  const options = {...scanOptions(flags, decided), signal: interrupted.signal}
  const outputs = new Outputs(flags.outputs, formats, shown)
  const progress = new Progress(process.stderr, flags.progress)
  const cache = flags.cache ? openCache(flags.debug) : null
  try {
    const result = await scan(target, {...options, cache}, progress.on)
    progress.clear()
    await outputs.write(result.report)
    if (!flags.quiet) for (const note of outputs.notes(result.report)) process.stderr.write(`piton: ${note}\n`)
    return result
  } finally {
    progress.clear()
    outputs.discard()
    cache?.close()
    interrupted.release()
  }
}

/** What the flags and a command's own decisions ask of a scan. */
export function scanOptions(flags: TargetOptions, decided: Decided): ScanOptions {
  const {verify, offline, allowEmpty, insecureRegistries: insecure} = flags
  return {
    ...decided,
    platform: flags.platform === undefined ? null : parsePlatform(flags.platform),
    verify,
    offline,
    registry: {insecure},
    allowEmpty,
    today: flags.at === undefined ? today() : parseDay(flags.at, '--at'),
    input: standardInput,
  }
}

/** Does `--strict` make a failure of this scan? Says so, unless it is to be quiet. */
export function failsStrict({report}: ScanResult, flags: TargetOptions): boolean {
  return failsStrictly(report.warnings.length, flags)
}

/** As {@link failsStrict}, for so many warnings. */
export function failsStrictly(warnings: number, {strict, quiet}: TargetOptions): boolean {
  if (!strict || warnings === 0) return false
  if (!quiet) process.stderr.write(`piton: ${count(warnings, 'warning')}, and --strict makes that a failure.\n`)
  return true
}
