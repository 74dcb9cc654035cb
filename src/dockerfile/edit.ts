import {groupBy} from '../model/group.js'
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
  // From the last line to the first, so that the places of the others stay.
  for (const [line, ofLine] of [...groupBy(changes, lineOf)].sort(([a], [b]) => b - a)) {
    const index = line - 1
    const before = lines[index] ?? ''
    const replaced = replacedIn(before, ofLine)
    const inserted = ofLine.flatMap(change => (change.kind === 'insert' ? change.lines : []))
    const ending = lines[isLast(index) ? index - 1 : index]?.endsWith('\r') === true ? '\r' : ''
    // The last line has no end of its own: what follows it gets none either, and it gets one.
    const own = isLast(index) && inserted.length > 0 ? replaced + ending : replaced
    const added = inserted.map((text, n) => (isLast(index) && n === inserted.length - 1 ? text : text + ending))
    lines.splice(index, 1, own, ...added)
  }
  return mark + lines.join('\n')
}

function lineOf(change: Change): number {
  return change.kind === 'insert' ? change.after : change.span.line
}

/** One pass for any number of them. */
function replacedIn(line: string, changes: readonly Change[]): string {
  const parts: string[] = []
  let at = 0
  const replacements = changes.filter(change => change.kind === 'replace')
  for (const {span, text} of replacements.toSorted((a, b) => a.span.startColumn - b.span.startColumn)) {
    parts.push(line.slice(at, span.startColumn - 1), text)
    at = span.endColumn - 1
  }
  return parts.join('') + line.slice(at)
}
