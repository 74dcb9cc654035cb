import type {PhysicalLocation} from 'sarif'
import type {Finding, Report} from '../model/report.js'
import {shorten} from '../model/text.js'
import {syntheticPath} from './sarif-text.js'

/** A whole script may stand in one RUN. */
const snippetLength = 2000

/**
 * Where an alert stands in the repository: the line of the Dockerfile, else the place that the person named, else a path
 * that is no file, but always the same.
 */
export function physicalLocation({dockerfile}: Finding, report: Report): PhysicalLocation {
  if (dockerfile !== null) {
    const {file, startLine, startColumn, endLine, endColumn, snippet} = dockerfile
    return {
      artifactLocation: artifact(file),
      region: {startLine, startColumn, endLine, endColumn, snippet: {text: shorten(snippet, snippetLength)}},
    }
  }
  const {file, line} = report.fallbackLocation ?? {file: syntheticPath(report), line: 1}
  return {
    artifactLocation: artifact(file),
    region: {startLine: line, startColumn: 1, endLine: line, endColumn: 1},
  }
}

/** Does any alert stand at a path that is no file of the repository? Then a pull request cannot show it. */
export function hasSyntheticLocation({findings, fallbackLocation}: Report): boolean {
  return fallbackLocation === null && findings.some(({dockerfile}) => dockerfile === null)
}

/** A relative URI: a colon in the first segment would be read as a scheme, so that it is escaped with the rest. */
function artifact(file: string) {
  const uri = file
    .split('/')
    .map(segment => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')))
    .join('/')
  return {uri, uriBaseId: 'SRCROOT'}
}
