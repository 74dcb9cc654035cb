import {type Coverage, coverages} from '../model/coverage.js'
import {limits} from '../model/limits.js'
import type {Loaded} from '../model/loaded.js'
import type {Finding, Report, Reporter} from '../model/report.js'
import type {SourceLine} from '../model/source-line.js'
import {fileDocument} from './json-file.js'
import {noticeOf} from './notice.js'
import {Items, safeJSONPieces} from './safe-json.js'

/** The contract of PRODUCT.md "The JSON report": fields may be added, never renamed. data/report.schema.json tells it. */
export const json: Reporter = {
  name: 'json',
  description: 'everything piton knows, for programs',
  render: report => [...safeJSONPieces(documentOf(report))].join(''),
  pieces: report => safeJSONPieces(documentOf(report)),
}

function documentOf(report: Report) {
  const {target, release, database} = report
  return {
    schemaVersion: 1,
    tool: {name: report.tool.name, version: report.tool.version},
    target: {
      reference: target.reference,
      kind: target.kind,
      name: target.name,
      platform: target.platform,
      imageID: target.imageID,
      manifestDigest: target.manifestDigest,
      layers: target.layers.map(({diffID, createdBy, base, verified}) => ({diffID, createdBy, base, verified})),
      base: target.base && {name: target.base.name, from: target.base.from},
    },
    release: release && {
      id: release.id,
      version: release.version,
      branch: release.branch,
      endOfLife: release.endOfLife,
      communityEnd: release.communityEnd,
      musl: release.musl,
    },
    database: database && databaseOf(database),
    coverage: report.coverage && coverageDocument(report.coverage),
    notice: noticeOf(report),
    complete: report.complete,
    warnings: report.warnings.map(({code, path = null, layer = null, message}) => ({code, path, layer, message})),
    packages: new Items(report.packages, one => {
      const {name, version, architecture, origin, purl, layer} = one
      return {name, version, architecture, origin, purl, layer, coverage: report.coverage?.of.get(one)?.kind ?? null}
    }),
    files: new Items(report.files, fileDocument),
    loaded: report.loaded && loadedDocument(report.loaded),
    advice: report.advice.map(({command, text, fixes, atMost}) => ({command, text, fixes, atMost})),
    audit: report.audit,
    rejected: report.rejected.map(rejectionOf),
    findings: new Items([...report.findings, ...report.suppressed], findingDocument),
  }
}

/** One finding as every JSON document of piton has it. */
export function findingDocument(finding: Finding) {
  const {layer, epss, fix} = finding
  return {
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    family: finding.family,
    severity: finding.severity,
    ownSeverity: finding.ownSeverity,
    raisedBy: finding.raisedBy,
    title: finding.title,
    message: finding.message,
    evidence: finding.evidence,
    explanation: explanationOf(finding),
    origin: finding.origin,
    packages: finding.packages.map(({name, version}) => ({name, version})),
    fixedVersion: finding.fixedVersion,
    aliases: finding.aliases,
    names: finding.names,
    cvss: finding.cvss.map(({version, vector, score, source}) => ({version, vector, score, source})),
    kev: finding.kev,
    epss: epss && {score: epss.score, percentile: epss.percentile, date: epss.date},
    path: finding.path,
    line: finding.line,
    layer: layer && {index: layer.index, diffID: layer.diffID, base: layer.base},
    dockerfile: finding.dockerfile && lineOf(finding.dockerfile),
    loaded: finding.loaded,
    fix: {text: fix.text, command: fix.command},
    suppressed: finding.suppressed,
    baselineState: finding.baselineState,
  }
}

function databaseOf({date, branch, reason, advisories, others}: NonNullable<Report['database']>) {
  return {
    date,
    branch,
    reason,
    advisories,
    others: others.map(({branch, reason, packages}) => ({branch, reason, packages})),
  }
}

function coverageDocument({packages, files}: Coverage) {
  return {
    packages: counted(packages, coverages),
    files: counted(files, [...coverages, 'unowned']),
  }
}

/** In the order of the kinds, with their sum. */
function counted<Kind extends string>(counts: Readonly<Record<Kind, number>>, kinds: readonly Kind[]) {
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0)
  return {total, ...Object.fromEntries(kinds.map(kind => [kind, counts[kind]]))}
}

function rejectionOf({id, aliases, origin, branch, repository, packages}: Report['rejected'][number]) {
  const names = packages.slice(0, limits.packagesPerFinding).map(({name, version}) => ({name, version}))
  return {id, aliases, origin, source: `${branch}/${repository}`, packages: names}
}

/** Down to the line of the feed: under which versions it stands there, and what they were compared with. */
function explanationOf({origin, grounds, offer, suppressed}: Finding) {
  if (grounds.length === 0) return null
  return {
    origin,
    grounds: grounds.map(({branch, reason, repository, date, fixVersions, comparisons}) => ({
      branch,
      reason,
      source: `${branch}/${repository}`,
      date,
      fixVersions,
      comparisons: comparisons.map(({installed, packages, fixed, order, note}) => {
        return {installed, packages, fixed, order, note}
      }),
    })),
    offer: offer && {version: offer.version, date: offer.date, hasFix: offer.hasFix},
    silencedBy: suppressed && {by: suppressed.by, reason: suppressed.reason},
  }
}

function loadedDocument({command, program, files, packages, reason}: Loaded) {
  return {command, program, files, packages, reason}
}

function lineOf({file, startLine, endLine, confidence, copiedFrom}: SourceLine) {
  return {file, line: startLine, endLine, confidence, copiedFrom}
}
