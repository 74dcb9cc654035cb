import {cell, clipStart, columnsOf} from './columns.js'
import type {Style} from './style.js'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  /** Terminal columns that it takes at most. */
  readonly most: number
  readonly align?: 'right'
  /** May be cut where the line is too short. */
  readonly shrinks?: boolean
  /** Of a text that is cut the end stays: the last part of a path is its name. */
  readonly keepsEnd?: boolean
  /** Is there only where the line has room for it; the earlier one comes first. */
  readonly optional?: boolean
  /** Safe to print. */
  readonly text: (row: Row) => string
  /** Marks a cell that has its place already; without it the text stays plain. */
  readonly paint?: (text: string, row: Row, style: Style) => string
}

/** A column and the room that it got. */
export interface Placed<Row> extends Column<Row> {
  readonly columns: number
}

const gap = '  '
/** A cell that was cut to less says nothing. */
const leastColumns = 9

/** Gives each column the room that its rows need; empty ones get none, and long ones are cut until a line fits. */
export function layout<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): Placed<Row>[] {
  const sized = columns.map(column => ({...column, columns: sizeOf(column, rows)})).filter(({columns}) => columns > 0)
  const placed = new Set(sized.filter(({optional}) => !optional))
  for (const column of sized) {
    if (column.optional && total([...placed, column]) <= width) placed.add(column)
  }
  while (total([...placed]) > width) {
    const [widest] = [...placed]
      .filter(({shrinks, columns}) => shrinks && columns > leastColumns)
      .sort((a, b) => b.columns - a.columns)
    if (widest === undefined) break
    widest.columns--
  }
  return sized.filter(column => placed.has(column))
}

/** The titles, each over its column. */
export function titleLine<Row>(placed: readonly Placed<Row>[], style: Style): string {
  const cells = placed.map(column => fill(column, column.title))
  return style.dim((gap + cells.join(gap)).trimEnd())
}

/** One row, without blanks at its end. */
export function rowLine<Row>(placed: readonly Placed<Row>[], row: Row, style: Style): string {
  const cells = placed.map(column => fill(column, column.text(row)))
  const last = cells.findLastIndex(text => text.trim() !== '')
  const painted = placed.slice(0, last + 1).map(({paint}, index) => {
    const text = index === last ? cells[index]?.trimEnd() : cells[index]
    return paint?.(text ?? '', row, style) ?? text
  })
  return painted.length === 0 ? '' : gap + painted.join(gap)
}

function fill<Row>({columns, align, keepsEnd}: Placed<Row>, text: string): string {
  return cell(keepsEnd ? clipStart(text, columns) : text, columns, align)
}

function sizeOf<Row>({title, most, text}: Column<Row>, rows: readonly Row[]): number {
  const widest = rows.reduce((columns, row) => Math.max(columns, columnsOf(text(row))), 0)
  return widest === 0 ? 0 : Math.max(title.length, Math.min(most, widest))
}

function total<Row>(placed: readonly Placed<Row>[]): number {
  return placed.reduce((sum, {columns}) => sum + gap.length + columns, 0)
}
