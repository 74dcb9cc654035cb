import {groupBy} from '../model/group.js'
import type {Finding, RenderOptions, Report} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import {count, grouped, shorten, visible} from '../model/text.js'
import type {Check, Verdict} from '../model/verdict.js'
import {type Canvas, canvasOf, prose, severityIndent, severityLines} from './canvas.js'
import {page} from './explain.js'
import {noticeOf} from './notice.js'
import {safeJSON} from './safe-json.js'

/** Findings, and files without a verdict, before the rest is counted. */
const findingsShown = 50
const unknownShown = 10

const verdicts: readonly Verdict[] = ['yes', 'no', 'unknown', 'not-applicable']

/** What `piton explain PT2001 --image TARGET` prints: where the rule found something there, and on what that rests. */
export function explainRuleForImage(rule: Rule, report: Report, options: RenderOptions): string {
  const canvas = canvasOf(options)
  const found = findingsOf(rule, report)
  const name = visible(shorten(report.target.name || report.target.reference, 200))
  return page([
    [
      canvas.style.bold(
        `${rule.id} ${rule.name}: ${found.length === 0 ? 'not reported' : count(found.length, 'finding')} for ${name}`,
      ),
      ...prose(rule.title, canvas),
    ],
    ...[...groupBy(found.slice(0, findingsShown), ({fix}) => fix.command ?? fix.text)].map(([remedy, findings]) => [
      ...findings.flatMap(finding => findingLines(finding, canvas)),
      ...prose(`Fix: ${visible(remedy)}`, canvas, severityIndent),
    ]),
    found.length > findingsShown ? [`and ${grouped(found.length - findingsShown)} more; -o json has them all`] : [],
    checkLines(rule, report, canvas),
    found.length === 0 && rule.family === 'image' ? noticeOf(report).flatMap(text => prose(visible(text), canvas)) : [],
    report.complete ? [] : prose('The target was not read in full: what was left out may hold more.', canvas),
  ])
}

function findingLines(finding: Finding, canvas: Canvas): string[] {
  const {severity, message, evidence, suppressed} = finding
  return [
    ...severityLines(severity, visible(message), canvas),
    ...prose(visible(placeText(finding)), canvas, severityIndent),
    ...prose(`Evidence: ${visible(evidence)}`, canvas, severityIndent),
    ...(suppressed ? prose(`Silenced by ${suppressed.by}: ${visible(suppressed.reason)}`, canvas, severityIndent) : []),
  ]
}

function placeText({path, line, layer, packages}: Finding): string {
  const at = `In ${shorten(path, 300) || '/'}${line === null ? '' : `:${line}`}`
  const of = packages.length === 1 && packages[0] ? `, of package ${shorten(packages[0].name, 100)}` : ''
  return `${at}${layer === null ? '' : `, layer ${layer.index + 1}`}${of}`
}

/** For a rule about ELF files: what its check says of all of them, and what it could not tell. */
function checkLines({property}: Rule, {files}: Report, canvas: Canvas): string[] {
  if (property === undefined || files.length === 0) return []
  const byVerdict = groupBy(files, ({hardening}) => hardening[property].verdict)
  const counts = verdicts.map(verdict => `${grouped(byVerdict.get(verdict)?.length ?? 0)} ${verdict}`).join(', ')
  const unknown = byVerdict.get('unknown') ?? []
  return [
    ...prose(`The check behind it, of ${count(files.length, 'ELF file')}: ${counts}.`, canvas),
    ...unknown.slice(0, unknownShown).flatMap(({path, hardening}) => {
      const check: Check = hardening[property]
      return prose(visible(`unknown: ${shorten(path, 300)}: ${shorten(check.evidence, 300)}`), canvas, '  ')
    }),
    ...(unknown.length > unknownShown
      ? [`  and ${grouped(unknown.length - unknownShown)} more of which it cannot be told`]
      : []),
  ]
}

/** What `piton explain PT2001 --image TARGET -o json` prints. */
export function explainRuleForImageJSON(rule: Rule, report: Report): string {
  const {target, files} = report
  const {property} = rule
  return safeJSON({
    schemaVersion: 1,
    rule: {
      id: rule.id,
      name: rule.name,
      title: rule.title,
      family: rule.family,
      severity: rule.severity,
      help: rule.help,
    },
    target: {reference: target.reference, name: target.name, platform: target.platform, imageID: target.imageID},
    complete: report.complete,
    findings: findingsOf(rule, report).map(finding => ({
      fingerprint: finding.fingerprint,
      rule: finding.rule,
      severity: finding.severity,
      message: finding.message,
      evidence: finding.evidence,
      path: finding.path,
      line: finding.line,
      layer: finding.layer && {index: finding.layer.index, diffID: finding.layer.diffID},
      packages: finding.packages,
      fix: finding.fix,
      silencedBy: finding.suppressed,
    })),
    checked:
      property === undefined
        ? null
        : files.map(({path, package: owner, hardening}) => ({path, package: owner, ...hardening[property]})),
  })
}

function findingsOf({id}: Rule, {findings, suppressed}: Report): readonly Finding[] {
  return [...findings, ...suppressed].filter(({ruleID, raisedBy}) => ruleID === id || raisedBy === id)
}
