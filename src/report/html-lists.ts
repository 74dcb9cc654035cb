import type {Report} from '../model/report.js'
import {count, shorten} from '../model/text.js'
import {html, type Markup} from './html-markup.js'
import {warningText} from './warning-text.js'

const rowsShown = 5000
const warningsShown = 500
const textLength = 500

export function warningList({warnings, complete}: Report): Markup | null {
  if (warnings.length === 0) return null
  const items = warnings
    .slice(0, warningsShown)
    .map(warning => html`<li><code>${warning.code}</code> ${shorten(warningText(warning), textLength)}</li>`)
  const lines = html`<ul>${items}</ul>${cut(warnings.length - warningsShown, 'warning')}`
  const heading = html`<summary><h2>${count(warnings.length, 'warning')}</h2></summary>`
  return complete
    ? html`<details class="list" id="warnings">${heading}${lines}</details>`
    : html`<details class="list" id="warnings" open>${heading}${lines}</details>`
}

export function packageTable({packages}: Report): Markup | null {
  if (packages.length === 0) return null
  const rows = packages.slice(0, rowsShown).map(({name, version, origin, license, layer}) => {
    const cells = [name, version, origin, license].map(text => html`<td>${shorten(text, textLength)}</td>`)
    return html`<tr>${cells}<td class="number">${layer + 1}</td></tr>`
  })
  return html`<details class="list" id="packages">
<summary><h2>${count(packages.length, 'package')}</h2></summary>
<div class="scroll"><table>
<thead><tr><th>Package</th><th>Version</th><th>Origin</th><th>Licence</th><th class="number">Layer</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
${cut(packages.length - rowsShown, 'package')}
</details>`
}

export function layerTable({target}: Report): Markup | null {
  if (target.layers.length === 0) return null
  const rows = target.layers.map(
    ({diffID, createdBy}, index) =>
      html`<tr><td class="number">${index + 1}</td><td>${shorten(createdBy ?? 'unknown', textLength)}</td><td><code>${diffID ?? ''}</code></td></tr>`,
  )
  return html`<details class="list" id="layers">
<summary><h2>${count(target.layers.length, 'layer')}</h2></summary>
<div class="scroll"><table>
<thead><tr><th class="number">Layer</th><th>Made by</th><th>Digest</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
</details>`
}

function cut(left: number, noun: string): Markup | null {
  return left > 0 ? html`<p class="cut">and ${count(left, `more ${noun}`)}: the JSON report has them all</p>` : null
}
