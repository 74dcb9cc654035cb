import type {Reporter} from '../model/report.js'
import {json} from './json.js'
import {sarif} from './sarif.js'
import {table} from './table.js'

/** Every output format, by the name that `--output` takes. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [table, json, sarif].map(reporter => [reporter.name, reporter]),
)
