import {groupBy} from '../model/group.js'
import type {Finding} from '../model/report.js'

/**
 * What a person takes care of in one go: a vulnerability of one origin package, or one rule broken by files that belong
 * to one package, want the same remedy, and are all loaded or all not. A rule about files makes a finding for each: an
 * image may have thousands.
 */
export interface Problem {
  /** Speaks for all of them in rule, severity, package and remedy. */
  readonly first: Finding
  readonly findings: readonly Finding[]
}

/** In the order of the findings: worst first. */
export function problemsOf(findings: readonly Finding[]): readonly Problem[] {
  return [...groupBy(findings, keyOf).values()].flatMap(group => {
    const [first] = group
    return first === undefined ? [] : [{first, findings: group}]
  })
}

function keyOf(finding: Finding): string {
  const {family, fingerprint, rule, title, severity, packages, fix, loaded} = finding
  if (family === 'vulnerability') return fingerprint
  return JSON.stringify([rule, title, severity, packages.map(({name}) => name), fix.command ?? fix.text, loaded])
}

/** Names of the packages, each once; the origin where the finding names none. Raw text. */
export function packageNames({packages, origin}: Finding): readonly string[] {
  if (packages.length === 0) return origin === null ? [] : [origin]
  return [...new Set(packages.map(({name}) => name))]
}

/** `etc/apk/repositories:3`, in the image. Raw text. */
export function placeOf({path, line, family}: Finding): string {
  // The line of a package in apk's database helps nobody.
  return line === null || family === 'vulnerability' ? path || '/' : `${path}:${line}`
}

/** What to type, or else what to do. Raw text. */
export function remedyOf({fix}: Finding): string {
  return fix.command ?? fix.text
}

/** The page of a vulnerability; only CVEs have one. */
export function advisoryURL({rule, family}: Pick<Finding, 'rule' | 'family'>): string | null {
  return family === 'vulnerability' && /^CVE-\d{4}-\d{4,}$/.test(rule)
    ? `https://security.alpinelinux.org/vuln/${rule}`
    : null
}
