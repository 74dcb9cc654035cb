import type {LogicalLocation, Result, Suppression as SarifSuppression} from 'sarif'
import type {Finding, Report, Suppression} from '../model/report.js'
import {shorten, visible} from '../model/text.js'
import {physicalLocation} from './sarif-location.js'
import {levelOf, sarifRuleID} from './sarif-rules.js'
import {messageText} from './sarif-text.js'
import {remedyText} from './sarif-words.js'

/** A message is one line in a list, and so are the parts of it that come from the target. */
const messageLength = 1500
const nameLength = 255
/** Packages of a result: all of them are in the JSON report. */
const packagesShown = 20
/** Symbols and libraries of a result. */
const namesShown = 100
/** The command of a layer may be a whole script. */
const commandLength = 200

/** One finding as an alert. GitHub keeps it apart from others by rule, path and `primaryLocationLineHash`. */
export function resultOf(finding: Finding, ruleIndex: number, report: Report): Result {
  const {path, line, origin, packages, fixedVersion, cvss, epss, dockerfile, suppressed} = finding
  const [first] = packages
  const words = `${shorten(finding.message, messageLength)} ${placeText(finding, report)} ${remedyText(finding)}`
  return {
    ruleId: sarifRuleID(finding),
    ruleIndex,
    level: levelOf(finding),
    kind: 'fail',
    message: {text: messageText(words)},
    locations: [
      {
        physicalLocation: physicalLocation(finding, report),
        logicalLocations: [
          first && finding.family === 'vulnerability'
            ? {fullyQualifiedName: visible(`${path}::${first.name}`), kind: 'package'}
            : {fullyQualifiedName: visible(path || '/'), kind: 'resource'},
          ...layerLocation(finding, report),
        ],
      },
    ],
    partialFingerprints: {primaryLocationLineHash: finding.fingerprint},
    ...(finding.baselineState !== null && {baselineState: finding.baselineState}),
    // What a baseline knows has a word of its own in SARIF.
    ...(suppressed && suppressed.by !== 'baseline' && {suppressions: [suppressionOf(suppressed)]}),
    properties: {
      rule: finding.rule,
      family: finding.family,
      title: finding.title,
      severity: finding.severity,
      evidence: finding.evidence,
      path,
      ...(line !== null && {line}),
      ...(finding.layer && {layer: finding.layer.index}),
      ...(finding.layer?.base != null && {base: finding.layer.base}),
      ...(dockerfile && {locationConfidence: dockerfile.confidence}),
      ...(finding.loaded !== null && {loaded: finding.loaded}),
      ...(finding.raisedBy !== null && {raisedBy: finding.raisedBy}),
      ...(finding.ownSeverity !== null && {ownSeverity: finding.ownSeverity}),
      ...(finding.names.length > 0 && {names: finding.names.slice(0, namesShown)}),
      ...(suppressed && {suppressedBy: suppressed.by}),
      ...(finding.fix.command !== null && {fix: finding.fix.command}),
      ...(origin !== null && {origin}),
      ...(fixedVersion !== null && {fixedVersion}),
      ...(packages.length > 0 && {packages: packages.slice(0, packagesShown)}),
      ...(finding.aliases.length > 0 && {aliases: finding.aliases}),
      ...(cvss.length > 0 && {cvss: cvss.map(({vector, source}) => ({vector, source}))}),
      ...(finding.loaded !== null && {loaded: finding.loaded}),
      ...(finding.kev && {kev: true}),
      ...(epss && {epss}),
    },
  }
}

/** Where in the image it is: alerts of GitHub can show no file that is not in the repository. */
function placeText({path, layer, dockerfile}: Finding, {target}: Report): string {
  const where = `Found in '${shorten(path, nameLength) || '/'}'`
  const image = target.name === null ? '' : ` of '${shorten(target.name, nameLength)}'`
  if (layer === null || target.layers.length < 2) return `${where}${image}.`
  const command = layer.createdBy === null ? '' : `, made by '${shorten(layer.createdBy, commandLength)}'`
  const base = layer.base === true ? 'base image layer' : 'layer'
  const from = dockerfile?.copiedFrom == null ? '' : `, copied from '${shorten(dockerfile.copiedFrom, nameLength)}'`
  return `${where}, ${base} ${layer.index + 1} of ${target.layers.length}${image}${command}${from}.`
}

/** The layer, for viewers that show more than GitHub does. */
function layerLocation({layer}: Finding, {target}: Report): LogicalLocation[] {
  if (layer === null || target.layers.length < 2) return []
  const command = layer.createdBy === null ? '' : `: ${shorten(layer.createdBy, commandLength)}`
  return [{fullyQualifiedName: visible(`layer ${layer.index + 1} of ${target.layers.length}${command}`), kind: 'layer'}]
}

/** GitHub shows a suppressed result as any other: only the full profile has them. */
function suppressionOf({by, reason, expires, justification}: Suppression): SarifSuppression {
  const words = [
    reason,
    ...(justification === null ? [] : [justification]),
    ...(expires === null ? [] : [`until ${expires}`]),
  ]
  return {kind: 'external', status: 'accepted', justification: messageText(`${by}: ${words.join('; ')}`)}
}
