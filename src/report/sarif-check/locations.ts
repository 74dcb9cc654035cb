import {grouped} from '../../model/text.js'
import {limits} from './limits.js'
import type {Problems} from './problems.js'
import {elements, field} from './read.js'
import {checkRegion} from './region.js'
import {checkArtifactLocation} from './uris.js'

/** Checks where a result stands. GitHub shows the first location; a file with a bad one is rejected whole. */
export function checkLocations(result: Readonly<Record<string, unknown>>, path: string, problems: Problems): void {
  const {locations} = result
  const where = `${path}.locations`
  const number = elements(locations).length
  if (number === 0) {
    problems.error('SARIF_NO_LOCATION', where, 'there is none; GitHub rejects a file with a result that stands nowhere')
  } else if (number > limits.locations) {
    problems.error(
      'SARIF_TOO_MANY_LOCATIONS',
      where,
      `there are ${grouped(number)}; GitHub rejects more than ${grouped(limits.locations)} of a result`,
    )
  } else if (number > limits.locationsShown) {
    problems.warning(
      'SARIF_TOO_MANY_LOCATIONS',
      where,
      `there are ${grouped(number)}; GitHub keeps ${grouped(limits.locationsShown)}`,
    )
  }
  for (const [index, location] of elements(locations).slice(0, limits.locations).entries()) {
    const physical = field(location, 'physicalLocation')
    const place = `${where}[${index}].physicalLocation`
    checkArtifactLocation(field(physical, 'artifactLocation'), `${place}.artifactLocation`, problems)
    checkRegion(field(physical, 'region'), `${place}.region`, problems)
  }
  for (const [index, location] of elements(result['relatedLocations']).slice(0, limits.locations).entries()) {
    checkNamed(location, `${path}.relatedLocations[${index}]`, problems)
  }
}

/** Checks the steps that lead to a result. */
export function checkFlows(result: Readonly<Record<string, unknown>>, path: string, problems: Problems): void {
  let number = 0
  for (const [flow, codeFlow] of elements(result['codeFlows']).entries()) {
    for (const [thread, threadFlow] of elements(field(codeFlow, 'threadFlows')).entries()) {
      const locations = elements(field(threadFlow, 'locations'))
      const where = `${path}.codeFlows[${flow}].threadFlows[${thread}].locations`
      const left = Math.max(0, limits.threadFlowLocations - number)
      number += locations.length
      for (const [index, location] of locations.slice(0, left).entries()) {
        checkNamed(field(location, 'location'), `${where}[${index}].location`, problems)
      }
    }
  }
  const where = `${path}.codeFlows`
  if (number > limits.threadFlowLocations) {
    problems.error(
      'SARIF_TOO_MANY_STEPS',
      where,
      `have ${grouped(number)} locations; GitHub rejects more than ${grouped(limits.threadFlowLocations)}`,
    )
  } else if (number > limits.threadFlowLocationsShown) {
    problems.warning(
      'SARIF_TOO_MANY_STEPS',
      where,
      `have ${grouped(number)} locations; GitHub keeps ${grouped(limits.threadFlowLocationsShown)}`,
    )
  }
}

/** A location beside the result's own: where it names a file, the name must be one. */
function checkNamed(location: unknown, path: string, problems: Problems): void {
  const artifactLocation = field(location, 'physicalLocation', 'artifactLocation')
  if (field(artifactLocation, 'uri') === undefined) return
  checkArtifactLocation(artifactLocation, `${path}.physicalLocation.artifactLocation`, problems)
}
