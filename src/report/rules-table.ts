import type {RenderOptions} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import {canvasOf} from './canvas.js'
import {type Column, layout, rowLine, titleLine} from './grid.js'
import {paintSeverity} from './style.js'

const columns: readonly Column<Rule>[] = [
  {title: 'SEVERITY', most: 8, text: ({severity}) => severity, paint: paintSeverity},
  {title: 'ID', most: 16, text: ({id}) => id},
  {title: 'NAME', most: 40, optional: true, text: ({name}) => name},
  {title: 'CHECK', most: 16, optional: true, text: ({family}) => family},
  {title: 'FINDS', most: 100, shrinks: true, text: ({title}) => title},
]

/** What `piton rules` prints. */
export function rulesTable(rules: readonly Rule[], options: RenderOptions): string {
  const {style, width} = canvasOf(options)
  const placed = layout(columns, rules, width)
  const lines = [
    titleLine(placed, style),
    ...rules.map(rule => rowLine(placed, rule, style)),
    '',
    '`piton explain ID` tells why and how to fix it.',
  ]
  return `${lines.join('\n')}\n`
}
