import type {Facts} from '../model/facts.js'
import type {Finding} from '../model/report.js'
import {locator} from './locate.js'
import type {LayerMap} from './map.js'

/** Gives each finding its line of the Dockerfile: the one that brought in its package, else its file. */
export function placeFindings(
  findings: readonly Finding[],
  map: LayerMap,
  {packages, elfFiles}: Pick<Facts, 'packages' | 'elfFiles'>,
): readonly Finding[] {
  if (map.dockerfile === null) return findings
  const locate = locator(map, packages)
  const owners = new Map(elfFiles.map(file => [file.path, file.package]))
  return findings.map(finding => {
    const name = finding.packages[0]?.name ?? owners.get(finding.path) ?? null
    return {...finding, dockerfile: locate({layer: finding.layer?.index ?? null, package: name})}
  })
}
