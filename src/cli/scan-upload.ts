import type {Report} from '../model/report.js'
import {sarif} from '../report/sarif.js'
import {prepareSarif} from './prepare-sarif.js'
import {prepareSender, refuseOffline, sendSarif} from './send-sarif.js'
import {warn} from './upload.js'
import type {UploadDestination} from './upload-flags.js'
import {destinationWords, runWords} from './upload-words.js'

/** `piton scan --upload` and the flags that go with it. */
export interface ScanUpload extends UploadDestination {
  /** Upload also what a scan found that did not see everything. */
  readonly force: boolean
}

/**
 * Makes sure, before the scan, that what it finds can be uploaded.
 * @returns what uploads the report of the scan
 * @throws {PitonError} where nothing could be
 */
export async function prepareScanUpload(
  upload: ScanUpload,
  {offline, quiet}: {readonly offline: boolean; readonly quiet: boolean},
): Promise<(report: Report) => Promise<void>> {
  refuseOffline(offline)
  const sender = await prepareSender(upload)
  const startedAt = new Date().toISOString()
  // All of it on standard error: standard output is for reports.
  const say = (line: string) => warn(line, quiet)
  return async report => {
    const text = await sarif.render(report, {color: false, width: 100})
    const {force, category} = upload
    const options = {name: 'the report', force, forceFlag: '--force-upload', category, say}
    const checked = await prepareSarif(Buffer.from(text), options)
    for (const run of checked.runs) say(`uploads ${runWords(run)} to ${destinationWords(sender.destination)}`)
    await sendSarif(checked, sender, startedAt, say)
  }
}
