import type {Invocation, Notification, Run} from 'sarif'
import {exportsOf} from '../model/commonjs.js'
import {byWorst} from '../model/finding-order.js'
import {limits} from '../model/limits.js'
import {projectURL} from '../model/project.js'
import type {Finding, Report, Reporter} from '../model/report.js'
import {count} from '../model/text.js'
import {noticeOf} from './notice.js'
import {safeJSON} from './safe-json.js'
import {hasSyntheticLocation} from './sarif-location.js'
import {resultOf} from './sarif-results.js'
import {descriptorOf, sarifRuleID} from './sarif-rules.js'
import {categoryOf, messageText, syntheticPath} from './sarif-text.js'

/** `github`: what it shows, and no more than it keeps. `full`: everything, with what was suppressed and why. */
export const sarifProfiles = ['github', 'full'] as const
export type SarifProfile = (typeof sarifProfiles)[number]

/** For GitHub code scanning and other viewers of SARIF 2.1.0; shaped by what GitHub reads, shows and refuses. */
export const sarif = sarifReporter('github')

export function sarifReporter(profile: SarifProfile): Reporter {
  return {
    name: 'sarif',
    description: 'for GitHub code scanning and other SARIF viewers',
    render: report => renderSarif(report, profile),
    notes: report => [...cutNotes(leftOut(report, profile)), ...locationNotes(report)],
  }
}

function leftOut(report: Report, profile: SarifProfile): number {
  return profile === 'full' ? 0 : Math.max(0, listed(report).length - limits.sarifResults)
}

/** What is known from a baseline is an alert all the same: GitHub would take it for fixed where it is missing. */
function listed({findings, suppressed}: Report): readonly Finding[] {
  const known = suppressed.filter(finding => finding.suppressed?.by === 'baseline')
  return known.length === 0 ? findings : [...findings, ...known].sort(byWorst)
}

async function renderSarif(report: Report, profile: SarifProfile): Promise<string> {
  const {SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder} = exportsOf(
    await import('node-sarif-builder'),
  )
  const left = leftOut(report, profile)
  const findings =
    profile === 'full' ? [...report.findings, ...report.suppressed] : listed(report).slice(0, limits.sarifResults)
  const run = new SarifRunBuilder(runOf(report, left, profile))
  const ruleIndexes = new Map<string, number>()
  for (const finding of findings) {
    const id = sarifRuleID(finding)
    const known = ruleIndexes.get(id)
    const index = known ?? ruleIndexes.size
    if (known === undefined) {
      ruleIndexes.set(id, index)
      // Worst first: this finding's severity is the rule's.
      const rule = report.rules.find(({id}) => id === finding.ruleID)
      run.addRule(new SarifRuleBuilder({...descriptorOf(finding, rule)}))
    }
    run.addResult(new SarifResultBuilder(resultOf(finding, index, report)))
  }
  const builder = new SarifBuilder({$schema: 'https://json.schemastore.org/sarif-2.1.0.json'})
  builder.addRun(run)
  // Not buildSarifJsonString: it adds a list of artifacts that holds nothing but the path again (SARIF2004), and
  // refuses any report in which a file is called SARIF_BUILDER_INVALID.
  return safeJSON(builder.log)
}

function runOf(report: Report, left: number, profile: SarifProfile): Omit<Run, 'results'> {
  const {tool, target, release, database, baseline} = report
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        informationUri: projectURL,
        rules: [],
      },
    },
    automationDetails: {id: categoryOf(report)},
    originalUriBaseIds: {SRCROOT: {description: {text: 'The root of the repository.'}}},
    invocations: [invocationOf(report, left)],
    columnKind: 'utf16CodeUnits',
    properties: {
      reference: target.reference,
      ...(target.name !== null && {imageName: target.name}),
      ...(target.imageID !== null && {imageID: target.imageID}),
      ...(target.manifestDigest !== null && {manifestDigest: target.manifestDigest}),
      ...(target.platform !== null && {platform: target.platform}),
      ...(release && {release: release.prettyName || `${release.id} ${release.version}`.trim()}),
      ...(database && {databaseDate: database.date}),
      packages: report.packages.length,
      elfFiles: report.files.length,
      findings: report.findings.length,
      resultsLeftOut: left,
      profile,
      ...(baseline && {baseline: {...baseline}}),
    },
  }
}

/** What a person should know about the scan itself; an incomplete one is not a success. */
function invocationOf(report: Report, left: number): Invocation {
  return {
    executionSuccessful: report.complete,
    toolExecutionNotifications: [
      ...noticeOf(report).map(text => notification('NOTICE', 'note', text)),
      ...cutNotes(left).map(text => notification('RESULTS_LEFT_OUT', 'warning', text)),
      ...locationNotes(report).map(text => notification('NO_SOURCE_LOCATION', 'note', text)),
      ...report.warnings.map(({code, message, path, hides}) => {
        const where = path === undefined || message.includes(path) ? '' : `'${path}': `
        return notification(code, hides ? 'error' : 'warning', where + message)
      }),
    ],
  }
}

function cutNotes(left: number): string[] {
  return left === 0
    ? []
    : [`${count(left, 'finding')} more than GitHub shows, none worse than those here, were left out.`]
}

function locationNotes(report: Report): string[] {
  if (!hasSyntheticLocation(report)) return []
  return [
    `No line of the repository is known for these alerts: they stand at '${syntheticPath(report)}', which is no file, ` +
      'so that no pull request can show them. Name the Dockerfile (--dockerfile) or another file (--sarif-location).',
  ]
}

function notification(id: string, level: 'note' | 'warning' | 'error', text: string): Notification {
  return {descriptor: {id}, level, message: {text: messageText(text)}}
}
