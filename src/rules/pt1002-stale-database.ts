import {daysBetween, isEndOfLife} from '../model/alpine.js'
import {packageInfoPath} from '../model/package.js'
import type {Draft, Rule} from '../model/rule.js'
import {count} from '../model/text.js'
import {quote} from './words.js'

/** Alpine publishes fixes on most days; what is older than a month misses some for sure. */
const oldestDays = 30

const fix = {
  text: 'Refresh it: piton db update. Without a network, import one: piton db import FILE.',
  command: 'piton db update',
}

const neverCovered = {
  text: 'Move to a release that gets fixes: the secdb has nothing for one this old, and no newer database will.',
  command: null,
}

export const staleDatabase: Rule = {
  id: 'PT1002',
  name: 'StaleDatabase',
  title: 'Advisory database is old or lacks the release',
  severity: 'low',
  family: 'image',
  help: {
    why:
      'Fixes that were published after the database was copied are not in it: ' +
      'a package that needs one of them looks as if it needed none.',
    fix:
      'Refresh it with `piton db update`, or before each scan with `--update`. Where there is no network, ' +
      '`piton db export` writes a file elsewhere that `piton db import` takes. `--db-max-age 7d` makes this medium.',
    links: ['https://secdb.alpinelinux.org'],
  },
  *check({release, database, databasePath, alpine, today, maxDatabaseAge}) {
    const branch = release?.branch ?? database?.branch
    if (database === null || !branch) return
    const found: Omit<Draft, 'message' | 'evidence'> = {
      at: {path: databasePath ?? release?.path ?? packageInfoPath, layer: null},
      fix,
      identity: [],
    }
    if (database.branch === null) {
      // A release that had ended before the database was made will not be in a newer one either.
      const tooOld = alpine !== null && isEndOfLife(alpine, database.date)
      yield {
        ...found,
        ...(tooOld ? {fix: neverCovered} : {}),
        title: 'Advisory database lacks the release',
        message:
          `The advisory database of ${quote(database.date)} has nothing for Alpine ${quote(branch)}. ` +
          'No package was checked for vulnerabilities.',
        evidence: `database of ${database.date}: no branch ${branch}`,
      }
      return
    }
    // A branch that had ended before the database was made is complete in it.
    if (alpine !== null && isEndOfLife(alpine, database.date)) return
    const days = daysBetween(database.date, today)
    const limit = maxDatabaseAge ?? oldestDays
    if (!(days > limit)) return
    yield {
      ...found,
      ...(maxDatabaseAge === null ? {} : {severity: 'medium'}),
      title: 'Advisory database is old',
      message:
        `The advisory database is of ${quote(database.date)}, ${count(days, 'day')} ago. ` +
        'Fixes published since then are not in this report.',
      evidence: `database of ${database.date}, scan of ${today}, limit ${count(limit, 'day')}`,
    }
  },
}
