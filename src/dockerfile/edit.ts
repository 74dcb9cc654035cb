import type {Span} from './location.js'

/** A change of a Dockerfile: of a part of one line, or new lines after one. Lines count from 1. */
export type Change =
  | {readonly kind: 'replace'; readonly span: Span; readonly text: string}
  | {readonly kind: 'insert'; readonly after: number; readonly lines: readonly string[]}

/**
 * Changes a file and leaves everything else in it as it is: the mark at its start, the ends of its lines, and whether
 * the last one has one. New lines end as the one before them.
 * @param changes in any order; they must not overlap
 */
export function applyChanges(text: string, changes: readonly Change[]): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
  const lines = text.slice(mark.length).split('\n')
  const isLast = (index: number) => index === lines.length - 1
  for (const change of inReverse(changes)) {
    if (change.kind === 'replace') {
      const {line, startColumn, endColumn} = change.span
      const old = lines[line - 1] ?? ''
      lines[line - 1] = old.slice(0, startColumn - 1) + change.text + old.slice(endColumn - 1)
      continue
    }
    const index = change.after - 1
    const ending = lines[isLast(index) ? index - 1 : index]?.endsWith('\r') === true ? '\r' : ''
    // The last line has no end of its own: what follows it gets none either, and it gets one.
    if (isLast(index)) lines[index] += ending
    const added = change.lines.map((line, n) => (isLast(index) && n === change.lines.length - 1 ? line : line + ending))
    lines.splice(index + 1, 0, ...added)
  }
  return mark + lines.join('\n')
}

/** The last first, so that the places of the others stay. */
function inReverse(changes: readonly Change[]): readonly Change[] {
  const key = (change: Change) =>
    change.kind === 'insert' ? [change.after, Number.POSITIVE_INFINITY] : [change.span.line, change.span.startColumn]
  return [...changes].sort((a, b) => {
    const [[lineA = 0, columnA = 0], [lineB = 0, columnB = 0]] = [key(a), key(b)]
    return lineB - lineA || (columnA === columnB ? 0 : columnB - columnA)
  })
}
