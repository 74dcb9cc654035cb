import {severalJSON} from './json.js'
import {severalSuites} from './junit.js'
import {severalComments} from './markdown.js'
import type {Joiner} from './part.js'
import {severalSarif} from './sarif.js'
import {severalTables} from './table.js'

export type {Joiner, Part} from './part.js'

/** The formats in which several targets are one report, by name; the others are about one target. */
export const joiners: ReadonlyMap<string, Joiner> = new Map(
  [severalTables, severalJSON, severalSarif, severalComments, severalSuites].map(joiner => [joiner.name, joiner]),
)
