import type {RenderOptions} from '../model/report.js'
import type {Severity} from '../model/severity.js'
import {shorten} from '../model/text.js'
import {cell, wrap} from './columns.js'
import {type Style, styleOf} from './style.js'

/** What text for people is drawn on. */
export interface Canvas {
  readonly style: Style
  /** Columns of a line, never so few that nothing fits. */
  readonly width: number
  /** Say under each finding what it rests on, and why it matters? */
  readonly explain: boolean
}

/** Prose is easier to read when it ends before the edge of a wide terminal. */
const proseWidth = 100
/** What is longer was never written by a person. */
const proseLength = 2000

export function canvasOf({color, width, links = false, explain = false}: RenderOptions): Canvas {
  return {style: styleOf(color, links), width: Math.max(60, width), explain}
}

/** Text in lines, indented. */
export function prose(text: string, {width}: Canvas, indent = ''): string[] {
  return wrap(shorten(text, proseLength), Math.min(width, proseWidth) - indent.length).map(line => indent + line)
}

/** Lines of `label  value`, the value wrapped beside its label. Rows without a value are left out. */
export function labelled(rows: readonly (readonly [label: string, value: string | null])[], canvas: Canvas): string[] {
  const present = rows.filter((row): row is readonly [string, string] => row[1] !== null)
  const indent = 4 + Math.max(0, ...present.map(([label]) => label.length))
  return present.flatMap(([label, value]) => {
    const [first = '', ...more] = prose(value, canvas, ' '.repeat(indent))
    return [`  ${canvas.style.dim(label)}${first.slice(2 + label.length)}`, ...more]
  })
}

/** Where the text begins that stands behind a severity. */
export const severityIndent = ' '.repeat(12)

/** Text behind its severity, wrapped beside it. */
export function severityLines(severity: Severity, text: string, canvas: Canvas): string[] {
  const [first = '', ...more] = prose(text, canvas, severityIndent)
  const label = canvas.style.severity(severity, cell(severity, severityIndent.length - 2))
  return [`  ${label}${first.slice(severityIndent.length)}`, ...more]
}
