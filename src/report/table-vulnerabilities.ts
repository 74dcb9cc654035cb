import {groupBy} from '../model/group.js'
import {limits} from '../model/limits.js'
import type {Finding} from '../model/report.js'
import {count, shorten, visible} from '../model/text.js'
import {allBroughtBy} from './brought-by.js'
import {type Canvas, prose} from './canvas.js'
import {clip} from './columns.js'
import {type Column, layout, rowLine, titleLine} from './grid.js'
import {vulnerabilityGrounds} from './grounds.js'
import {advisoryURL} from './problems.js'
import {paintSeverity, type Style} from './style.js'

/** Packages and versions in a heading, before the rest is left out. */
const namesShown = 20
const versionsShown = 3
const placeLength = 300
const reasonLength = 200

const columns: readonly Column<Finding>[] = [
  {title: 'SEVERITY', most: 8, text: ({severity}) => severity, paint: paintSeverity},
  {title: 'ID', most: 24, shrinks: true, text: ({rule}) => visible(rule), paint: paintID},
  {title: 'FIXED IN', most: 40, shrinks: true, text: ({fixedVersion}) => visible(fixedVersion ?? 'unknown')},
  {title: 'CVSS', most: 8, align: 'right', text: ({cvss}) => cvss[0]?.score.toFixed(1) ?? 'unscored'},
  {title: '', most: 9, text: ({kev}) => (kev ? 'exploited' : '')},
  {title: 'LOADED', most: 6, text: ({loaded}) => (loaded === null ? '' : loaded ? 'loaded' : 'no')},
  {title: 'EPSS', most: 7, align: 'right', optional: true, text: epssOf},
  {title: 'SOURCE', most: 12, optional: true, text: ({cvss}) => visible(cvss[0]?.source ?? '')},
  {title: 'VECTOR', most: 100, optional: true, text: ({cvss}) => visible(cvss[0]?.vector ?? '')},
]

/**
 * One block for each origin package, the worst first; in it one line for each vulnerability.
 * @param ownBranch the branch of the target: fixes of another one are said to be so
 */
export function vulnerabilityLines(
  findings: readonly Finding[],
  canvas: Canvas,
  ownBranch: string | null = null,
): string[] {
  const {style, width} = canvas
  const found = findings.filter(({family}) => family === 'vulnerability')
  if (found.length === 0) return []
  const shown = found.slice(0, limits.tableRows)
  const placed = layout(columns, shown, width)
  const lines = [style.bold('Vulnerabilities'), '', titleLine(placed, style)]
  for (const [origin, group] of groupBy(shown, finding => finding.origin ?? '')) {
    lines.push(
      '',
      style.bold(headingOf(origin, group, width)),
      ...placeLine(group, style),
      ...branchLines(group, ownBranch, canvas),
      ...offerLines(group, canvas),
    )
    for (const finding of group) lines.push(rowLine(placed, finding, style), ...groundLines(finding, canvas))
  }
  const left = found.length - shown.length
  if (left > 0) lines.push('', `and ${count(left, 'more vulnerability', 'more vulnerabilities')}; -o json has them all`)
  return lines
}

function groundLines(finding: Finding, canvas: Canvas): string[] {
  if (!canvas.explain) return []
  return prose(visible(vulnerabilityGrounds(finding)), canvas, '    ').map(canvas.style.dim)
}

function paintID(text: string, finding: Finding, style: Style): string {
  return style.link(text, advisoryURL(finding))
}

/** What else the packages were held against than the advisories of the target's own branch, and why. */
function branchLines(group: readonly Finding[], ownBranch: string | null, canvas: Canvas): string[] {
  const others = group.flatMap(({grounds}) => grounds).filter(({branch}) => ownBranch !== null && branch !== ownBranch)
  const lines = new Set(
    others.map(({branch, reason}) => `also held against ${branch}: ${shorten(reason, reasonLength)}`),
  )
  return [...lines].flatMap(line => prose(visible(line), canvas, '  ').map(canvas.style.dim))
}

/** What there is to upgrade to, and what of the fixes it does not have yet. */
function offerLines(group: readonly Finding[], canvas: Canvas): string[] {
  const missing = group.filter(({offer}) => offer?.hasFix === false).length
  const versions = new Set(group.flatMap(({offer}) => offer?.version ?? []))
  const date = group.find(({offer}) => offer !== null)?.offer?.date
  if (versions.size === 0) return []
  const has = `the repository has ${[...versions].slice(0, versionsShown).join(', ')}${date ? ` (index of ${date})` : ''}`
  const lacks = missing === 0 ? '' : `, without ${count(missing, 'fix', 'fixes')}: listed, but not published yet`
  return prose(visible(shorten(has + lacks, reasonLength)), canvas, '  ').map(canvas.style.dim)
}

/** Where the packages came from, where that is known. */
function placeLine(group: readonly Finding[], style: Style): string[] {
  const place = allBroughtBy(group)
  return place === null ? [] : [style.dim(`  from ${visible(shorten(place, placeLength))}`)]
}

/** The origin, what is installed of it, and the packages that were built from it: `openssl 3.1.4-r2 (libssl3)`. */
function headingOf(origin: string, group: readonly Finding[], width: number): string {
  const packages = group.flatMap(finding => finding.packages)
  const names = [...new Set(packages.map(({name}) => name))]
  const versions = [...new Set(packages.map(({version}) => version))]
  const heading = `${origin} ${versions.slice(0, versionsShown).join(', ')}`
  if (names.length === 1 && names[0] === origin) return clip(visible(shorten(heading, width)), width - 1)
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : ''
  const list = `${heading} (${names.slice(0, namesShown).join(', ')}${more})`
  return clip(visible(shorten(list, 4 * width)), width - 1)
}

function epssOf({epss}: Finding): string {
  if (epss === null) return ''
  return epss.score < 0.001 ? '<0.1 %' : `${(epss.score * 100).toFixed(1)} %`
}
