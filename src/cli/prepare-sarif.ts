import {GitHubError} from '../github/error.js'
import {UsageError} from '../model/errors.js'
import {count} from '../model/text.js'
import {amendSarif, parseCategory} from '../report/sarif-amend.js'
import {type CheckedSarif, checkSarif, type SarifRun} from '../report/sarif-check/index.js'
import {analysisWords} from './upload-words.js'

/** How a SARIF file is made ready. */
export interface PrepareOptions {
  /** What the file is called in messages. */
  readonly name: string
  /** Take also what a scan wrote that did not see everything. */
  readonly force: boolean
  /** How that is asked for. */
  readonly forceFlag: string
  readonly category: string | undefined
  /** Takes problems and what else there is to say, line by line: `error: …`, `warning: …`. */
  readonly say: (line: string) => void
}

/**
 * Makes a SARIF file ready to be sent, and says what is wrong with it.
 * @throws {GitHubError} GITHUB_WOULD_REJECT, GITHUB_INCOMPLETE
 */
export async function prepareSarif(bytes: Uint8Array, options: PrepareOptions): Promise<CheckedSarif> {
  const {name, force, say} = options
  const category = categoryOf(options.category)
  const original = await checkSarif(bytes)
  const [first] = original.problems
  if (first?.path === '' && original.runs.length === 0) {
    throw new GitHubError('GITHUB_WOULD_REJECT', `${name} ${first.message}`, {hint: 'Nothing was sent.'})
  }
  const incomplete = force ? original.runs.filter(({complete}) => !complete) : []
  const changed = amendSarif(bytes, {category, asComplete: incomplete.length > 0})
  const checked = changed === bytes ? original : await checkSarif(changed)
  for (const run of incomplete) say(`warning: ${closingWords(run, options)}`)
  for (const {level, path, message} of checked.problems) say(`${level}: ${path || name}: ${message}`)
  refuse(checked, options)
  return checked
}

/** What a person who forces an upload should know. */
function closingWords(run: SarifRun, {forceFlag}: PrepareOptions): string {
  const alerts = `every alert of ${analysisWords(run)}, that is not in it`
  return `${forceFlag} sends the file as if the scan had seen everything: GitHub closes as fixed ${alerts}`
}

function refuse({errors, runs}: CheckedSarif, {name, forceFlag}: PrepareOptions): void {
  if (errors > 0) {
    const why = `GitHub would reject it for ${count(errors, 'error')}`
    throw new GitHubError('GITHUB_WOULD_REJECT', `${name} is not uploaded: ${why}`, {hint: 'Nothing was sent.'})
  }
  if (runs.every(({complete}) => complete)) return
  const why = 'its scan did not see everything, and GitHub would close the alerts that it missed'
  throw new GitHubError('GITHUB_INCOMPLETE', `${name} is not uploaded: ${why}`, {
    hint: `Repair what its warnings name and scan again, or send it all the same with ${forceFlag}.`,
  })
}

function categoryOf(asked: string | undefined): string | undefined {
  const category = asked === undefined ? undefined : parseCategory(asked)
  if (category !== null) return category
  throw new UsageError('USAGE', `--category ${JSON.stringify(asked)} is no category`, {
    hint: 'It is a name of at most 200 characters, such as piton/web.',
  })
}
