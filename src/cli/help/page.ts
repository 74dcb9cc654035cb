import {type Canvas, canvasOf} from '../../report/canvas.js'
import {columnsOf, wrap} from '../../report/columns.js'
import {commandLines} from '../../report/command-lines.js'
import {terminalOptions} from '../terminal.js'

/** A line of a help page, or something that takes several. */
export type Row = readonly [left: string, right: string]

/** Beside a label there is room for so many columns of it before its text goes below. */
const mostLabel = 26
const usualWidth = 80
const widest = 100

/** A page on standard output; where that is no terminal, as wide as a terminal is at least. */
export function pageCanvas(): Canvas {
  const {stdout, env} = process
  return canvasOf({
    ...terminalOptions(),
    width: Math.min(widest, stdout.columns || Number(env['COLUMNS']) || usualWidth),
  })
}

/** A heading and what is below it. */
export function section(title: string, lines: readonly string[], {style}: Canvas): string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...lines]
}

/** Text in lines as wide as the page. */
export function paragraph(text: string, {width}: Canvas, indent = ''): string[] {
  return wrap(text, width - indent.length).map(line => indent + line)
}

/** Labels, and beside each what it is. */
export function rows(list: readonly Row[], {style, width}: Canvas): string[] {
  const labels = list.map(([left]) => columnsOf(left)).filter(columns => columns <= mostLabel)
  const column = 4 + Math.max(0, ...labels)
  return list.flatMap(([left, right]) => {
    const [first = '', ...more] = wrap(right, width - column)
    const rest = more.map(line => ' '.repeat(column) + line)
    if (columnsOf(left) > mostLabel) return [`  ${style.command(left)}`, ' '.repeat(column) + first, ...rest]
    const gap = ' '.repeat(column - 2 - columnsOf(left))
    return [`  ${style.command(left)}${first === '' ? '' : gap + first}`, ...rest]
  })
}

/** Commands to paste. */
export function commands(list: readonly string[], {style, width}: Canvas): string[] {
  return list.flatMap(command => commandLines(command, width - 2).map(line => `  ${style.command(line)}`))
}
