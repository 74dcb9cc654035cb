import {type Finding, type FindingLayer, type SuppressedBy, suppressors} from '../model/report.js'
import {families} from '../model/rule.js'
import {type Severity, severities} from '../model/severity.js'
import {isObject, type JsonObject, objectsOf, textOf, textsOf} from './json-value.js'

/** A finding as the JSON report has it; null for what is none. */
export function readFinding(value: JsonObject): Finding | null {
  const fingerprint = textOf(value['fingerprint'])
  const rule = textOf(value['rule'])
  const family = families.find(known => known === value['family'])
  const severity = severityOf(value['severity'])
  if (fingerprint === null || rule === null || family === undefined || severity === null) return null
  const fix = isObject(value['fix']) ? value['fix'] : {}
  const suppressed = isObject(value['suppressed']) ? value['suppressed'] : null
  return {
    fingerprint,
    rule,
    ruleID: family === 'vulnerability' ? 'vulnerability' : rule,
    family,
    severity,
    ownSeverity: severityOf(value['ownSeverity']),
    raisedBy: textOf(value['raisedBy']),
    title: textOf(value['title']) ?? rule,
    message: textOf(value['message']) ?? '',
    evidence: textOf(value['evidence']) ?? '',
    origin: textOf(value['origin']),
    packages: objectsOf(value['packages']).map(one => {
      return {name: textOf(one['name']) ?? '', version: textOf(one['version']) ?? ''}
    }),
    fixedVersion: textOf(value['fixedVersion']),
    aliases: textsOf(value['aliases']),
    names: textsOf(value['names']),
    cvss: objectsOf(value['cvss']).flatMap(ratingOf),
    kev: value['kev'] === true,
    epss: null,
    grounds: [],
    offer: null,
    path: typeof value['path'] === 'string' ? value['path'] : '',
    line: typeof value['line'] === 'number' ? value['line'] : null,
    layer: isObject(value['layer']) ? layerOf(value['layer']) : null,
    dockerfile: null,
    loaded: typeof value['loaded'] === 'boolean' ? value['loaded'] : null,
    suppressed: suppressed && {
      by: suppressorOf(suppressed['by']),
      reason: textOf(suppressed['reason']) ?? '',
      expires: textOf(suppressed['expires']),
      justification: textOf(suppressed['justification']),
      from: textOf(suppressed['from']) ?? '',
    },
    baselineState: null,
    fix: {text: textOf(fix['text']) ?? '', command: textOf(fix['command'])},
  }
}

function severityOf(value: unknown): Severity | null {
  return severities.find(known => known === value) ?? null
}

function suppressorOf(value: unknown): SuppressedBy {
  return suppressors.find(known => known === value) ?? 'ignore'
}

function ratingOf({version, vector, score, source}: JsonObject): Finding['cvss'] {
  const known = (['2.0', '3.0', '3.1', '4.0'] as const).find(one => one === version)
  if (known === undefined || typeof score !== 'number') return []
  return [{version: known, vector: textOf(vector) ?? '', score, source: textOf(source) ?? ''}]
}

function layerOf({index, base}: JsonObject): FindingLayer | null {
  if (typeof index !== 'number') return null
  return {index, diffID: null, createdBy: null, base: typeof base === 'boolean' ? base : null}
}
