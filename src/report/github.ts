import {groupBy} from '../model/group.js'
import type {Finding, Report, Reporter} from '../model/report.js'
import {count, grouped, shorten, visible} from '../model/text.js'
import {commandMark} from './log.js'
import {noticeOf} from './notice.js'
import {type Problem, packageNames, placeOf, problemsOf, remedyOf} from './problems.js'
import {levelOf} from './sarif-rules.js'
import {summaryOf} from './summary.js'
import {warningText} from './warning-text.js'

/** Of each level, GitHub shows so many of one step, and drops the rest without a word. */
const annotationsPerLevel = 10
/** What nobody reads to its end in a box of three lines. */
const lineLength = 1000
const titleLength = 200
const placesShown = 10

type Level = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly level: Level
  readonly title: string
  /** A place in the repository; null where none is known. */
  readonly at: {readonly file: string; readonly line: number; readonly endLine: number} | null
  /** Lines of raw text. */
  readonly lines: readonly string[]
}

/**
 * Workflow commands, which GitHub's runner turns into annotations: the worst of each level, and a notice that counts
 * all of them. An annotation stands at the line of the Dockerfile that brought the finding in, where it is known.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export const github: Reporter = {
  name: 'github',
  description: 'annotations of a GitHub workflow run',
  render(report) {
    const found = problemsOf(report.findings).map(problem => annotationOf(problem, report))
    const byLevel = groupBy([...incomplete(report), ...found], ({level}) => level)
    const shown = [...byLevel].flatMap(([level, annotations]) => annotations.slice(0, roomFor(level)))
    const left = found.length + incomplete(report).length - shown.length
    return [...shown, closing(report, left)].map(commandOf).join('')
  },
}

/** The closing notice is one of the notices. */
function roomFor(level: Level): number {
  return level === 'notice' ? annotationsPerLevel - 1 : annotationsPerLevel
}

function annotationOf({first, findings}: Problem, report: Report): Annotation {
  const level = levelOf(first)
  const {family, rule, title, message, severity} = first
  const about = packageNames(first).join(', ')
  const places = findings.slice(0, placesShown).map(placeOf).join(', ')
  const more = findings.length > placesShown ? ` and ${grouped(findings.length - placesShown)} more` : ''
  return {
    level: level === 'note' ? 'notice' : level,
    at: placeInRepository(first, report),
    title:
      family === 'vulnerability' ? `${title} (${severity})` : `${rule} ${title}${about && `: ${about}`} (${severity})`,
    lines: [findings.length === 1 ? message : `In ${places}${more}.`, `Fix: ${remedyOf(first)}`],
  }
}

function placeInRepository({dockerfile}: Finding, {fallbackLocation}: Report): Annotation['at'] {
  if (dockerfile === null) return fallbackLocation && {...fallbackLocation, endLine: fallbackLocation.line}
  const {file, startLine, endLine} = dockerfile
  return {file, line: startLine, endLine}
}

function incomplete({complete, warnings}: Report): Annotation[] {
  if (complete) return []
  const hiding = warnings.filter(({hides}) => hides === true)
  return [
    {
      level: 'error',
      at: null,
      title: 'piton: the scan is incomplete',
      lines: ['What could not be looked at may hold more findings.', ...hiding.slice(0, placesShown).map(warningText)],
    },
  ]
}

function closing(report: Report, left: number): Annotation {
  const {advice, warnings} = report
  return {
    level: 'notice',
    at: null,
    title: 'piton',
    lines: [
      summaryOf(report),
      ...(left === 0 ? [] : [`${count(left, 'annotation')} more than GitHub shows: other reports have all of them.`]),
      ...advice.map(({command, text}) => `First: ${command} (${text})`),
      ...(warnings.length === 0 ? [] : [`${count(warnings.length, 'warning')}: other reports have all of them.`]),
      ...noticeOf(report),
    ],
  }
}

function commandOf({level, at, title, lines}: Annotation): string {
  const message = lines.map(line => escaped(shorten(line, lineLength))).join('%0A')
  const place = at === null ? '' : `file=${escapedProperty(at.file)},line=${at.line},endLine=${at.endLine},`
  return `::${level} ${place}title=${escapedProperty(shorten(title, titleLength))}::${message}\n`
}

/** The runner undoes exactly these; what is printable has no line ends, which are %0D and %0A. */
function escaped(text: string): string {
  return visible(text).replace(commandMark, '\\u{23}').replaceAll('%', '%25')
}

/** A property ends at a comma, and the properties at a colon. */
function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
