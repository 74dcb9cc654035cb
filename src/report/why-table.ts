import type {Format, Report} from '../model/report.js'
import {count, shorten, visible} from '../model/text.js'
import type {ChainLink, LinkedBy, Why, WhyAnswer} from '../model/why.js'
import {broughtBy} from './brought-by.js'
import {type Canvas, canvasOf, labelled} from './canvas.js'
import {quiet} from './log.js'
import {summaryOf} from './summary.js'

/** Names of a row, before the rest is counted. */
const namesShown = 12
const nameLength = 200
const commandLength = 200

/** `piton why` for people: a block for each package or file that was meant. */
export const whyTable: Format<WhyAnswer & {readonly report: Report}> = {
  name: 'table',
  description: 'for people',
  render({whys, report}, options) {
    const canvas = canvasOf(options)
    return quiet(`${whys.map(why => blockOf(why, report, canvas).join('\n')).join('\n\n')}\n`)
  },
}

function blockOf(why: Why, report: Report, canvas: Canvas): string[] {
  const rows = rowsOf(why, report).map(([label, value]) => [label, value && visible(value)] as const)
  return [canvas.style.bold(visible(headingOf(why))), '', ...labelled(rows, canvas)]
}

/** `libssl3 3.1.4-r2 (of openssl)`, `usr/local/bin/app (of no package)`. */
function headingOf({package: owner, foreignPackage, files}: Why): string {
  const [file = ''] = files
  if (owner === null)
    return `${shorten(file, nameLength)} (of ${shorten(foreignPackage?.name ?? 'no package', nameLength)})`
  const origin = owner.origin === owner.name || owner.origin === '' ? '' : ` (of ${shorten(owner.origin, nameLength)})`
  return `${shorten(owner.name, nameLength)} ${shorten(owner.version, nameLength)}${origin}`
}

function rowsOf(why: Why, report: Report): (readonly [label: string, value: string | null])[] {
  const {package: owner, files, neededBy, installedFor, scripts} = why
  return [
    ['because', becauseOf(why)],
    ...why.chains.filter(chain => chain.length > 1).map(chain => ['chain', chainText(chain)] as const),
    ['needed by', listOf(neededBy.map(({package: name}) => name))],
    ['comes with', installedFor && listOf(installedFor)],
    ['linked by', linkedText(why.linkedBy)],
    [
      'started by',
      scripts.length === 0 ? null : `the first line of ${count(scripts.length, 'script')}: ${listOf(scripts)}`,
    ],
    ['brought by', layerText(why, report)],
    ['line', lineText(why)],
    ['loaded', loadedText(why, report)],
    ['files', owner === null || files.length === 0 ? null : listOf(files)],
    ['findings', why.findings.length === 0 ? 'none' : findingsText(why)],
  ]
}

function becauseOf({package: owner, foreignPackage, world, chains, neededBy, installedFor}: Why): string {
  if (foreignPackage !== null) {
    const {name, manager} = foreignPackage
    return `${manager} installed it with ${shorten(name, nameLength)}; who needs that is not known`
  }
  if (owner === null) return 'no package owns it: something in the image put it there'
  if (world !== null) return `it is asked for: ${world} in the world file`
  const [root] = chains[0] ?? []
  if (root !== undefined) return `${shorten(root.package, nameLength)}, which is asked for, needs it`
  if (installedFor !== null) return 'apk installs it wherever those that it comes with are installed'
  if (neededBy.length > 0) return 'other packages need it, of which none is asked for'
  return `nothing: it is not in the world file, and no package needs it (apk del ${shorten(owner.name, nameLength)})`
}

/** `curl → libcurl (so:libcurl.so.4) → libssl3 (so:libssl.so.3)`. */
function chainText(chain: readonly ChainLink[]): string {
  return chain
    .map(({package: name, as}) => shorten(as === null || as === name ? name : `${name} (${as})`, nameLength))
    .join(' → ')
}

function linkedText(linkedBy: readonly LinkedBy[]): string | null {
  const direct = linkedBy
    .filter(one => one.direct)
    .map(({path, package: owner}) => (owner === null ? path : `${path} (${owner})`))
  const rest = linkedBy.length - direct.length
  const others =
    rest === 0 ? null : `${direct.length === 0 ? '' : 'and '}${count(rest, 'file')} through these or others`
  const parts = [listOf(direct), others].filter(part => part !== null)
  return parts.length === 0 ? null : parts.join(', ')
}

function layerText({layer}: Why, {target}: Report): string | null {
  if (layer === null || target.layers.length === 0) return null
  const base = layer.base === null ? '' : layer.base ? ', of the base image' : ', of your own'
  const made = layer.createdBy === null ? '' : `: ${shorten(layer.createdBy, commandLength)}`
  return `layer ${layer.index + 1} of ${target.layers.length}${base}${made}`
}

function lineText({dockerfile, layer}: Why): string | null {
  const place = dockerfile && broughtBy({dockerfile, layer})
  if (dockerfile === null || place === null) return null
  return `${place}: ${shorten(dockerfile.snippet.trim().replace(/\s+/g, ' '), commandLength)}`
}

function loadedText({loaded, loadedThrough, package: owner}: Why, {loaded: started}: Report): string | null {
  if (started === null) return null
  const program = started.program ?? 'what the image starts'
  if (loaded === null) return `not known: ${started.reason ?? 'nothing says what is started'}`
  if (!loaded) return `no: ${program}, which the image starts, does not load it`
  if (loadedThrough.length > 1) return `yes: ${loadedThrough.join(' → ')}`
  if (loadedThrough.length === 1) return 'yes: it is what the image starts'
  return owner === null ? 'yes: by what the image starts' : `yes: ${program}, which the image starts, brings it in`
}

function findingsText({findings}: Why): string {
  const hidden = {critical: 0, high: 0, medium: 0, low: 0, note: 0}
  const ids = [...new Set(findings.map(({rule}) => rule))]
  return `${summaryOf({findings, hidden, suppressed: [], baseline: null})} ${listOf(ids)}`
}

function listOf(names: readonly string[]): string | null {
  if (names.length === 0) return null
  const all = [...new Set(names)]
  const left = all.length - namesShown
  const shown = all.slice(0, namesShown).map(name => shorten(name, nameLength))
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ')
}
