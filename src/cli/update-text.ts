import type {BranchChange, NewAdvisory} from '../advisory/update/changes.js'
import type {FeedFailure} from '../advisory/update/sync.js'
import type {UpdateResult} from '../advisory/update/update.js'
import {NetError, PitonError} from '../model/errors.js'
import {count, grouped, visible} from '../model/text.js'

/** New advisories of one branch that are named before the rest is only counted. */
const named = 3

/** What `piton db update` prints when it is done. */
export function updateText({database, before, isChanged, changes, failures, asked, fresh}: UpdateResult): string {
  const documents = `${count(asked, 'document')} asked for, ${answersText(asked, fresh, failures.length)}`
  if (!isChanged) {
    const kept = failures.length > 0 ? 'Kept' : 'Up to date'
    return `${kept}: advisories of ${database.date}; ${documents}.\n`
  }
  const since = before === null || before === database.date ? '' : ` (before: ${before})`
  const width = Math.max(...changes.map(({branch}) => branch.length))
  return [
    `Updated: advisories of ${database.date}${since}; ${documents}.`,
    ...(changes.length === 0 ? ['No branch has new advisories.'] : []),
    ...changes.map(change => `  ${change.branch.padEnd(width)}  ${changeText(change)}`),
    '',
  ].join('\n')
}

/** What did not come did not stay as it was either: nobody knows. */
function answersText(asked: number, fresh: number, failed: number): string {
  if (failed >= asked && asked > 0) return 'none could be had'
  const changed = `${fresh === 0 ? 'none' : grouped(fresh)} changed`
  return failed === 0 ? changed : `${changed}, ${grouped(failed)} could not be had`
}

function changeText({advisories, isNew, added, removed}: BranchChange): string {
  if (isNew) return `${count(advisories, 'advisory', 'advisories')}, all new`
  const gone = removed === 0 ? '' : `-${grouped(removed)} `
  const names = added.slice(0, named).map(nameOf).join(', ')
  const more = added.length > named ? ` and ${grouped(added.length - named)} more` : ''
  return visible(`+${grouped(added.length)} ${gone}${names}${more}`.trimEnd())
}

function nameOf({id, origin, fixedVersion}: NewAdvisory): string {
  return fixedVersion === null ? `${id} (not in ${origin})` : `${id} in ${origin} ${fixedVersion}`
}

/** Failures of one feed that are told one by one. */
const told = 3

/** One sentence for each thing that could not be had. */
export function failureTexts(failures: readonly FeedFailure[], asked: number): readonly string[] {
  const first = failures[0]?.error
  if (first instanceof NetError && asked === failures.length && isOneCause(failures, first)) {
    return [visible(`no feed can be reached: ${first.message}; the older data stay`)]
  }
  const byFeed = new Map<string, FeedFailure[]>()
  for (const failure of failures) byFeed.set(failure.feed, [...(byFeed.get(failure.feed) ?? []), failure])
  return [...byFeed].flatMap(([feed, list]) => {
    const texts = [...new Set(list.map(({error}) => wordsOf(error)))]
    const more = texts.length > told ? [`and ${count(texts.length - told, 'more failure')}`] : []
    return [...texts.slice(0, told), ...more].map(text => visible(`${feed}: ${text}; its older data stay`))
  })
}

/** Where the network itself is the matter, it need not be said of each feed. */
function isOneCause(failures: readonly FeedFailure[], {code}: NetError): boolean {
  return failures.length > 2 && failures.every(({error}) => error instanceof NetError && error.code === code)
}

function wordsOf(error: unknown): string {
  if (error instanceof PitonError)
    return error.hint === undefined ? error.message : `${error.message} (${error.hint.replace(/\.$/, '')})`
  return error instanceof Error ? error.message : String(error)
}
