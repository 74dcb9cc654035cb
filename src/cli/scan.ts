import {UsageError} from '../model/errors.js'
import {parseFailOn} from '../policy/index.js'
import {decideScan, type ScanDecisions} from './decide-scan.js'
import {shownOf} from './decision-flags.js'
import {gate} from './gate.js'
import {formatsFor} from './placement.js'
import type {PlacementOptions} from './placement-flags.js'
import {scanAndWrite} from './scan-and-write.js'
import type {ScanUpload} from './scan-upload.js'
import type {TargetOptions} from './target-flags.js'

export interface ScanFlags extends TargetOptions, ScanDecisions {
  /** As it was typed. */
  readonly failOn: string
  readonly sarifProfile: PlacementOptions['sarifProfile']
  /** Send what was found to GitHub code scanning; null: no. */
  readonly upload: ScanUpload | null
  /** A list of targets, or a folder of them, instead of one. */
  readonly from: string | undefined
  /** Targets that are scanned at the same time. */
  readonly jobs: number | undefined
}

/** `piton scan`: scans, writes the reports, and says which exit code that makes. */
export async function runScan(target: string | undefined, flags: ScanFlags): Promise<number> {
  const failOn = parseFailOn(flags.failOn)
  const decided = await decideScan(flags)
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

async function uploader(upload: ScanUpload, flags: ScanFlags) {
  const {prepareScanUpload} = await import('./scan-upload.js')
  return prepareScanUpload(upload, flags)
}
