import {grouped, shorten} from '../model/text.js'
import {allBroughtBy} from './brought-by.js'
import {codeSpan, commentText} from './markdown.js'
import {advisoryURL, type Problem, packageNames, placeOf, remedyOf} from './problems.js'

const nameLength = 100
const textLength = 300
/** Packages or places of one row. */
const namesShown = 3
/** What the sentence about a table that is cut needs, and the tags around it. */
const frameBytes = 400

/** What still fits into a comment. */
export class Room {
  #bytes: number

  constructor(bytes: number, taken: readonly string[]) {
    this.#bytes = bytes
    for (const text of taken) this.take(text)
  }

  /** Takes the room that a text and a line end need; false, and nothing is taken, where there is too little. */
  take(text: string, reserved = 0): boolean {
    const bytes = Buffer.byteLength(text) + 2
    if (bytes + reserved > this.#bytes) return false
    this.#bytes -= bytes
    return true
  }
}

/** As many of the problems as there is room for, and how many more there are; '' where there are none. */
export function problemTable(
  title: string,
  problems: readonly Problem[],
  room: Room,
  state: 'open' | 'folded',
): string {
  if (problems.length === 0) return ''
  const heading = `${title} (${grouped(problems.length)})`
  if (!room.take(heading, frameBytes)) return leftOut(title, problems)
  const rows: string[] = []
  for (const problem of problems) {
    const row = rowOf(problem)
    if (!room.take(row, frameBytes)) break
    rows.push(row)
  }
  const left = problems.slice(rows.length)
  const table = ['| severity | finding | where | fix |', '| --- | --- | --- | --- |', ...rows].join('\n')
  const body = [...(rows.length === 0 ? [] : [table]), ...(left.length === 0 ? [] : [leftOut(title, left)])].join(
    '\n\n',
  )
  if (state === 'open') return `### ${heading}\n\n${body}`
  return `<details>\n<summary>${heading}</summary>\n\n${body}\n\n</details>`
}

function leftOut(title: string, problems: readonly Problem[]): string {
  return `**${title}:** ${grouped(problems.length)} more did not fit into this comment; the other reports have them all.`
}

function rowOf(problem: Problem): string {
  const {first} = problem
  return `| ${[first.severity, findingOf(problem), whereOf(problem), fixOf(problem)].join(' | ')} |`
}

function findingOf({first}: Problem): string {
  const {family, rule, title, cvss, kev, loaded} = first
  const mark = loaded === true ? ['**loaded**'] : []
  if (family !== 'vulnerability')
    return [`${codeSpan(rule)} ${commentText(shorten(title, textLength))}`, ...mark].join(', ')
  const url = advisoryURL(first)
  const id = url === null ? codeSpan(shorten(rule, nameLength)) : `[${rule}](${url})`
  return [id, `CVSS ${cvss[0]?.score.toFixed(1) ?? 'unscored'}`, ...(kev ? ['**exploited**'] : []), ...mark].join(', ')
}

/** Packages, or files of one package, or files of none. */
function whereOf(problem: Problem): string {
  const place = allBroughtBy(problem.findings)
  const from = place === null ? '' : `, from ${commentText(shorten(place, textLength))}`
  return thingOf(problem) + from
}

function thingOf({first, findings}: Problem): string {
  const names = packageNames(first)
  if (first.family === 'vulnerability') {
    const versions = [...new Set(first.packages.map(({version}) => version))]
    return `${listOf(names)} ${listOf(versions)}`
  }
  const places = listOf(findings.map(placeOf))
  return names.length === 0 ? places : `${listOf(names)}: ${places}`
}

function fixOf({first}: Problem): string {
  if (first.fixedVersion !== null) return `in ${codeSpan(shorten(first.fixedVersion, nameLength))}`
  const remedy = remedyOf(first)
  if (first.fix.command !== null && remedy.length <= textLength) return codeSpan(remedy)
  return commentText(shorten(remedy, textLength))
}

function listOf(texts: readonly string[]): string {
  const shown = texts.slice(0, namesShown).map(text => codeSpan(shorten(text, nameLength)))
  const left = texts.length - shown.length
  return left > 0 ? `${shown.join(', ')} and ${grouped(left)} more` : shown.join(', ')
}
