import {join} from 'node:path'
import {exportDatabase, importDatabase} from '../advisory/update/bundle.js'
import {cleanCache} from '../advisory/update/clean.js'
import {writeWhole} from '../advisory/update/files.js'
import {cachePlaces} from '../advisory/update/places.js'
import {verifyDatabase} from '../advisory/verify.js'
import {OutputError} from '../model/errors.js'
import {count, visible} from '../model/text.js'
import {version} from '../version.js'
import {cacheFolder, chooseDatabase} from './database.js'
import {exitCodes} from './errors.js'

const say = (text: string) => void process.stderr.write(`piton: ${visible(text)}\n`)
const onWait = (holder: string) => say(`${holder} is changing the database; waiting for it`)

/** `piton db export`. */
export function runExport(file: string, asked: string | undefined, root: string): void {
  const database = chooseDatabase(asked, root, ({message}) => say(`warning: ${message}`))
  const bytes = exportDatabase(database, `piton/${version}`)
  try {
    writeWhole(file, bytes)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new OutputError('OUTPUT_UNWRITABLE', `cannot write ${file}: ${reason}`, {
      hint: 'Check the folder and its permissions.',
      cause: error,
    })
  }
  const advisories = database.branches().reduce((sum, branch) => sum + database.count(branch), 0)
  process.stdout.write(
    `Exported ${count(advisories, 'advisory', 'advisories')} as of ${database.date} to ${visible(file)} (${kilobytes(bytes.length)}).\n`,
  )
}

/** `piton db import`. */
export async function runImport(file: string, force: boolean, root: string): Promise<void> {
  const places = cachePlaces(cacheFolder())
  const database = await importDatabase(file, {places, shipped: join(root, 'data'), force, onWait})
  const advisories = database.branches().reduce((sum, branch) => sum + database.count(branch), 0)
  process.stdout.write(`Imported ${count(advisories, 'advisory', 'advisories')} as of ${database.date}.\n`)
}

/** `piton db verify`. */
export function runVerify(asked: string | undefined, root: string): number {
  let isCacheDamaged = false
  const database = chooseDatabase(asked, root, ({message}) => {
    isCacheDamaged = true
    say(message)
  })
  const {location, hash, files, advisories, hasManifest, problems} = verifyDatabase(database.location)
  for (const problem of problems) say(problem)
  if (problems.length > 0) {
    say(`${visible(location)} is damaged. piton db update makes that of the cache anew.`)
    return exitCodes.failed
  }
  const compared = hasManifest ? 'as they were written' : 'there are no hashes to compare with'
  process.stdout.write(
    `${visible(location)} is whole: ${count(files, 'file')}, ${compared}; ${count(advisories, 'advisory', 'advisories')}.\n${hash}\n`,
  )
  return isCacheDamaged ? exitCodes.failed : exitCodes.done
}

/** `piton db clean`. */
export async function runClean(): Promise<void> {
  const places = cachePlaces(cacheFolder())
  const sizeBytes = await cleanCache(places, onWait)
  process.stdout.write(
    sizeBytes === null
      ? 'There is no refreshed database; what ships with piton is used.\n'
      : `Removed the refreshed database and its feeds (${kilobytes(sizeBytes)}); what ships with piton is used.\n`,
  )
}

function kilobytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
