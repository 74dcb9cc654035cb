import type {Report} from '../model/report.js'
import {count, shorten} from '../model/text.js'
import {html, type Markup} from './html-markup.js'
import {nameOfProblem, type SuppressedGroup, suppressedGroups, suppressorTitles} from './suppressed.js'

const groupsShown = 1000
/** Problems of one decision. */
const problemsShown = 200
const textLength = 500

/** What does not count: who decided it, where and why, and what it is about. */
export function suppressedSection(report: Report): Markup | null {
  const groups = suppressedGroups(report)
  if (groups.length === 0) return null
  const left = groups.length - groupsShown
  return html`<details class="list" id="suppressed">
<summary><h2>${count(report.suppressed.length, 'suppressed finding')}</h2></summary>
<div class="scroll"><table>
<thead><tr><th>By</th><th>Finding</th><th>Why</th><th>Where it is written</th></tr></thead>
<tbody>${groups.slice(0, groupsShown).map(rowOf)}</tbody>
</table></div>
${left > 0 ? html`<p class="cut">and ${count(left, 'more decision')}: the JSON report has them all</p>` : null}
</details>`
}

function rowOf({by, heading, reason, problems}: SuppressedGroup): Markup {
  const items = problems.slice(0, problemsShown).map(problem => {
    const {severity} = problem.first
    return html`<li><span class="badge ${severity}">${severity}</span> ${shorten(nameOfProblem(problem), textLength)}</li>`
  })
  const left = problems.length - problemsShown
  return html`<tr><td>${suppressorTitles[by]}</td><td><ul>
${items}
${left > 0 ? html`<li>and ${count(left, 'more problem')}</li>` : null}
</ul></td><td>${shorten(reason ?? '', textLength)}</td><td>${shorten(heading, textLength)}</td></tr>`
}
