import type {AdvisoryDatabase} from '../advisory/database.js'
import {daysBetween} from '../model/alpine.js'
import {parseDay} from '../model/day.js'
import {UsageError} from '../model/errors.js'
import {count} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {chooseDatabase} from './database.js'
import type {DatabaseOptions} from './database-flags.js'
import type {TargetOptions} from './target-flags.js'
import {today} from './today.js'

/** The database of a scan, and how old it may be. */
export interface PreparedDatabase {
  readonly database: AdvisoryDatabase
  /** Days; null where nobody said. */
  readonly maxDatabaseAge: number | null
}

/**
 * The database that the flags ask for: refreshed first if they say so, and looked at for its age.
 * @param root the program's folder
 * @throws {UsageError} for flags that exclude each other
 */
export async function prepareDatabase(
  flags: DatabaseOptions & Pick<TargetOptions, 'offline' | 'at' | 'progress' | 'quiet'>,
  root: string,
  warn: (warning: Warning) => void,
): Promise<PreparedDatabase> {
  const maxDatabaseAge = flags.maxAge === undefined ? null : parseAge(flags.maxAge)
  if (flags.update) await refresh(flags, root)
  const database = chooseDatabase(flags.database, root, warn)
  const day = flags.at === undefined ? today() : parseDay(flags.at, '--at')
  const age = daysBetween(database.date, day)
  if (maxDatabaseAge !== null && age > maxDatabaseAge) {
    const message = `the advisories are of ${database.date}, ${count(age, 'day')} old, and may be ${count(maxDatabaseAge, 'day')}`
    warn({code: 'DATABASE_OLD', message})
  }
  // A day ahead may be the time zone of somebody.
  if (age < -1 && flags.at === undefined) {
    const message = `it is ${day} by this machine's clock, before the day of the advisories, ${database.date}: ages are not to be trusted`
    warn({code: 'CLOCK_BEHIND', message})
  }
  return {database, maxDatabaseAge}
}

/** Nothing that goes wrong here stops a scan: it goes on with what there is. */
async function refresh(
  flags: DatabaseOptions & Pick<TargetOptions, 'offline' | 'progress' | 'quiet'>,
  root: string,
): Promise<void> {
  if (flags.offline) {
    throw new UsageError('USAGE', '--update asks the network for newer advisories, and --offline forbids it', {
      hint: 'Leave one of them out.',
    })
  }
  if (flags.database !== undefined) {
    throw new UsageError('USAGE', '--update refreshes the database of the cache, and --db names another', {
      hint: 'Leave one of them out.',
    })
  }
  const {refreshIfOld} = await import('./refresh.js')
  await refreshIfOld(flags, root)
}

const days: Readonly<Record<string, number>> = {h: 1 / 24, d: 1, w: 7}

/** `7d`, `2w`, `36h`, or a number of days. Ages are of whole days: part of one counts as one. */
export function parseAge(text: string): number {
  const [, number = '', unit = 'd'] = /^(\d{1,5})([hdw]?)$/.exec(text.trim()) ?? []
  const each = days[unit || 'd']
  if (number !== '' && each !== undefined) return Math.ceil(Number(number) * each)
  throw new UsageError('USAGE', `--db-max-age ${JSON.stringify(text)} is no age`, {hint: 'For example 7d, 2w or 36h.'})
}
