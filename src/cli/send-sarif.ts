import {pathToFileURL} from 'node:url'
import {alertsPage, type Checkout, type Destination, findDestination} from '../github/destination.js'
import {readPullRequest} from '../github/pull-request.js'
import {tokenFor} from '../github/token.js'
import type {UploadOutcome} from '../github/upload.js'
import {NetError} from '../model/errors.js'
import type {Secret} from '../model/secret.js'
import {count} from '../model/text.js'
import type {CheckedSarif} from '../report/sarif-check/index.js'
import {version} from '../version.js'
import {readCheckout} from './git.js'
import type {UploadDestination} from './upload-flags.js'
import {analysisWords} from './upload-words.js'

/** Where results go, and what lets them in. */
export interface Sender {
  readonly destination: Destination
  readonly checkout: Checkout | null
  readonly token: Secret
}

/** @throws {NetError} NET_OFFLINE */
export function refuseOffline(offline: boolean): void {
  if (!offline) return
  throw new NetError('NET_OFFLINE', 'results are uploaded over the network, and --offline allows none', {
    hint: 'piton upload FILE --dry-run checks a SARIF file without it.',
  })
}

/**
 * Finds where results go and the token for it, before there are any.
 * @throws {GitHubError} where something of it is not known
 */
export async function prepareSender(asked: UploadDestination): Promise<Sender> {
  const {destination, checkout} = await locate(asked)
  return {destination, checkout, token: tokenFor(destination.server, process.env)}
}

/** @throws {GitHubError} GITHUB_DESTINATION */
export async function locate(asked: UploadDestination): Promise<Pick<Sender, 'destination' | 'checkout'>> {
  const {env} = process
  const checkout = await readCheckout(process.cwd(), env)
  return {destination: findDestination(asked, {env, pullRequest: readPullRequest(env), checkout}), checkout}
}

/**
 * Sends a file that was made ready, waits until it is processed, and says what became of it.
 * @param startedAt when the scan began, where the file does not say it
 * @throws {GitHubError} where GitHub does not take it
 */
export async function sendSarif(
  {gzip, runs, hasFileURIs}: CheckedSarif,
  sender: Sender,
  startedAt: string | null,
  say: (line: string) => void,
): Promise<void> {
  const {destination, token} = sender
  const {uploadSarif} = await import('../github/upload.js')
  const tools = new Set(runs.map(({tool}) => tool))
  const tool = tools.size === 1 ? (runs[0]?.tool ?? null) : null
  const outcome = await uploadSarif(
    {
      destination,
      gzip,
      checkoutURI: hasFileURIs ? checkoutURI(sender) : null,
      startedAt: runs[0]?.startTime ?? startedAt,
      toolName: tool,
    },
    {
      token,
      env: process.env,
      userAgent: `piton/${version}`,
      onSent: () => say('GitHub has the file, and processes it.'),
    },
  )
  for (const line of outcomeLines(outcome)) say(line)
  say(alertsPage(destination, tool ?? ''))
}

/** Where the paths of the machine that scanned begin. */
function checkoutURI({checkout}: Sender): string {
  const root = checkout?.root ?? (process.env['GITHUB_WORKSPACE'] || process.cwd())
  return pathToFileURL(`${root}/`).href
}

function outcomeLines(outcome: UploadOutcome): string[] {
  if (outcome.kind === 'pending') {
    const why = outcome.why ?? 'GitHub still processes it'
    return [`warning: what became of the file is not known yet (${why}): look there in a few minutes.`]
  }
  if (outcome.analyses === null || outcome.analyses.length === 0) return ['GitHub has processed the file.']
  return outcome.analyses.flatMap(analysis => [
    `GitHub has processed ${count(analysis.results, 'result')} of ${count(analysis.rules, 'rule')} by ${analysisWords(analysis)}.`,
    ...(analysis.warning === '' ? [] : [`warning: GitHub says: ${analysis.warning}`]),
  ])
}
