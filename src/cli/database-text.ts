import type {AdvisoryDatabase} from '../advisory/database.js'
import {describeDatabase} from '../advisory/describe.js'
import {daysBetween} from '../model/alpine.js'
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

/** Where a database comes from. */
export type DatabaseSource = 'shipped' | 'cache' | 'folder'

/** A database, and what is known of it besides. */
export interface StatusOf {
  readonly database: AdvisoryDatabase
  readonly source: DatabaseSource
  /** When the advisories were last seen to be current, ISO 8601; null where nobody asked. */
  readonly checked: string | null
  /** YYYY-MM-DD */
  readonly today: string
}

function statusOf({database, source, checked, today}: StatusOf) {
  const {hash, made, branches, tables, feeds} = describeDatabase(database.location)
  return {
    location: database.location,
    source,
    date: database.date,
    ageDays: Math.max(0, daysBetween(database.date, today)),
    made,
    checked,
    hash,
    advisories: branches.reduce((sum, {advisories}) => sum + advisories, 0),
    branches,
    tables,
    feeds,
  }
}

/** `piton db status -o json`. */
export function statusJson(status: StatusOf): string {
  return `${JSON.stringify({schemaVersion: 1, ...statusOf(status)}, null, 2)}\n`
}

const sources: Readonly<Record<DatabaseSource, string>> = {
  shipped: 'ships with piton',
  cache: 'refreshed',
  folder: 'asked for',
}

/** `piton db status`: which database, how old, how much is in it, where it is from. */
export function statusText(status: StatusOf): string {
  const {location, source, date, ageDays, made, checked, hash, advisories, branches, tables, feeds} = statusOf(status)
  const width = Math.max(
    ...[...branches.map(({branch}) => branch), ...feeds.map(({name}) => name)].map(({length}) => length),
  )
  const moment = (time: string) => time.slice(0, 16).replace('T', ' ')
  return [
    `Database    ${visible(location)} (${sources[source]})`,
    `Advisories  of ${date}, ${count(ageDays, 'day')} old`,
    ...(made === null
      ? []
      : [`Made        ${moment(made)} UTC${checked === null ? '' : `, last checked ${moment(checked)} UTC`}`]),
    `In it       ${count(advisories, 'advisory', 'advisories')} of ${count(branches.length, 'branch', 'branches')}`,
    `Hash        ${hash}`,
    '',
    ...branches.map(({branch, advisories: number, date: day}) => {
      return `  ${branch.padEnd(width)}  ${grouped(number).padStart(7)}${day === date ? '' : `  of ${day}`}`
    }),
    '',
    ...tables.map(({name, date: day, source: from}) => `  ${name}: ${day ?? 'no date'}, ${visible(from)}`),
    ...(feeds.length === 0
      ? []
      : ['', ...feeds.map(({name, from, asOf}) => `  ${visible(`${name.padEnd(width)}  ${asOf}  ${from}`)}`)]),
    '',
  ].join('\n')
}
