import {cell, columnsOf} from './columns.js'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  /** Terminal columns that it takes at most. */
  readonly most: number
  readonly align?: 'right'
  /** May be cut where the line is too short. */
  readonly shrinks?: boolean
  /** Is there only where the line has room for it; the earlier one comes first. */
  readonly optional?: boolean
  /** Safe to print. */
  readonly text: (row: Row) => string
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

/** One line, without blanks at its end. `paint` colours what has its place already. */
export function line<Row>(
  placed: readonly Placed<Row>[],
  textOf: (column: Column<Row>) => string,
  paint: (text: string, index: number) => string = text => text,
): string {
  const cells = placed.map((column, index) => {
    const text = cell(textOf(column), column.columns, column.align)
    return paint(index === placed.length - 1 ? text.trimEnd() : text, index)
  })
  return (gap + cells.join(gap)).trimEnd()
}

function sizeOf<Row>({title, most, text}: Column<Row>, rows: readonly Row[]): number {
  const widest = rows.reduce((columns, row) => Math.max(columns, columnsOf(text(row))), 0)
  return widest === 0 ? 0 : Math.max(title.length, Math.min(most, widest))
}

function total<Row>(placed: readonly Placed<Row>[]): number {
  return placed.reduce((sum, {columns}) => sum + gap.length + columns, 0)
}
