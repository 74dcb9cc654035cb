import type {Result} from 'sarif'
import type {Finding, Report} from '../model/report.js'
import {shorten, visible} from '../model/text.js'
import {levelOf, sarifRuleID} from './sarif-rules.js'
import {messageText, syntheticPath} from './sarif-text.js'
import {remedyText} from './sarif-words.js'

/** A message is one line in a list, and so are the parts of it that come from the target. */
const messageLength = 1500
const nameLength = 255
/** Packages of a result: all of them are in the JSON report. */
const packagesShown = 20
/** The command of a layer may be a whole script. */
const commandLength = 200

/** One finding as an alert. GitHub keeps it apart from others by rule, path and `primaryLocationLineHash`. */
export function resultOf(finding: Finding, ruleIndex: number, report: Report): Result {
  const {path, line, origin, packages, fixedVersion, cvss, epss} = finding
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
        physicalLocation: {
          artifactLocation: {uri: syntheticPath(report), uriBaseId: 'SRCROOT'},
          region: {startLine: 1, startColumn: 1, endLine: 1, endColumn: 1},
        },
        logicalLocations: [
          first && finding.family === 'vulnerability'
            ? {fullyQualifiedName: visible(`${path}::${first.name}`), kind: 'package'}
            : {fullyQualifiedName: visible(path || '/'), kind: 'resource'},
        ],
      },
    ],
    partialFingerprints: {primaryLocationLineHash: finding.fingerprint},
    properties: {
      severity: finding.severity,
      evidence: finding.evidence,
      path,
      ...(line !== null && {line}),
      ...(finding.layer && {layer: finding.layer.index}),
      ...(finding.raisedBy !== null && {raisedBy: finding.raisedBy}),
      ...(origin !== null && {origin}),
      ...(fixedVersion !== null && {fixedVersion}),
      ...(packages.length > 0 && {packages: packages.slice(0, packagesShown)}),
      ...(finding.aliases.length > 0 && {aliases: finding.aliases}),
      ...(cvss.length > 0 && {cvss: cvss.map(({vector, source}) => ({vector, source}))}),
      ...(finding.kev && {kev: true}),
      ...(epss && {epss}),
    },
  }
}

/** Where in the image it is: alerts of GitHub can show no file that is not in the repository. */
function placeText({path, layer}: Finding, {target}: Report): string {
  const where = `Found in '${shorten(path, nameLength) || '/'}'`
  const image = target.name === null ? '' : ` of '${shorten(target.name, nameLength)}'`
  if (layer === null || target.layers.length < 2) return `${where}${image}.`
  const command = layer.createdBy === null ? '' : `, made by '${shorten(layer.createdBy, commandLength)}'`
  return `${where}, layer ${layer.index + 1} of ${target.layers.length}${image}${command}.`
}
