import type {Destination} from '../github/destination.js'
import {GitHubError} from '../github/error.js'
import {visible} from '../model/text.js'
import {quiet as quieted} from '../report/log.js'
import {exitCodes} from './errors.js'
import {prepareSarif} from './prepare-sarif.js'
import {readSarifFile} from './sarif-file.js'
import {locate, prepareSender, refuseOffline, sendSarif} from './send-sarif.js'
import type {UploadDestination} from './upload-flags.js'
import {destinationWords, runWords, sizeWords} from './upload-words.js'

export interface UploadFlags extends UploadDestination {
  readonly dryRun: boolean
  readonly force: boolean
  readonly offline: boolean
  readonly quiet: boolean
}

/** `piton upload`: checks a SARIF file, sends it to GitHub, and says which exit code that makes. */
export async function runUpload(file: string, flags: UploadFlags): Promise<number> {
  const {dryRun, force, category, quiet} = flags
  refuseOffline(flags.offline && !dryRun)
  const name = file === '-' ? 'standard input' : visible(file)
  const say = (line: string) => (/^(?:error|warning): /.test(line) ? warn(line, quiet) : print(line))
  const checked = await prepareSarif(await readSarifFile(file), {name, force, forceFlag: '--force', category, say})
  const sender = dryRun ? null : await prepareSender(flags)
  print(`${name}: ${sizeWords(checked)}`)
  for (const run of checked.runs) print(`  ${runWords(run)}`)
  if (sender === null) {
    print(await whereTo(flags))
    print('Nothing was sent (--dry-run).')
  } else {
    print(`to ${destinationWords(sender.destination)}`)
    await sendSarif(checked, sender, null, say)
  }
  return exitCodes.done
}

async function whereTo(flags: UploadFlags): Promise<string> {
  try {
    const {destination} = await locate(flags)
    return `would go to ${destinationWords(destination)}${tokenWords(destination)}`
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return `would go nowhere: ${visible(error.message)}. ${error.hint ?? ''}`
  }
}

function tokenWords({server}: Destination): string {
  const isSet = server.tokenNames.some(name => (process.env[name] ?? '').trim() !== '')
  return isSet ? '' : `; no token is set (${server.tokenNames.join(', ')})`
}

function print(line: string): void {
  process.stdout.write(quieted(`${line}\n`))
}

/** Errors are never left out. */
export function warn(line: string, quiet: boolean): void {
  if (!quiet || line.startsWith('error: ')) process.stderr.write(quieted(`piton: ${line}\n`))
}
