import {join} from 'node:path'
import {isFeedName} from '../advisory/database.js'
import type {Feed} from '../advisory/feeds/feed.js'
import {ownFeed} from '../advisory/feeds/security-json.js'
import type {Origin} from '../advisory/update/origin.js'
import type {FetchOptions, UpdateResult} from '../advisory/update/update.js'
import {UsageError} from '../model/errors.js'
import {count, visible} from '../model/text.js'
import {version} from '../version.js'
import {cacheFolder} from './database.js'
import {exitCodes} from './errors.js'
import {UpdateProgress} from './update-progress.js'
import {failureTexts, updateText} from './update-text.js'

/** What is to be fetched, as it was typed. */
export interface FetchFlags {
  readonly branches: readonly string[]
  readonly architectures: readonly string[]
  readonly only: readonly string[]
  /** `NAME=URL` */
  readonly own: readonly string[]
  readonly mirror: string | undefined
  readonly from: string | undefined
  readonly force: boolean
  readonly progress: boolean
  readonly quiet: boolean
  /** The program's folder. */
  readonly root: string
}

/** `piton db update`: refreshes the cache, and says what is new. */
export async function runUpdate(flags: FetchFlags, strict: boolean): Promise<number> {
  const {result, warnings} = await updateCache(flags)
  process.stdout.write(updateText(result))
  return strictCode(strict && warnings > 0, warnings, flags.quiet)
}

/** With `--strict` a warning is a failure. */
export function strictCode(fails: boolean, warnings: number, quiet: boolean): number {
  if (!fails) return exitCodes.done
  if (!quiet) process.stderr.write(`piton: ${count(warnings, 'warning')}, and --strict makes that a failure.\n`)
  return exitCodes.failed
}

/** Refreshes the cache, with progress on a terminal; says what could not be had. */
export async function updateCache(
  flags: FetchFlags,
): Promise<{readonly result: UpdateResult; readonly warnings: number}> {
  return fetching(flags, async options => {
    const {updateDatabase} = await import('../advisory/update/update.js')
    const result = await updateDatabase({...options, by: `piton/${version}`})
    return {
      result,
      said: [...failureTexts(result.failures, result.asked), ...result.warnings.map(({message}) => visible(message))],
    }
  })
}

/** Does `work` with what the flags come to, and says what went wrong with it. */
export async function fetching<Result>(
  flags: FetchFlags,
  work: (options: FetchOptions) => Promise<{readonly result: Result; readonly said: readonly string[]}>,
): Promise<{readonly result: Result; readonly warnings: number}> {
  const {cachePlaces} = await import('../advisory/update/places.js')
  const branches = flags.branches.map(branchOf)
  const feeds = await chooseFeeds(flags)
  const origin = await openOrigin(flags)
  const progress = new UpdateProgress(process.stderr, flags.progress && !flags.quiet)
  const say = (text: string) => {
    progress.clear()
    if (!flags.quiet) process.stderr.write(`piton: ${text}\n`)
  }
  try {
    const {result, said} = await work({
      places: cachePlaces(cacheFolder()),
      shipped: join(flags.root, 'data'),
      origin,
      feeds,
      branches: branches.length === 0 ? null : branches,
      architectures: flags.architectures,
      force: flags.force,
      env: process.env,
      on: progress.on,
      onWait: holder => say(`${visible(holder)} is changing the database; waiting for it`),
    })
    for (const text of said) say(`warning: ${text}`)
    return {result, warnings: said.length}
  } finally {
    progress.clear()
    origin.close()
  }
}

/** Where the feeds come from. The network library is loaded only for the network. */
async function openOrigin({mirror, from}: Pick<FetchFlags, 'mirror' | 'from'>): Promise<Origin> {
  if (mirror !== undefined && from !== undefined) {
    throw new UsageError('USAGE', '--mirror and --from both say where the feeds are', {hint: 'Use one of them.'})
  }
  if (from !== undefined) {
    const {FolderOrigin} = await import('../advisory/update/folder-origin.js')
    return new FolderOrigin(from)
  }
  const [{HttpOrigin}, {feedNetLimits}] = await Promise.all([
    import('../advisory/update/http-origin.js'),
    import('../advisory/limits.js'),
  ])
  return new HttpOrigin({
    mirror: mirror ?? null,
    userAgent: `piton/${version}`,
    env: process.env,
    limits: feedNetLimits,
  })
}

/** The feeds that were asked for, else those that nobody need ask for. */
async function chooseFeeds({only, own, branches, architectures}: FetchFlags): Promise<readonly Feed[]> {
  const {feeds} = await import('../advisory/feeds/index.js')
  const named = own.map(parseOwn)
  if (
    (architectures.length > 0 || only.includes('apkindex')) &&
    (branches.length === 0 || architectures.length === 0)
  ) {
    throw new UsageError('USAGE', 'package indexes are fetched by branch and architecture', {
      hint: 'Name both: --branch 3.21 --arch x86_64.',
    })
  }
  const unknown = architectures.find(name => !/^[a-z0-9_]{2,20}$/.test(name))
  if (unknown !== undefined) throw new UsageError('USAGE', `--arch ${JSON.stringify(unknown)} is no architecture`)
  const wanted = ({name, byDefault}: Feed) =>
    only.length > 0 ? only.includes(name) : byDefault || (name === 'apkindex' && architectures.length > 0)
  return [...feeds.filter(wanted), ...named]
}

/** `NAME=URL` */
function parseOwn(text: string): Feed {
  const [, name = '', url = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
  if (isFeedName(name) && /^https?:\/\//.test(url) && URL.canParse(url)) return ownFeed(name, url)
  throw new UsageError('USAGE', `--feed ${JSON.stringify(text)} is not NAME=URL`, {
    hint: 'For example corp=https://apk.example.org/security.json; a name has small letters, digits and -.',
  })
}

/** `3.21`, `v3.21` and `3.21.3` all mean the branch. */
function branchOf(text: string): string {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})(?:\.\d{1,3})?$/.exec(text) ?? []
  if (major !== undefined && minor !== undefined) return `v${major}.${minor}`
  if (text === 'edge') return text
  throw new UsageError('USAGE', `--branch ${JSON.stringify(text)} is no branch of Alpine`, {
    hint: 'For example 3.21, or edge.',
  })
}
