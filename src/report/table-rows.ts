import {groupBy} from '../model/group.js'
import type {Finding} from '../model/report.js'
import type {Severity} from '../model/severity.js'
import {count, grouped, shorten} from '../model/text.js'
import {allBroughtBy} from './brought-by.js'
import {evidenceText} from './grounds.js'

/** One entry of a block: one finding, or all that a rule finds in the files of one package. */
export interface Row {
  readonly severity: Severity
  readonly text: string
  readonly remedy: string
  /** How many findings it stands for. */
  readonly findings: number
  /** What they rest on. Raw text. */
  readonly grounds: string
}

/** With more findings of one rule, its heading says what is wrong, and each row only where. */
const messagesShown = 3
/** Files of a package that are named, and letters of each: the last one is that of the name. */
const pathsShown = 3
const pathLength = 120

/** The findings of one rule as rows. What one package's maintainer can put right stands in one. */
export function rowsOf(findings: readonly Finding[]): Row[] {
  const explained = findings.length <= messagesShown
  const groups = groupBy(findings, finding => (explained || !hasPackage(finding) ? finding : placeKey(finding)))
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (first === undefined) return []
    const text = explained ? messageOf(first) : hasPackage(first) ? packageText(first, group) : placeOf(first)
    const place = allBroughtBy(group)
    const from = place === null ? '' : ` (from ${shorten(place, pathLength)})`
    return {
      severity: first.severity,
      text: text + from + loadedText(group),
      remedy: first.fix.command ?? first.fix.text,
      findings: group.length,
      grounds: evidenceText(group),
    }
  })
}

/** Is it about a file that a package owns? */
function hasPackage({origin, family}: Finding): boolean {
  return origin !== null && family !== 'vulnerability'
}

function placeKey({severity, raisedBy, packages}: Finding): string {
  return [severity, raisedBy, packages[0]?.name].join('\0')
}

function messageOf(finding: Finding): string {
  return hasPackage(finding) ? `${finding.packages[0]?.name}: ${finding.message}` : finding.message
}

/** `openrc: 14 files: sbin/openrc, sbin/rc, sbin/service and 11 more`. */
function packageText({packages, raisedBy}: Finding, group: readonly Finding[]): string {
  const paths = group.slice(0, pathsShown).map(({path}) => shorten(path, pathLength))
  const more = group.length > paths.length ? ` and ${group.length - paths.length} more` : ''
  const number = group.length > 1 ? `${count(group.length, 'file')}: ` : ''
  return `${packages[0]?.name}: ${number}${paths.join(', ')}${more}${raisedText(raisedBy)}`
}

function placeOf({path, line, raisedBy}: Finding): string {
  return `${path || '/'}${line === null ? '' : `:${line}`}${raisedText(raisedBy)}`
}

/** Only what is loaded is marked: in most images that is little. */
function loadedText(group: readonly Finding[]): string {
  const loaded = group.filter(finding => finding.loaded === true).length
  if (loaded === 0) return ''
  return loaded === group.length ? ' [loaded]' : ` [${grouped(loaded)} of ${grouped(group.length)} loaded]`
}

function raisedText(raisedBy: string | null): string {
  return raisedBy === null ? '' : ` (raised by ${raisedBy})`
}
