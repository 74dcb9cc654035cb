import type {CvssRating} from '../model/advisory.js'

type CvssVersion = CvssRating['version']

/** The base metrics of each version, in the order of the specification, with the values that each may take. */
const baseMetrics: Readonly<Record<CvssVersion, Readonly<Record<string, string>>>> = {
  '2.0': {AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC'},
  '3.0': {AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN'},
  '3.1': {AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN'},
  '4.0': {
    AV: 'NALP',
    AC: 'LH',
    AT: 'NP',
    PR: 'NLH',
    UI: 'NPA',
    VC: 'HLN',
    VI: 'HLN',
    VA: 'HLN',
    SC: 'HLN',
    SI: 'HLN',
    SA: 'HLN',
  },
}

export interface CvssVector {
  readonly version: CvssVersion
  /** The vector of the base metrics alone, in the order of the specification. */
  readonly base: string
}

/**
 * Reads a CVSS vector; null where it is malformed: a metric missing, repeated or of a value that it cannot take.
 * Metrics beyond the base ones (temporal, threat, environmental) are kept out of {@link CvssVector.base}.
 */
export function parseVector(vector: string): CvssVector | null {
  if (vector.length > 400) return null
  const parts = vector.split('/')
  const version = versionOf(parts[0] ?? '')
  const prefix = version === '2.0' ? '' : (parts.shift() ?? '')
  const metrics = new Map<string, string>()
  for (const part of parts) {
    const [, key, value] = /^([A-Za-z]{1,3}):([A-Za-z]{1,6})$/.exec(part) ?? []
    if (key === undefined || value === undefined || metrics.has(key)) return null
    metrics.set(key, value)
  }
  const base: string[] = prefix === '' ? [] : [prefix]
  for (const [key, values] of Object.entries(baseMetrics[version])) {
    const value = metrics.get(key)
    if (value?.length !== 1 || !values.includes(value)) return null
    base.push(`${key}:${value}`)
  }
  return {version, base: base.join('/')}
}

function versionOf(prefix: string): CvssVersion {
  const [, version] = /^CVSS:(3\.0|3\.1|4\.0)$/.exec(prefix) ?? []
  return version === '3.0' || version === '3.1' || version === '4.0' ? version : '2.0'
}
