import {createHash} from 'node:crypto'
import {projectURL} from '../model/project.js'
import type {Report, Reporter} from '../model/report.js'
import {titleOf} from './about.js'
import {filters} from './html-filters.js'
import {findings} from './html-findings.js'
import {introduction} from './html-introduction.js'
import {layerTable, packageTable, warningList} from './html-lists.js'
import {html, Markup} from './html-markup.js'
import {script} from './html-script.js'
import {style} from './html-style.js'
import {suppressedSection} from './html-suppressed.js'
import {quiet} from './log.js'
import {problemsOf} from './problems.js'

/**
 * One page that needs nothing but itself: no network, no other file. Its own script and style are all that a browser
 * may run, by their hashes; severities and families are filtered without the script too.
 */
export const htmlReport: Reporter = {
  name: 'html',
  description: 'one page to read, search and pass on',
  render: report => quiet(`${pageOf(report).text}\n`),
}

function pageOf(report: Report): Markup {
  const problems = problemsOf(report.findings)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>piton: ${titleOf(report)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${introduction(report)}
<div class="columns">
${filters(report, problems)}
<main>
${findings(report, problems)}
${suppressedSection(report)}
${warningList(report)}
${packageTable(report)}
${layerTable(report)}
</main>
</div>
<footer>Written by <a href="${projectURL}">${report.tool.name}</a> ${report.tool.version}.</footer>
<script>${new Markup(script)}</script>
</body>
</html>`
}

const policy = [
  "default-src 'none'",
  `script-src '${hashOf(script)}'`,
  `style-src '${hashOf(style)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Content Security Policy 3, 2.3.1 "hash-source". */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
