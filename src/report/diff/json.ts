import type {Difference, Side} from '../../model/difference.js'
import type {Format} from '../../model/report.js'
import {findingDocument} from '../json.js'
import {safeJSON} from '../safe-json.js'

/** data/diff.schema.json tells it. */
export const diffJSON: Format<Difference> = {
  name: 'json',
  description: 'everything, for programs',
  render: difference => safeJSON(documentOf(difference)),
}

function documentOf({tool, old, new: now, added, addedSuppressed, fixed, changed, unchanged, warnings}: Difference) {
  return {
    schemaVersion: 1,
    tool: {name: tool.name, version: tool.version},
    old: sideOf(old),
    new: sideOf(now),
    summary: {
      new: added.length,
      newSuppressed: addedSuppressed.length,
      fixed: fixed.length,
      changed: changed.length,
      unchanged: unchanged.length,
    },
    warnings: warnings.map(({code, path = null, layer = null, message}) => ({code, path, layer, message})),
    findings: {
      new: added.map(findingDocument),
      newSuppressed: addedSuppressed.map(findingDocument),
      fixed: fixed.map(findingDocument),
      changed: changed.map(({from, finding}) => ({from, finding: findingDocument(finding)})),
      unchanged: unchanged.map(findingDocument),
    },
  }
}

function sideOf({reference, name, platform, release, findings, suppressed, complete}: Side) {
  return {reference, name, platform, release, findings, suppressed, complete}
}
