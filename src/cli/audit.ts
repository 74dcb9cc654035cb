import type {AlpineRelease} from '../model/advisory.js'
import {UsageError} from '../model/errors.js'
import type {Warning} from '../model/warning.js'
import {parseFailOn} from '../policy/index.js'
import {auditTable} from '../report/audit-table.js'
import {libcTables} from './database.js'
import type {DatabaseOptions} from './database-flags.js'
import {type BaselineOptions, type DecisionOptions, shownOf} from './decision-flags.js'
import {decisions} from './decisions.js'
import {gate} from './gate.js'
import {formatsFor, placementOf} from './placement.js'
import type {PlacementOptions} from './placement-flags.js'
import {prepareDatabase} from './prepare-database.js'
import {branchName} from './release.js'
import {scanAndWrite} from './scan-and-write.js'
import type {TargetOptions} from './target-flags.js'

export interface AuditFlags extends TargetOptions, PlacementOptions, DecisionOptions, BaselineOptions, DatabaseOptions {
  /** As it was typed. */
  readonly failOn: string
  readonly alpine: string | undefined
  readonly gcompat: boolean
  readonly root: string
}

/** `piton audit`: judges the target as if it stood on Alpine, writes the reports, and says which exit code that makes. */
export async function runAudit(target: string, flags: AuditFlags): Promise<number> {
  const failOn = parseFailOn(flags.failOn)
  const warnings: Warning[] = [...flags.settingWarnings]
  const prepared = await prepareDatabase(flags, flags.root, warning => warnings.push(warning))
  const alpine = chooseRelease(flags.alpine, prepared.database.releases)
  const formats = new Map([...formatsFor(flags.sarifProfile), [auditTable.name, auditTable]])
  const decided = {
    ...prepared,
    libc: libcTables(flags.root),
    policy: {checks: ['musl'] as const, only: flags.only, ...(await decisions(flags, flags.baseline))},
    warnings,
    move: {alpine, gcompat: flags.gcompat},
    ...placementOf(flags),
  }
  const result = await scanAndWrite(target, flags, decided, formats, shownOf(flags))
  return gate(result, flags, failOn, flags.failOn)
}

/** The release that was asked for, else the newest that is not older than the musl tables know. */
function chooseRelease(asked: string | undefined, releases: readonly AlpineRelease[]): AlpineRelease {
  const known = releases.filter(({musl}) => musl !== null)
  const branch = asked === undefined ? undefined : branchName(asked)
  const found = branch === undefined ? known.at(-1) : known.find(release => release.branch === branch)
  if (found !== undefined) return found
  throw new UsageError('USAGE', `there is no Alpine release ${JSON.stringify(asked ?? '')} whose musl piton knows`, {
    hint: `Known: ${known.map(release => release.branch.slice(1)).join(', ')}.`,
  })
}
