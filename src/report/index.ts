import type {Reporter} from '../model/report.js'
import {markdown} from './comment.js'
import {cyclonedx} from './cyclonedx.js'
import {github} from './github.js'
import {htmlReport} from './html.js'
import {json} from './json.js'
import {junit} from './junit.js'
import {openvex} from './openvex.js'
import {sarif} from './sarif.js'
import {spdx} from './spdx.js'
import {table} from './table.js'

/** Every output format, by the name that `--output` takes. */
export const reporters: ReadonlyMap<string, Reporter> = new Map(
  [table, json, sarif, cyclonedx, spdx, htmlReport, markdown, junit, github, openvex].map(reporter => [
    reporter.name,
    reporter,
  ]),
)
