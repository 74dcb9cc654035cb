import {availableParallelism} from 'node:os'
import {PitonError, SourceError, UsageError} from '../model/errors.js'
import type {Reporter} from '../model/report.js'
import {count, visible} from '../model/text.js'
import {type FailOn, failsOn} from '../policy/index.js'
import {joiners, type Part} from '../report/several/index.js'
import {countBySeverity} from '../report/summary.js'
import {type ScanOptions, scan} from '../scan.js'
import {mapConcurrent} from '../source/concurrent.js'
import {openCache} from './cache.js'
import {shownOf} from './decision-flags.js'
import {describe, exitCodes} from './errors.js'
import {interruption} from './interrupt.js'
import {Outputs} from './outputs.js'
import {ProgressOfSeveral} from './progress-of-several.js'
import type {ScanFlags} from './scan.js'
import {type Decided, scanOptions} from './scan-and-write.js'
import {standardInput} from './standard-input.js'
import {readTargets} from './target-list.js'

/** More than this on one thread only takes memory. */
const mostJobs = 4
/** Lines of one kind on standard error before the rest is only counted. */
const linesShown = 20

/** The flags, with what fails as it is understood. */
type SeveralFlags = Omit<ScanFlags, 'failOn'> & {readonly failOn: FailOn}

/** One target: its part of each report, and what it means for the exit code. */
interface Outcome {
  readonly parts: readonly Part[]
  readonly code: number
  /** For standard error: why it failed, or what else there is to say. */
  readonly errors: readonly string[]
  readonly notes: readonly string[]
}

/**
 * `piton scan --from`: scans every target of a list, and writes one report for all. One that fails does not stop the
 * others, and makes the exit code 2.
 */
export async function scanSeveral(
  from: string,
  flags: SeveralFlags,
  decided: Decided,
  formats: ReadonlyMap<string, Reporter>,
): Promise<number> {
  refuseSingleFormats(flags.outputs, formats)
  const interrupted = interruption()
  const cache = flags.cache ? openCache(flags.debug) : null
  const options = {...scanOptions(flags, decided), cache, signal: interrupted.signal}
  const {targets, isFolder} = await readTargets(from, standardInput)
  const joined = new Map([...formats].filter(([name]) => joiners.has(name)))
  const outputs = new Outputs(flags.outputs, joined, shownOf(flags))
  const progress = new ProgressOfSeveral(process.stderr, flags.progress, targets.length)
  try {
    refuseTooMany(outputs, targets.length)
    const jobs = flags.jobs ?? Math.min(mostJobs, availableParallelism())
    const outcomes = await mapConcurrent(targets, jobs, async target => {
      const done = progress.begin(target)
      const outcome = await scanOne({target, isFolder, options, flags, outputs, on: done.on})
      done.end()
      return outcome
    })
    progress.clear()
    refuseNothing(outcomes, from)
    outputs.writeTexts(
      outputs.media.map(({format, options}, index) => {
        const parts = outcomes.map(outcome => outcome.parts[index] as Part)
        return joiners.get(format)?.join(parts, options) ?? ''
      }),
    )
    printLines(outcomes.flatMap(({errors}) => errors))
    if (!flags.quiet) printLines(outcomes.flatMap(({notes}) => notes))
    return exitCodeOf(outcomes.map(({code}) => code))
  } finally {
    progress.clear()
    outputs.discard()
    cache?.close()
    interrupted.release()
  }
}

interface Work {
  readonly target: string
  readonly isFolder: boolean
  readonly options: ScanOptions
  readonly flags: SeveralFlags
  readonly outputs: Outputs<Parameters<Reporter['render']>[0]>
  readonly on: Parameters<typeof scan>[2]
}

async function scanOne({target, isFolder, options, flags, outputs, on}: Work): Promise<Outcome> {
  try {
    const {report, remaining} = await scan(target, options, on)
    const counts = countBySeverity(report.findings)
    const texts = await outputs.render(report)
    const isStrict = flags.strict && report.warnings.length > 0
    const strict = `${count(report.warnings.length, 'warning')}, and --strict makes that a failure.`
    const notes = [...outputs.notes(report), ...(isStrict ? [strict] : [])]
    return {
      parts: texts.map(text => ({kind: 'scanned', target, text, counts, complete: report.complete})),
      code: isStrict ? exitCodes.failed : failsOn(remaining, flags.failOn) ? exitCodes.findings : exitCodes.done,
      errors: [],
      notes: notes.map(note => about(target, note)),
    }
  } catch (error) {
    const parts = (part: Part) => outputs.media.map(() => part)
    const message = error instanceof Error ? error.message : String(error)
    if (isFolder && error instanceof SourceError && error.code === 'SOURCE_UNKNOWN') {
      return {
        parts: parts({kind: 'passed over', target, message}),
        code: flags.strict ? exitCodes.failed : exitCodes.done,
        errors: [],
        notes: [`${visible(message)}: passed over`],
      }
    }
    const {code, hint = null} = error instanceof PitonError ? error : {code: null}
    return {
      parts: parts({kind: 'failed', target, code, message, hint}),
      code: exitCodes.failed,
      errors: [about(target, describe(error))],
      notes: [],
    }
  }
}

/** A line about one target, which most sentences name themselves. */
function about(target: string, text: string): string {
  const name = visible(target)
  return text.includes(name) ? text : `${name}: ${text}`
}

/** A report about one target says so; its format has no place for two. */
function refuseSingleFormats(wanted: readonly string[], formats: ReadonlyMap<string, Reporter>): void {
  const name = wanted.map(text => text.split('=', 1)[0] ?? '').find(name => formats.has(name) && !joiners.has(name))
  if (name === undefined) return
  throw new UsageError('USAGE', `-o ${name} is about one target, and --from names several`, {
    hint: `With --from there are ${[...joiners.keys()].join(', ')}; for ${name} scan one target at a time.`,
  })
}

function refuseTooMany(outputs: Outputs<never>, targets: number): void {
  for (const {format} of outputs.media) {
    const most = joiners.get(format)?.most ?? Number.POSITIVE_INFINITY
    if (targets <= most) continue
    throw new UsageError('USAGE', `a ${format} report takes ${most} targets, and --from names ${targets}`, {
      hint: `Make several lists of it, or write it for each target: piton scan TARGET -o ${format}=FILE`,
    })
  }
}

/** "Nothing found" must never mean "nothing looked at". */
function refuseNothing(outcomes: readonly Outcome[], from: string): void {
  if (outcomes.some(({parts}) => parts.some(({kind}) => kind !== 'passed over'))) return
  throw new SourceError('SOURCE_EMPTY', `none of ${count(outcomes.length, 'file')} in ${from} is an image`, {
    hint: 'piton opens saved images, OCI layouts, root file systems in tarballs, packages and ELF files.',
  })
}

/** What could not be done counts more than what was found. */
function exitCodeOf(codes: readonly number[]): number {
  if (codes.includes(exitCodes.failed)) return exitCodes.failed
  return codes.includes(exitCodes.findings) ? exitCodes.findings : exitCodes.done
}

function printLines(lines: readonly string[]): void {
  const left = lines.length - linesShown
  const shown = [
    ...lines.slice(0, linesShown),
    ...(left > 0 ? [`and ${count(left, 'more like it', 'more like it')}`] : []),
  ]
  process.stderr.write(shown.map(line => `piton: ${line}\n`).join(''))
}
