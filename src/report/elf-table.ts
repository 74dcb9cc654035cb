import type {ElfFile} from '../model/facts.js'
import {groupBy} from '../model/group.js'
import type {Finding, Format} from '../model/report.js'
import {count, visible} from '../model/text.js'
import type {Check, Verdict} from '../model/verdict.js'
import {type Canvas, canvasOf, prose, severityLines} from './canvas.js'
import type {ElfListing} from './elf.js'
import {type Column, layout, rowLine, titleLine} from './grid.js'
import {quiet} from './log.js'
import {summaryOf} from './summary.js'

const words: Readonly<Record<Verdict, string>> = {yes: 'yes', no: 'no', unknown: '?', 'not-applicable': 'n/a'}
/** Files of a rule that are named. */
const pathsShown = 3

const columns: readonly Column<ElfFile>[] = [
  {title: 'FILE', most: 200, shrinks: true, keepsEnd: true, text: ({path}) => visible(path)},
  {title: 'TYPE', most: 11, text: ({type}) => told(type)},
  checkColumn('PIE', ({hardening}) => hardening.pie),
  checkColumn('CANARY', ({hardening}) => hardening.stackProtector),
  checkColumn(
    'RELRO',
    ({hardening}) => hardening.relro,
    ({verdict, value}) => value ?? words[verdict],
  ),
  checkColumn('NX', ({hardening}) => hardening.nx),
  checkColumn('FORTIFY', ({hardening}) => hardening.fortify),
  {
    title: 'RUN PATH',
    most: 8,
    text: runPathText,
    paint: (text, {hardening}, style) => style.verdict(hardening.runPath.verdict, text),
  },
  {title: 'LIBC', most: 7, optional: true, text: ({libc}) => told(libc)},
  {title: 'LANGUAGE', most: 10, optional: true, text: ({language}) => told(language)},
  {title: 'LIBRARIES FROM', most: 60, optional: true, text: file => visible(runPathOf(file))},
]

/** In the spirit of checksec: one row a file, and below it what is missing. */
export const elfTable: Format<ElfListing> = {
  name: 'table',
  description: 'for people: one row a file',
  render: (listing, options) => {
    const canvas = canvasOf(options)
    const rows = listing.files.filter(({sameAs}) => sameAs === null)
    const sections = [fileLines(rows, canvas), summaryLines(listing, canvas), findingLines(listing, canvas)]
    const printed = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'))
    return quiet(`${printed.join('\n\n')}\n`)
  },
}

function fileLines(files: readonly ElfFile[], {style, width}: Canvas): string[] {
  if (files.length === 0) return []
  const placed = layout(columns, files, width)
  return [titleLine(placed, style), ...files.map(file => rowLine(placed, file, style))]
}

function summaryLines({files, lookedAt, findings}: ElfListing, canvas: Canvas): string[] {
  const distinct = files.filter(({sameAs}) => sameAs === null).length
  const links = files.length - distinct
  const among = lookedAt === files.length ? '' : ` among ${count(lookedAt, 'file')}`
  const used = new Set(files.flatMap(({hardening}) => Object.values(hardening).map(({verdict}) => verdict)))
  const sentences = [
    `${count(distinct, 'ELF file')}${among}.`,
    ...(links > 0 ? [`${count(links, 'hard link')} not shown.`] : []),
    ...(used.has('unknown') ? ['?: the file does not tell.'] : []),
    ...(used.has('not-applicable') ? ['n/a: does not apply to such a file.'] : []),
  ]
  const summary = summaryOf({
    findings,
    hidden: {critical: 0, high: 0, medium: 0, low: 0, note: 0},
    suppressed: [],
    baseline: null,
  })
  return [...prose(sentences.join(' '), canvas), ...prose(summary, canvas).map(canvas.style.bold)]
}

/** One line for each rule, the worst first. */
function findingLines({findings}: ElfListing, canvas: Canvas): string[] {
  if (findings.length === 0) return []
  const groups = groupBy(findings, ({rule, severity}) => `${severity} ${rule}`)
  const lines = [...groups.values()].flatMap(group => ruleLines(group, canvas))
  return [...lines, '', '`piton explain ID` tells why and how to fix it.']
}

function ruleLines(group: readonly Finding[], canvas: Canvas): string[] {
  const [first] = group
  if (first === undefined) return []
  const paths = group.slice(0, pathsShown).map(({path}) => visible(path))
  const more = group.length > paths.length ? ` and ${group.length - paths.length} more` : ''
  const text = `${first.rule} ${first.title}: ${paths.join(', ')}${more}`
  return severityLines(first.severity, text, canvas)
}

function checkColumn(
  title: string,
  checkOf: (file: ElfFile) => Check,
  textOf: (check: Check) => string = ({verdict}) => words[verdict],
): Column<ElfFile> {
  return {
    title,
    most: 8,
    text: file => textOf(checkOf(file)),
    paint: (text, file, style) => style.verdict(checkOf(file).verdict, text),
  }
}

/** What piton knows of a file, or that it does not. */
function told(text: string): string {
  return text === 'unknown' ? words.unknown : text
}

/** The run path that the loader heeds. */
function runPathOf({runpath, rpath}: ElfFile): string {
  return (runpath.length > 0 ? runpath : rpath).join(':')
}

/** Most files have none, and nothing stands there. */
function runPathText(file: ElfFile): string {
  const {verdict} = file.hardening.runPath
  return verdict === 'yes' && runPathOf(file) === '' ? '' : verdict === 'not-applicable' ? '' : words[verdict]
}
