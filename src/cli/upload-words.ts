import type {Destination} from '../github/destination.js'
import {count, grouped, shorten, visible} from '../model/text.js'
import type {CheckedSarif, SarifRun} from '../report/sarif-check/index.js'

/** Of a name that a SARIF file gives. */
const nameCharacters = 100

/** `17 results of 5 rules by piton, category piton/web/linux-amd64` */
export function runWords(run: SarifRun): string {
  return `${count(run.results, 'result')} of ${count(run.rules, 'rule')} by ${analysisWords(run)}`
}

/** `piton, category piton/web/linux-amd64` */
export function analysisWords({tool, category}: {readonly tool: string; readonly category: string}): string {
  const [by, of] = [tool, category].map(name => visible(shorten(name, nameCharacters)))
  return `${by || 'a tool without a name'}, ${of ? `category ${of}` : 'without a category'}`
}

/** `o/r, refs/heads/main at 0123456789ab (https://api.github.com)` */
export function destinationWords({owner, name, ref, commit, server}: Destination): string {
  return `${owner}/${name}, ${visible(ref)} at ${commit.slice(0, 12)} (${server.api})`
}

export function sizeWords({gzip}: CheckedSarif): string {
  return `${grouped(gzip.length)} bytes compressed`
}
