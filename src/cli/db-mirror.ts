import {count, grouped, visible} from '../model/text.js'
import {type FetchFlags, fetching, strictCode} from './db-update.js'
import {failureTexts} from './update-text.js'

/** `piton db mirror`: copies the feeds to a folder, and says what is in it. */
export async function runMirror(folder: string, flags: FetchFlags, strict: boolean): Promise<number> {
  const {result, warnings} = await fetching(flags, async options => {
    const {mirrorFeeds} = await import('../advisory/update/mirror.js')
    const mirrored = await mirrorFeeds(folder, options)
    return {
      result: mirrored,
      said: [
        ...failureTexts(mirrored.failures, mirrored.asked),
        ...mirrored.warnings.map(({message}) => visible(message)),
      ],
    }
  })
  const {date, branches, asked, fresh} = result
  const changed = fresh === 0 ? 'none' : grouped(fresh)
  process.stdout.write(
    `Mirrored to ${visible(folder)}: ${count(branches, 'branch', 'branches')} as of ${date}; ${count(asked, 'document')} asked for, ${changed} changed.\n`,
  )
  return strictCode(strict && warnings > 0, warnings, flags.quiet)
}
