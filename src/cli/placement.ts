import type {Reporter} from '../model/report.js'
import {reporters} from '../report/index.js'
import {type SarifProfile, sarifReporter} from '../report/sarif.js'
import type {ScanOptions} from '../scan.js'
import {dockerfileSearch, fallbackLocation} from './dockerfiles.js'
import type {PlacementOptions} from './placement-flags.js'

/** Where a scan looks for the lines behind its findings. */
export function placementOf(flags: PlacementOptions): Pick<ScanOptions, 'dockerfile' | 'fallbackLocation'> {
  return {dockerfile: dockerfileSearch(flags), fallbackLocation: fallbackLocation(flags.sarifLocation)}
}

/** The formats of a scan, with SARIF in the profile that was asked for. */
export function formatsFor(profile: SarifProfile): ReadonlyMap<string, Reporter> {
  return profile === 'github' ? reporters : new Map([...reporters, ['sarif', sarifReporter(profile)]])
}
