import {groupBy} from '../model/group.js'
import type {Report} from '../model/report.js'
import {type Family, families} from '../model/rule.js'
import {count, shorten} from '../model/text.js'
import {familyTitles} from './families.js'
import {packageIndexes} from './html-filters.js'
import {html, type Markup, withCode} from './html-markup.js'
import {problemRow} from './html-problem.js'
import type {Problem} from './problems.js'

/** Rows of a page that browsers still open at once. */
const rowsShown = 5000
const nameLength = 255

/** A section for each family; in it a group for each origin package or rule. */
export function findings(report: Report, problems: readonly Problem[]): Markup | null {
  if (problems.length === 0) return null
  const packages = packageIndexes(problems)
  const shown = problems.slice(0, rowsShown)
  const left = problems.length - shown.length
  const sections = families.map(family => {
    const found = shown.filter(({first}) => first.family === family)
    return found.length === 0 ? null : section(family, found, report, packages)
  })
  return html`${sections}
${left === 0 ? null : html`<p class="cut">${count(left, 'more problem')}, none worse than those here: the JSON report has them all.</p>`}
<p id="nothing" hidden>Nothing is left of these filters.</p>`
}

function section(
  family: Family,
  problems: readonly Problem[],
  report: Report,
  packages: ReadonlyMap<string, number>,
): Markup {
  const groups = groupBy(problems, ({first}) =>
    family === 'vulnerability' ? first.origin : `${first.rule} ${first.title}`,
  )
  return html`<section class="family" data-family="${family}">
<h2>${familyTitles[family]}</h2>
${[...groups.values()].map(group => groupOf(group, report, packages))}
</section>`
}

function groupOf(problems: readonly Problem[], report: Report, packages: ReadonlyMap<string, number>): Markup {
  const [problem] = problems
  if (problem === undefined) return html``
  const {first} = problem
  const number = problems.reduce((sum, {findings}) => sum + findings.length, 0)
  const heading =
    first.family === 'vulnerability'
      ? originHeading(problems)
      : html`<code>${first.rule}</code> ${shorten(first.title, nameLength)}`
  return html`<details class="group" open>
<summary><h3>${heading}</h3><span class="count">${count(number, 'finding')}</span></summary>
${helpOf(problem, report)}
${problems.map(one => problemRow(one, report, packages))}
</details>`
}

/** `openssl 3.1.4-r2`. */
function originHeading(problems: readonly Problem[]): Markup {
  const versions = new Set(problems.flatMap(({first}) => first.packages.map(({version}) => version)))
  return html`${shorten(problems[0]?.first.origin ?? 'unknown', nameLength)} <span class="version">${shorten([...versions].join(', '), nameLength)}</span>`
}

/** Why a rule matters, in its own words; a vulnerability has an advisory of its own. */
function helpOf({first}: Problem, {rules}: Report): Markup | null {
  const rule = first.family === 'vulnerability' ? undefined : rules.find(({id}) => id === first.ruleID)
  if (rule === undefined) return null
  return html`<details class="help"><summary>Why it matters, and how to fix it</summary>
<p>${withCode(rule.help.why)}</p><p><strong>Fix:</strong> ${withCode(rule.help.fix)}</p>
<ul>${rule.help.links.map(link => html`<li><a href="${link}" rel="noreferrer">${link}</a></li>`)}</ul></details>`
}
