import type {AdvisoryDatabase} from '../advisory/database.js'
import {count, grouped, visible} from '../model/text.js'

/** What `piton db build` prints when it is done. */
export function summaryText(summary: {
  readonly date: string
  readonly branches: number
  readonly advisories: number
  readonly ids: number
  readonly rated: number
}): string {
  const {date, branches, advisories, ids, rated} = summary
  return `Compiled ${count(advisories, 'advisory', 'advisories')} of ${count(branches, 'branch', 'branches')}, as of ${date}: ${count(ids, 'id')}, ${grouped(rated)} with a CVSS rating.\n`
}

interface Status {
  readonly location: string
  readonly date: string
  readonly ageDays: number
  readonly branches: readonly {readonly branch: string; readonly advisories: number}[]
  readonly advisories: number
}

function statusOf(database: AdvisoryDatabase, today: string): Status {
  const branches = database.branches().map(branch => ({branch, advisories: database.count(branch)}))
  return {
    location: database.location,
    date: database.date,
    ageDays: Math.max(0, Math.floor((Date.parse(today) - Date.parse(database.date)) / 86_400_000)),
    branches,
    advisories: branches.reduce((sum, {advisories}) => sum + advisories, 0),
  }
}

/** `piton db status -o json`. */
export function statusJson(database: AdvisoryDatabase, today: string): string {
  return `${JSON.stringify({schemaVersion: 1, ...statusOf(database, today)}, null, 2)}\n`
}

/** `piton db status`: which database, how old, how much is in it. */
export function statusText(database: AdvisoryDatabase, today: string): string {
  const {location, date, ageDays, branches, advisories} = statusOf(database, today)
  const width = Math.max(...branches.map(({branch}) => branch.length))
  return [
    `Database    ${visible(location)}`,
    `Advisories  of ${date}, ${count(ageDays, 'day')} old`,
    `In it       ${count(advisories, 'advisory', 'advisories')} of ${count(branches.length, 'branch', 'branches')}`,
    '',
    ...branches.map(({branch, advisories: number}) => `  ${branch.padEnd(width)}  ${grouped(number).padStart(7)}`),
    '',
  ].join('\n')
}
