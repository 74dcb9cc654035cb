import type {Finding} from '../model/report.js'
import type {EarlierReport} from './earlier-report.js'
import {BaselineError} from './error.js'
import {isObject, type JsonObject, objectsOf, textOf} from './json-value.js'
import {readFinding} from './reported-finding.js'

/**
 * Reads SARIF that piton wrote: what a finding is stands in the properties of its result.
 * @throws {BaselineError} for that of another tool, and for several images in one file
 */
export function sarifReport(document: JsonObject, name: string): EarlierReport {
  const runs = objectsOf(document['runs'])
  const ours = runs.filter(run => driverOf(run) === 'piton')
  const [run] = ours
  if (run === undefined) {
    const tool = runs.map(driverOf).find(one => one !== null)
    throw new BaselineError(
      'BASELINE_UNKNOWN',
      `${name} is SARIF ${tool == null ? 'without a run' : `of ${tool}`}, not of piton`,
      {
        hint: 'Make one with piton scan -o json=FILE.',
      },
    )
  }
  if (ours.length > 1) {
    throw new BaselineError('BASELINE_UNKNOWN', `${name} is about several targets`, {
      hint: 'Make one report for each target: piton scan TARGET -o json=FILE.',
    })
  }
  const properties = isObject(run['properties']) ? run['properties'] : {}
  const invocation = objectsOf(run['invocations'])[0]
  return {
    name,
    target: {
      reference: textOf(properties['reference']) ?? name,
      name: textOf(properties['imageName']),
      platform: textOf(properties['platform']),
      release: textOf(properties['release']),
    },
    databaseDate: textOf(properties['databaseDate']),
    complete: invocation?.['executionSuccessful'] === true,
    findings: objectsOf(run['results']).flatMap(result => findingOf(result) ?? []),
    notice: noticesOf(invocation),
    leftOut: numberOf(properties['resultsLeftOut']),
  }
}

function driverOf(run: JsonObject): string | null {
  const tool = isObject(run['tool']) ? run['tool'] : {}
  return isObject(tool['driver']) ? textOf(tool['driver']['name']) : null
}

/** What a report says of itself stands in it as notes of the run. */
function noticesOf(invocation: JsonObject | undefined): readonly string[] {
  return objectsOf(invocation?.['toolExecutionNotifications']).flatMap(({descriptor, message}) => {
    const isNotice = isObject(descriptor) && descriptor['id'] === 'NOTICE'
    return isNotice && isObject(message) ? (textOf(message['text']) ?? []) : []
  })
}

function findingOf(result: JsonObject): Finding | null {
  const fingerprints = isObject(result['partialFingerprints']) ? result['partialFingerprints'] : {}
  const properties = isObject(result['properties']) ? result['properties'] : {}
  const message = isObject(result['message']) ? result['message'] : {}
  const [suppression] = objectsOf(result['suppressions'])
  const words = textOf(suppression?.['justification']) ?? ''
  // What is gone is not part of what that report found.
  if (result['baselineState'] === 'absent') return null
  return readFinding({
    ...properties,
    fingerprint: fingerprints['primaryLocationLineHash'],
    message: message['text'],
    layer: {index: properties['layer'], base: properties['base']},
    fix: {text: '', command: properties['fix']},
    suppressed: suppression && {by: properties['suppressedBy'], reason: words},
  })
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0
}
