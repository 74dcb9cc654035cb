import type {Finding} from '../model/report.js'

/**
 * What brought a finding into the image, in a few words: `Dockerfile:5`, `Dockerfile:1, base image`, `the base image`; null where nothing
 * certain is known. Raw text.
 */
export function broughtBy({dockerfile, layer}: Pick<Finding, 'dockerfile' | 'layer'>): string | null {
  const isBase = layer?.base === true
  if (dockerfile === null || dockerfile.confidence === 'unknown') return isBase ? 'the base image' : null
  const {file, startLine, confidence} = dockerfile
  const line = `${file}:${startLine}${confidence === 'likely' ? ' (likely)' : ''}`
  return isBase ? `${line}, base image` : line
}

/** Of several findings, each place once, in their order; null where none is known. */
export function allBroughtBy(findings: readonly Pick<Finding, 'dockerfile' | 'layer'>[]): string | null {
  const places = [...new Set(findings.map(broughtBy))].filter(place => place !== null)
  return places.length === 0
    ? null
    : places.slice(0, placesShown).join('; ') + (places.length > placesShown ? ' …' : '')
}

const placesShown = 3
