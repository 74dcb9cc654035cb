/** piton as a library: the scan, the parts of it that stand on their own, and the types they speak in. */
import {fileURLToPath} from 'node:url'
import {type AdvisoryDatabase, openDatabase} from './advisory/database.js'

export {type AdvisoryDatabase, openDatabase} from './advisory/database.js'
export {compareVersions} from './apk/version.js'
export type {CvssRating, Epss, Fix, Match, Rating} from './model/advisory.js'
export {PitonError} from './model/errors.js'
export type {ScanEvent} from './model/event.js'
export type {Facts} from './model/facts.js'
export type {Platform} from './model/image.js'
export type {ApkPackage, InstalledPackage} from './model/package.js'
export type {Finding, RenderOptions, Report, Reporter} from './model/report.js'
export type {Rule} from './model/rule.js'
export type {Severity, Threshold} from './model/severity.js'
export type {Warning} from './model/warning.js'
export {type FailOn, failsOn, type Policy, parseFailOn} from './policy/index.js'
export {reporters} from './report/index.js'
export {rules} from './rules/index.js'
export {type ScanOptions, type ScanResult, scan} from './scan.js'

/** The advisories that ship with piton. Others are opened with {@link openDatabase}. */
export function shippedDatabase(): AdvisoryDatabase {
  return openDatabase(fileURLToPath(new URL('../data', import.meta.url)))
}
