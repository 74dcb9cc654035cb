import type {Reporter} from '../model/report.js'
import {cyclonedx} from './cyclonedx.js'
import {json} from './json.js'
import {sarif} from './sarif.js'
import {spdx} from './spdx.js'
import {table} from './table.js'

/** Every output format, by the name that `--output` takes. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [table, json, sarif, cyclonedx, spdx].map(reporter => [reporter.name, reporter]),
)
