import type {CvssRating} from '../model/advisory.js'
import type {Report} from '../model/report.js'
import {type Severity, severityOfScore} from '../model/severity.js'
import {type NamedComponents, propertiesOf, versionText} from './cyclonedx-components.js'
import {packageFinder} from './inventory.js'
import {advisoryURL} from './problems.js'
import {Items} from './safe-json.js'

const methods: Readonly<Record<CvssRating['version'], string>> = {
  '2.0': 'CVSSv2',
  '3.0': 'CVSSv3',
  '3.1': 'CVSSv31',
  '4.0': 'CVSSv4',
}

const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  note: 'info',
}

const source = {name: 'Alpine secdb', url: 'https://secdb.alpinelinux.org'}

/** Vulnerabilities alone: CycloneDX has no place for a file that lacks a protection. */
export function vulnerabilitiesOf({findings, packages}: Report, {refOf}: NamedComponents) {
  const packagesOf = packageFinder(packages)
  return new Items(
    findings.filter(({family}) => family === 'vulnerability'),
    finding => {
      const {rule, origin, fingerprint, aliases, cvss, message, evidence, fix, fixedVersion, kev, epss} = finding
      const page = advisoryURL(finding)
      return {
        'bom-ref': `${rule}:${origin ?? ''}:${fingerprint}`,
        id: rule,
        source,
        ...(aliases.length > 0 && {references: aliases.map(id => ({id, source: {name: publisherOf(id)}}))}),
        ratings: cvss.length === 0 ? [{severity: 'unknown'}] : cvss.map(ratingOf),
        description: message,
        detail: evidence,
        recommendation: fix.command === null ? fix.text : `${fix.text} ${fix.command}`,
        ...(page !== null && {advisories: [{url: page}]}),
        affects: packagesOf(finding).map(one => ({
          ref: refOf(one),
          versions: [
            {version: versionText(one.version), status: 'affected'},
            ...(fixedVersion === null ? [] : [{version: versionText(fixedVersion), status: 'unaffected'}]),
          ],
        })),
        properties: propertiesOf([
          ['severity', finding.severity],
          ['origin', origin],
          ['fixed-version', fixedVersion],
          ['known-exploited', kev ? 'true' : null],
          ['epss:score', epss?.score ?? null],
          ['epss:percentile', epss?.percentile ?? null],
          ['epss:date', epss?.date ?? null],
          ['loaded', finding.loaded === null ? null : String(finding.loaded)],
          ['fingerprint', fingerprint],
        ]),
      }
    },
  )
}

function ratingOf({version, vector, score, source}: CvssRating) {
  return {
    source: {name: source},
    score,
    severity: severityWords[severityOfScore(score)],
    method: methods[version],
    vector,
  }
}

function publisherOf(id: string): string {
  if (id.startsWith('CVE-')) return 'NVD'
  return id.startsWith('GHSA-') ? 'GitHub Advisory Database' : source.name
}
