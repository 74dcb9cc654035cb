import {closeSync, openSync, readSync} from 'node:fs'
import type {Difference, Side} from '../model/difference.js'
import type {Report} from '../model/report.js'
import type {Warning} from '../model/warning.js'
import {diffFindings} from '../policy/diff.js'
import {asReport} from '../policy/earlier-as-report.js'
import {type EarlierReport, readEarlierReport} from '../policy/earlier-report.js'
import {failing, parseFailOn} from '../policy/index.js'
import {diffFormats} from '../report/diff/index.js'
import {rules} from '../rules/index.js'
import {scan} from '../scan.js'
import {statOf} from '../source/file.js'
import {version} from '../version.js'
import {openCache} from './cache.js'
import {decideScan, type ScanDecisions} from './decide-scan.js'
import {shownOf} from './decision-flags.js'
import {readReport} from './decisions.js'
import {exitCodes} from './errors.js'
import {failureText} from './gate.js'
import {interruption} from './interrupt.js'
import {Outputs} from './outputs.js'
import {Progress} from './progress.js'
import {failsStrictly, scanOptions} from './scan-and-write.js'
import type {TargetOptions} from './target-flags.js'

export interface DiffFlags extends TargetOptions, ScanDecisions {
  /** As it was typed. */
  readonly failOn: string
}

/** One of the two, as a report with all of its findings. */
interface Loaded {
  readonly report: Report
  readonly side: Side
  /** Date of the advisories; null where there were none. */
  readonly databaseDate: string | null
}

const noDockerfile = {given: null, find: () => [], target: null}

/** `piton diff OLD NEW`: what the new one adds, fixes and keeps. Only what is new can fail it. */
export async function runDiff(old: string, now: string, flags: DiffFlags): Promise<number> {
  const failOn = parseFailOn(flags.failOn)
  const interrupted = interruption()
  const outputs = new Outputs(flags.outputs, diffFormats, shownOf(flags))
  const progress = new Progress(process.stderr, flags.progress)
  const cache = flags.cache ? openCache(flags.debug) : null
  try {
    const decided = await decideScan(flags)
    const options = {...scanOptions(flags, decided), signal: interrupted.signal, cache}
    const load = async (target: string, isOld: boolean): Promise<Loaded> => {
      if (isReport(target)) return loadReport(readEarlierReport(readReport(target), target), options.today)
      // The Dockerfile at hand is that of the new one.
      const {report} = await scan(target, isOld ? {...options, dockerfile: noDockerfile} : options, progress.on)
      return loadScanned(report)
    }
    const [before, after] = [await load(old, true), await load(now, false)]
    progress.clear()
    const difference = compare(before, after)
    await outputs.write(difference)
    if (failsStrictly(difference.warnings.length, flags)) return exitCodes.failed
    const failed = failing(difference.added, failOn)
    if (failed.length === 0) return exitCodes.done
    if (!flags.quiet) process.stderr.write(`piton: ${failureText(failed, flags.failOn, 'new finding')}\n`)
    return exitCodes.findings
  } finally {
    progress.clear()
    outputs.discard()
    cache?.close()
    interrupted.release()
  }
}

function compare(old: Loaded, now: Loaded): Difference {
  const findingsOf = ({report}: Loaded) => ({
    image: report.target.name,
    findings: [...report.findings, ...report.suppressed],
  })
  const {all, ...lists} = diffFindings(findingsOf(old), findingsOf(now))
  const used = new Set(all.map(({ruleID}) => ruleID))
  return {
    tool: now.report.tool,
    old: old.side,
    new: now.side,
    ...lists,
    warnings: warningsOf(old, now),
    report: {
      ...now.report,
      findings: all.filter(({suppressed}) => suppressed === null),
      suppressed: all.filter(({suppressed}) => suppressed !== null),
      rules: rules.filter(({id}) => used.has(id)),
    },
  }
}

function warningsOf(old: Loaded, now: Loaded): Warning[] {
  const [before, after] = [old.databaseDate, now.databaseDate]
  const dates =
    before === null || after === null || before === after
      ? []
      : [
          {
            code: 'DIFF_DATABASE',
            message: `the advisories of the old one are of ${before}, those of the new one of ${after}: what was published in between looks new or fixed`,
          },
        ]
  const incomplete = [old, now].flatMap(({side, report}, index) => {
    if (side.complete || report.warnings.length > 0) return []
    const which = index === 0 ? 'old' : 'new'
    return [{code: 'DIFF_INCOMPLETE', message: `the scan of the ${which} one, ${side.reference}, was incomplete`}]
  })
  const ofOld = old.report.warnings.map(warning => ({...warning, message: `the old one: ${warning.message}`}))
  return [...dates, ...incomplete, ...now.report.warnings, ...ofOld]
}

function loadScanned(report: Report): Loaded {
  const {target, release, findings, suppressed, complete, database} = report
  const system = release && (release.id === 'alpine' ? `Alpine ${release.version}` : release.prettyName || release.id)
  return {
    report,
    side: {
      reference: target.reference,
      name: target.name,
      platform: target.platform,
      release: system,
      findings: findings.length,
      suppressed: suppressed.length,
      complete,
    },
    databaseDate: database?.date ?? null,
  }
}

function loadReport(earlier: EarlierReport, today: string): Loaded {
  const report = asReport(earlier, {name: 'piton', version}, rules, today)
  const {name, platform, release} = earlier.target
  return {
    report,
    side: {
      reference: earlier.name,
      name,
      platform,
      release,
      findings: report.findings.length,
      suppressed: report.suppressed.length,
      complete: earlier.complete,
    },
    databaseDate: earlier.databaseDate,
  }
}

/** A report begins with a brace, which no archive, and no ELF file, does. */
function isReport(target: string): boolean {
  if (statOf(target)?.isFile() !== true) return false
  const fd = openSync(target, 'r')
  try {
    const head = Buffer.alloc(64)
    const length = readSync(fd, head, 0, head.length, 0)
    return /^\ufeff?\s*\{/.test(head.toString('utf8', 0, length))
  } finally {
    closeSync(fd)
  }
}
