import type {Finding, Report} from '../model/report.js'
import {severityOfScore} from '../model/severity.js'
import {count, shorten} from '../model/text.js'
import {allBroughtBy} from './brought-by.js'
import {loadedWord} from './html-loaded.js'
import {html, type Markup} from './html-markup.js'
import {advisoryURL, type Problem, packageNames, placeOf} from './problems.js'

/** Places of one problem that are listed. */
const placesShown = 200
const nameLength = 255
const textLength = 2000

/** One line that opens: what and where; inside: why, and what to do. The script finds it by the numbers that it carries. */
export function problemRow(problem: Problem, report: Report, packages: ReadonlyMap<string, number>): Markup {
  const {first, findings} = problem
  const {severity, family, message, fix} = first
  const layers = [...new Set(findings.flatMap(({layer}) => layer?.index ?? []))]
  const indexes = packageNames(first).flatMap(name => packages.get(name) ?? [])
  return html`<details class="problem" data-severity="${severity}" data-family="${family}" data-packages="${indexes.join(' ')}" data-layers="${layers.join(' ')}" data-bases="${basesOf(findings).join(' ')}" data-loaded="${loadedWord(first)}">
<summary><span class="badge ${severity}">${severity}</span>
${family === 'vulnerability' ? vulnerabilityCells(first) : otherCells(problem)}</summary>
<div class="body">
${findings.length === 1 ? html`<p>${shorten(message, textLength)}</p>` : null}
<dl>
${detailsOf(problem, report).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
</dl>
${fix.command === null ? null : html`<pre><code>${fix.command}</code></pre>`}
</div>
</details>`
}

/** Of each finding whether the base image brought it: `base`, `own`; none where that cannot be told. */
function basesOf(findings: readonly Finding[]): readonly string[] {
  const known = findings.flatMap(({layer}) => layer?.base ?? [])
  return [...(known.includes(true) ? ['base'] : []), ...(known.includes(false) ? ['own'] : [])]
}

function vulnerabilityCells(finding: Finding): Markup {
  const {rule, cvss, kev, fixedVersion} = finding
  const fixed =
    fixedVersion === null ? 'no fix known' : html`fixed in <code>${shorten(fixedVersion, nameLength)}</code>`
  const [rating] = cvss
  const score = rating ? html`<span class="quiet">CVSS</span> ${rating.score.toFixed(1)}` : 'unscored'
  return html`<span class="id">${shorten(rule, nameLength)}${kev ? html` <span class="tag">exploited</span>` : null}${loadedTag(finding)}</span>
<span class="names">${namesOf(finding)}</span>
<span class="fixed">${fixed}</span>
<span class="score">${score}</span>`
}

/** The package and how many files of it; files that belong to none are named themselves. */
function otherCells({first, findings}: Problem): Markup {
  const names = namesOf(first)
  const place = shorten(placeOf(first), nameLength)
  const more = findings.length - 1
  if (names === '')
    return html`<span class="place">${more === 0 ? place : `${place} and ${count(more, 'more file')}`}${loadedTag(first)}</span>`
  const extent = more === 0 ? place : count(findings.length, 'file')
  return html`<span class="place">${names} <span class="quiet">${extent}</span>${loadedTag(first)}</span>`
}

function loadedTag({loaded}: Finding): Markup | null {
  return loaded === true ? html` <span class="tag loaded">loaded</span>` : null
}

function namesOf(finding: Finding): string {
  return shorten(packageNames(finding).join(', '), nameLength)
}

type Detail = readonly [label: string, value: Markup | string | null]

function detailsOf(problem: Problem, report: Report): readonly Detail[] {
  const {first, findings} = problem
  const {aliases, cvss, epss, evidence, family, fix, packages} = first
  const page = advisoryURL(first)
  const details: readonly Detail[] = [
    ['To do', shorten(fix.text, textLength)],
    ['Installed', shorten(packages.map(({name, version}) => `${name} ${version}`).join(', '), textLength) || null],
    ['Where', family === 'vulnerability' ? null : placeList(findings)],
    ['Evidence', findings.length === 1 ? shorten(evidence, textLength) : null],
    ['Layer', layerOf(first, report)],
    ['Brought by', allBroughtBy(findings)],
    ['Loaded', loadedOf(first)],
    ['CVSS', cvss.length === 0 ? null : html`<ul>${cvss.map(ratingItem)}</ul>`],
    ['EPSS', epss && `${(epss.score * 100).toFixed(1)} % chance of being exploited within 30 days`],
    ['Also known as', shorten(aliases.join(', '), textLength) || null],
    ['Advisory', page && html`<a href="${page}" rel="noreferrer">${page}</a>`],
  ]
  return details.filter(([, value]) => value !== null)
}

function loadedOf({loaded}: Finding): string | null {
  if (loaded === null) return null
  return loaded ? 'yes: what the image starts loads it' : 'no: nothing that the image starts loads it'
}

function ratingItem({version, vector, score, source}: Finding['cvss'][number]): Markup {
  return html`<li>${score.toFixed(1)} ${severityOfScore(score)}, version ${version}, from ${source}: <code>${vector}</code></li>`
}

/** Evidence stands beside a place where there are several. */
function placeList(findings: readonly Finding[]): Markup {
  const left = findings.length - placesShown
  const items = findings.slice(0, placesShown).map(finding => {
    const evidence =
      findings.length === 1 ? null : html`<span class="quiet">${shorten(finding.evidence, nameLength)}</span>`
    return html`<li><code>${shorten(placeOf(finding), textLength)}</code> ${evidence}</li>`
  })
  return html`<ul>
${items}
${left > 0 ? html`<li>and ${count(left, 'more file')}: the JSON report has them all</li>` : null}
</ul>`
}

function layerOf({layer}: Finding, {target}: Report): string | null {
  if (layer === null || target.layers.length === 0) return null
  const made = layer.createdBy === null ? '' : `, made by ${shorten(layer.createdBy, 2 * nameLength)}`
  return `${layer.index + 1} of ${target.layers.length}${made}`
}
