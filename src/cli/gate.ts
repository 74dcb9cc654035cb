import type {Finding} from '../model/report.js'
import {count, shorten, visible} from '../model/text.js'
import {type FailOn, failing} from '../policy/index.js'
import type {ScanResult} from '../scan.js'
import {exitCodes} from './errors.js'
import {failsStrict} from './scan-and-write.js'
import type {TargetOptions} from './target-flags.js'

/** Findings that are named before the rest is only counted. */
const namesShown = 3
const nameLength = 100

/** The exit code of a scan; on standard error stands why it is not 0, unless it is to be quiet. */
export function gate(result: ScanResult, flags: TargetOptions, failOn: FailOn, asked: string): number {
  if (failsStrict(result, flags)) return exitCodes.failed
  const failed = failing(result.remaining, failOn)
  if (failed.length === 0) return exitCodes.done
  if (flags.quiet) return exitCodes.findings
  for (const text of [failureText(failed, asked), ...endedDecisions(result)]) process.stderr.write(`piton: ${text}\n`)
  return exitCodes.findings
}

/** Decisions that are over: what they were about may be why it fails, and a log has nothing else. */
function endedDecisions({report}: ScanResult): readonly string[] {
  const ended = report.warnings.filter(({code}) => code === 'IGNORE_EXPIRED')
  return ended.slice(0, namesShown).map(({message}) => visible(`warning: ${message}`))
}

/** `--fail-on high: 3 findings fail it: CVE-2024-6119 in openssl (high), … and 1 more.` */
export function failureText(failed: readonly Finding[], asked: string, noun = 'finding'): string {
  const names = failed.slice(0, namesShown).map(nameOf)
  const left = failed.length - names.length
  const list = `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
  const verb = failed.length === 1 ? 'fails' : 'fail'
  return visible(`--fail-on ${asked}: ${count(failed.length, noun)} ${verb} it: ${list}.`)
}

function nameOf({rule, family, origin, path, severity}: Finding): string {
  const where = family === 'vulnerability' ? origin : path
  return `${shorten(rule, nameLength)}${where ? ` in ${shorten(where, nameLength)}` : ''} (${severity})`
}
