import {BaselineError, VexError} from '../policy/error.js'
import type {Policy, VexSettings} from '../policy/index.js'
import type {Judge} from '../policy/judge.js'
import {policyLimits} from '../policy/limits.js'
import type {DecisionOptions} from './decision-flags.js'
import {readPolicyFile} from './policy-file.js'

/** What stands in for a file: the registry that the image is in. A file of that name is `./from-registry`. */
const fromRegistry = 'from-registry'

/**
 * What a configuration, VEX documents and a baseline come to. What nobody gave is not even loaded.
 * @param baseline the file of an earlier report
 */
export async function decisions(
  {config, vex}: DecisionOptions,
  baseline?: string,
): Promise<Pick<Policy, 'off' | 'severities' | 'judges' | 'vex' | 'baseline'>> {
  const judges: Judge[] = []
  if (config !== null && config.ignore.length > 0) {
    const {ignoreJudge} = await import('../policy/ignore.js')
    judges.push(ignoreJudge(config.ignore))
  }
  return {
    ...(config !== null && {off: config.off, severities: config.severities}),
    judges,
    vex: await vexSettings(vex),
    baseline: baseline === undefined || baseline === '' ? null : await baselineOf(baseline),
  }
}

async function vexSettings(vex: readonly string[]): Promise<VexSettings | null> {
  if (vex.length === 0) return null
  const {vexDocuments} = await import('../policy/vex/index.js')
  const files = vex.filter(name => name !== fromRegistry)
  const documents = files.flatMap(file => vexDocuments(readVex(file), file))
  return {documents, fromRegistry: files.length < vex.length}
}

async function baselineOf(file: string): Promise<Judge> {
  const [{baselineJudge}, {readEarlierReport}] = await Promise.all([
    import('../policy/baseline.js'),
    import('../policy/earlier-report.js'),
  ])
  return baselineJudge(readEarlierReport(readReport(file), file))
}

/** @throws {VexError} VEX_UNREADABLE */
function readVex(file: string): Uint8Array {
  return readPolicyFile(file, policyLimits.vexBytes, (message, details) => {
    return new VexError('VEX_UNREADABLE', message, details)
  })
}

/** @throws {BaselineError} BASELINE_UNREADABLE */
export function readReport(file: string): Uint8Array {
  return readPolicyFile(file, policyLimits.reportBytes, (message, details) => {
    return new BaselineError('BASELINE_UNREADABLE', message, details)
  })
}
