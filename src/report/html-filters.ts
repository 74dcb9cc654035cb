import type {Report} from '../model/report.js'
import {families} from '../model/rule.js'
import {severities} from '../model/severity.js'
import {grouped, shorten} from '../model/text.js'
import {familyTitles} from './families.js'
import {loadedLabels, loadedWord, loadedWords} from './html-loaded.js'
import {html, type Markup} from './html-markup.js'
import {type Problem, packageNames} from './problems.js'
import {countBySeverity} from './summary.js'

/** Length of an option: the command of a layer may be a whole script. */
const optionLength = 60
/** A list that nobody scrolls through; the search finds the rest. */
const optionsShown = 2000

/**
 * What to show. Severities and families are check boxes that the style sheet itself obeys; what needs the script is
 * hidden until it runs.
 */
export function filters({findings, target}: Report, problems: readonly Problem[]): Markup | null {
  if (findings.length === 0) return null
  const bySeverity = countBySeverity(findings)
  const byFamily = families.map(family => findings.filter(one => one.family === family).length)
  const packages = packageIndexes(problems)
  const byLoaded = loadedWords.map(word => findings.filter(one => loadedWord(one) === word).length)
  const most = (counts: readonly number[]) => Math.max(...counts)
  return html`<aside class="filters">
<h2>Show</h2>
<div class="scripted" hidden>
<label class="field">Search<input id="search" type="search" placeholder="CVE, package, path …" autocomplete="off"></label>
</div>
<fieldset>
<legend>Severity</legend>
${severities.map(name => choice('severity', name, name, bySeverity[name], most(Object.values(bySeverity))))}
</fieldset>
<fieldset>
<legend>Family</legend>
${families.map((name, index) => choice('family', name, familyTitles[name], byFamily[index] ?? 0, most(byFamily)))}
</fieldset>
${
  findings.every(({loaded}) => loaded === null)
    ? null
    : html`<fieldset>
<legend>What the image starts</legend>
${loadedWords.map((word, index) => choice('loaded', word, loadedLabels[word], byLoaded[index] ?? 0, most(byLoaded)))}
</fieldset>`
}
<div class="scripted" hidden>
<label class="field">Package<select id="package"><option value="">all</option>
${[...packages].slice(0, optionsShown).map(([name, index]) => option(index, name))}
</select></label>
<label class="field">Layer<select id="layer"><option value="">all</option>
${target.layers.map(({createdBy}, index) => option(index, createdBy === null ? `${index + 1}` : `${index + 1}: ${createdBy}`))}
</select></label>
${target.layers.some(({base}) => base !== null) ? originChoice : null}
<p class="shown"><output id="shown"></output> <button id="reset" type="button">Show all</button></p>
</div>
</aside>`
}

const originChoice = html`<label class="field">Brought by<select id="origin"><option value="">all</option>
<option value="base">the base image</option><option value="own">your own layers</option>
</select></label>`

/** Every package that a problem is about, by name, with the number that rows carry in place of a stranger's text. */
export function packageIndexes(problems: readonly Problem[]): ReadonlyMap<string, number> {
  const names = new Set(problems.flatMap(({first}) => packageNames(first)))
  return new Map([...names].sort().map((name, index) => [name, index]))
}

function choice(kind: string, name: string, label: string, number: number, most: number): Markup {
  const width = ((number / most) * 100).toFixed(2)
  return html`<label class="choice"><input id="${kind}-${name}" type="checkbox" checked>
<span>${label}</span>
<svg class="bar" aria-hidden="true"><rect class="fill-${name}" width="${width}%" height="100%"/></svg>
<span class="count">${grouped(number)}</span></label>`
}

function option(value: number, text: string): Markup {
  return html`<option value="${value}">${shorten(text, optionLength)}</option>`
}
