import {type CheckName, checks} from '../model/rule.js'
import {cyclonedx} from '../report/cyclonedx.js'
import {spdx} from '../report/spdx.js'
import {exitCodes} from './errors.js'
import {failsStrict, scanAndWrite} from './scan-and-write.js'
import type {TargetOptions} from './target-flags.js'

const billsOfMaterials = new Map([cyclonedx, spdx].map(reporter => [reporter.name, reporter]))

/** `piton sbom`: lists the packages, and says which exit code that makes. Nothing is checked: `piton scan` does. */
export async function runSbom(target: string, flags: TargetOptions): Promise<number> {
  const policy = {skip: Object.keys(checks) as CheckName[]}
  const result = await scanAndWrite(target, flags, {database: null, policy}, billsOfMaterials)
  return failsStrict(result, flags) ? exitCodes.failed : exitCodes.done
}
