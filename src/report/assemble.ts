import {endOfCommunity} from '../model/alpine.js'
import type {Facts} from '../model/facts.js'
import {type Image, platformText} from '../model/image.js'
import type {Finding, Report, ReportLayer} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import type {Severity} from '../model/severity.js'
import type {BaseImage} from '../model/source-line.js'
import type {Warning} from '../model/warning.js'
import {WarningList} from '../model/warnings.js'

/** Everything that goes into a report. */
export interface ReportParts {
  readonly version: string
  readonly image: Image
  readonly layers: readonly ReportLayer[]
  readonly base: BaseImage | null
  readonly facts: Facts
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Finding[]
  readonly baseline: Report['baseline']
  readonly fallbackLocation: Report['fallbackLocation']
  readonly hidden: Readonly<Record<Severity, number>>
  readonly rules: readonly Rule[]
  readonly warnings: readonly Warning[]
  readonly advice: Report['advice']
}

/** The one object that every format is written from. */
export function assembleReport({
  version,
  image,
  layers,
  base,
  facts,
  findings,
  suppressed,
  baseline,
  fallbackLocation,
  hidden,
  rules,
  warnings,
  advice,
}: ReportParts): Report {
  const kept = new WarningList()
  for (const warning of warnings) kept.add(warning)
  const used = new Set([...findings, ...suppressed].map(({ruleID}) => ruleID))
  const {release, alpine, database} = facts
  return {
    tool: {name: 'piton', version},
    target: {
      reference: image.reference,
      kind: image.kind,
      name: image.name,
      platform: image.platform && platformText(image.platform),
      imageID: image.imageID,
      manifestDigest: image.manifestDigest,
      layers,
      base,
    },
    release: release && {
      id: release.id,
      version: release.version,
      branch: release.branch,
      prettyName: release.prettyName,
      endOfLife: alpine?.endOfLife ?? null,
      communityEnd: communityEndOf(facts),
      latest: alpine?.latest ?? null,
      musl: facts.musl,
    },
    database,
    coverage: facts.coverage,
    today: facts.today,
    loaded: facts.loaded,
    audit: facts.audit,
    complete: !warnings.some(({hides}) => hides === true),
    warnings: kept.toArray(),
    packages: facts.packages,
    files: facts.elfFiles,
    findings,
    suppressed,
    baseline,
    fallbackLocation,
    rejected: facts.rejected,
    hidden,
    rules: rules.filter(({id}) => used.has(id)),
    advice,
  }
}

/** Of an image that takes packages from community. */
function communityEndOf({release, releases, repositories, today}: Facts): string | null {
  const branch = release?.branch
  if (!branch || !repositories.some(one => one.branch === branch && one.name === 'community')) return null
  return endOfCommunity(releases, branch, today)?.released ?? null
}
