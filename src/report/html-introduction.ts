import type {Report} from '../model/report.js'
import {severities} from '../model/severity.js'
import {aboutOf, titleOf} from './about.js'
import {html, type Markup} from './html-markup.js'
import {noticeOf} from './notice.js'
import {countBySeverity, summaryOf} from './summary.js'

/** What was scanned, what came of it, and what to do first. */
export function introduction(report: Report): Markup {
  return html`<header>
<p class="brand">piton report</p>
<h1>${titleOf(report)}</h1>
<dl class="about">
${aboutOf(report).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
</dl>
${incomplete(report)}
<p class="summary">${summaryOf(report)}</p>
${stack(report)}
${advice(report)}
<p class="notice">${noticeOf(report).join(' ')}</p>
</header>`
}

function incomplete({complete}: Report): Markup | null {
  if (complete) return null
  return html`<p class="alarm"><strong>The scan is incomplete.</strong> What it could not look at may hold more findings:
see the <a href="#warnings">warnings</a>.</p>`
}

/** All findings as one bar, the worst to the left. */
function stack({findings}: Report): Markup | null {
  if (findings.length === 0) return null
  const counts = countBySeverity(findings)
  let x = 0
  const parts = severities.map(severity => {
    const width = (counts[severity] / findings.length) * 100
    const part = html`<rect class="fill-${severity}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"/>`
    x += width
    return part
  })
  return html`<svg class="stack" aria-hidden="true">${parts}</svg>`
}

function advice({advice}: Report): Markup | null {
  if (advice.length === 0) return null
  return html`<section class="advice">
<h2>What to do first</h2>
<ol>
${advice.map(({command, text}) => html`<li><pre><code>${command}</code></pre><p>${text}</p></li>`)}
</ol>
</section>`
}
