import {DatabaseError} from '../../model/errors.js'
import {grouped} from '../../model/text.js'

/** Below this many a list may well lose half of it. */
const fewest = 20

/**
 * Why a newer list is not to replace an older one; null where it may. Feeds grow: one that shrinks to half is cut, or
 * not what it should be, and one of an earlier day would take back what is known.
 */
export function refusalOf(
  what: string,
  before: {readonly date: string; readonly count: number},
  after: {readonly date: string; readonly count: number},
): DatabaseError | null {
  const kept = {hint: '--force takes it all the same.'}
  if (before.count >= fewest && after.count * 2 <= before.count) {
    const text = `${what} has ${grouped(after.count)} entries of ${grouped(before.count)}: more than half are gone, so the older ones are kept`
    return new DatabaseError('DATABASE_FEED', text, kept)
  }
  if (after.date < before.date) {
    const text = `${what} is of ${after.date}, older than what is there, of ${before.date}, which is kept`
    return new DatabaseError('DATABASE_OLDER', text, kept)
  }
  return null
}
