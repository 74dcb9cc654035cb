import {cachePlaces} from '../advisory/update/places.js'
import {readState} from '../advisory/update/state.js'
import {PitonError, UsageError} from '../model/errors.js'
import {visible} from '../model/text.js'
import {cacheFolder} from './database.js'
import type {DatabaseOptions} from './database-flags.js'
import {updateCache} from './db-update.js'
import type {TargetOptions} from './target-flags.js'
import {refuseAgain} from './watched.js'

const dayMs = 24 * 60 * 60 * 1000

/** Refreshes the cache for a scan, if that was not done for a day. What fails is said, and no more. */
export async function refreshIfOld(
  {mirror, ownFeeds, progress, quiet}: DatabaseOptions & Pick<TargetOptions, 'progress' | 'quiet'>,
  root: string,
): Promise<void> {
  // It goes by the hour.
  refuseAgain()
  const {checked} = readState(cachePlaces(cacheFolder()).state)
  const age = checked === null ? Number.NaN : Date.now() - Date.parse(checked)
  // A day in the future is no day on which anybody asked.
  if (age >= 0 && age < dayMs) return
  const fetching = {branches: [], architectures: [], only: [], own: ownFeeds, mirror, from: undefined, force: false}
  try {
    await updateCache({...fetching, progress, quiet, root})
  } catch (error) {
    if (!(error instanceof PitonError) || error instanceof UsageError) throw error
    if (!quiet) process.stderr.write(`piton: warning: the database was not refreshed: ${visible(error.message)}\n`)
  }
}
