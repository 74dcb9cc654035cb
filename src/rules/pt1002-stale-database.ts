import type {Draft, Rule} from '../model/rule.js'
import {count} from '../model/text.js'
import {quote} from './words.js'

/** Alpine publishes fixes on most days; what is older than a month misses some for sure. */
const oldestDays = 30
const dayMs = 24 * 60 * 60 * 1000

const fix = {text: 'Update the advisory database and scan again.', command: 'piton db update'}

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
    fix: 'Run `piton db update` before the scan. In CI keep the folder of `--db` in a cache.',
    links: ['https://secdb.alpinelinux.org'],
  },
  *check({release, database, databasePath, today}) {
    if (database === null || !release?.branch) return
    const found: Omit<Draft, 'message' | 'evidence'> = {
      at: {path: databasePath ?? release.path, layer: null},
      fix,
      identity: [],
    }
    if (database.branch === null) {
      yield {
        ...found,
        title: 'Advisory database lacks the release',
        message:
          `The advisory database of ${quote(database.date)} has nothing for Alpine ${quote(release.branch)}. ` +
          `No package was checked for vulnerabilities. ${quote('piton db update')} gets the newest advisories.`,
        evidence: `database of ${database.date}: no branch ${release.branch}`,
      }
      return
    }
    const days = Math.floor((Date.parse(today) - Date.parse(database.date)) / dayMs)
    if (!(days > oldestDays)) return
    yield {
      ...found,
      title: 'Advisory database is old',
      message:
        `The advisory database is of ${quote(database.date)}, ${count(days, 'day')} ago. ` +
        `Fixes published since then are not in this report. ${quote('piton db update')} gets them.`,
      evidence: `database of ${database.date}, scan of ${today}, limit ${oldestDays} days`,
    }
  },
}
