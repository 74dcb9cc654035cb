import {type Severity, severities} from '../../model/severity.js'
import {grouped, visible} from '../../model/text.js'
import {type Canvas, canvasOf, prose} from '../canvas.js'
import {type Column, layout, rowLine, titleLine} from '../grid.js'
import {quiet} from '../log.js'
import {type Joiner, type Part, partsOf, type Scanned} from './part.js'
import {severalSummary} from './summary.js'

/** A section for each target, and at the end what became of all of them, with a line for each. */
export const severalTables: Joiner = {
  name: 'table',
  join(parts, options) {
    const canvas = canvasOf(options)
    const {scanned} = partsOf(parts)
    const line = canvas.style.dim('─'.repeat(Math.min(canvas.width, 100)))
    const sections = scanned.map(({text}) => `${text.trimEnd()}\n`)
    return [...sections, quiet(`${closing(parts, canvas).join('\n')}\n`)].join(`\n${line}\n\n`)
  },
}

function closing(parts: readonly Part[], canvas: Canvas): string[] {
  const {scanned, failed, passedOver} = partsOf(parts)
  const placed = layout(columns, scanned, canvas.width)
  return [
    ...(scanned.length === 0
      ? []
      : [titleLine(placed, canvas.style), ...scanned.map(part => rowLine(placed, part, canvas.style)), '']),
    ...failed.flatMap(({target, message}) =>
      prose(visible(message.includes(target) ? message : `${target}: ${message}`), canvas, '  '),
    ),
    ...passedOver.map(({target}) => `  ${visible(target)} was passed over: it is nothing that piton opens`),
    ...(failed.length + passedOver.length === 0 ? [] : ['']),
    ...prose(severalSummary(parts), canvas).map(canvas.style.bold),
    ...(scanned.every(({complete}) => complete)
      ? []
      : [canvas.style.alarm('Some scans are incomplete: see their warnings.')]),
  ]
}

const columns: readonly Column<Scanned>[] = [
  {title: 'TARGET', most: 80, shrinks: true, keepsEnd: true, text: ({target}) => visible(target)},
  ...severities.map(severityColumn),
  {title: '', most: 10, text: ({complete}) => (complete ? '' : 'incomplete'), paint: (text, _, {alarm}) => alarm(text)},
]

function severityColumn(severity: Severity): Column<Scanned> {
  return {
    title: severity.toUpperCase(),
    most: 10,
    align: 'right',
    text: ({counts}) => grouped(counts[severity]),
    paint: (text, {counts}, style) => (counts[severity] === 0 ? style.dim(text) : style.severity(severity, text)),
  }
}
