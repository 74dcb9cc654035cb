import {fromLine, isEndOfLife, newestSupported} from '../model/alpine.js'
import type {TagEdit} from './base-tag.js'
import type {FixQuestion} from './question.js'

/** What stays as it is though it may be old, and why; each a sentence. */
export function notesOf({facts}: FixQuestion, tag: TagEdit): readonly string[] {
  const {alpine, releases, today} = facts
  const notes: string[] = []
  if (tag.change === null && tag.why !== null) notes.push(`FROM stays: ${tag.why}.`)
  if (alpine !== null && isEndOfLife(alpine, today)) {
    const next = newestSupported(releases, today)
    const way = next === undefined ? '' : ` ${fromLine(next.branch)} is the way on, and changes all packages.`
    notes.push(`Alpine ${alpine.branch} gets no more fixes since ${alpine.endOfLife}.${way}`)
  }
  return notes
}
