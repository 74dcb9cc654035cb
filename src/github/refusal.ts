import {NetError} from '../model/errors.js'
import type {Secret} from '../model/secret.js'
import {count} from '../model/text.js'
import {type Refused, refusedBy} from './answer.js'
import {cureFor, noCure} from './cures.js'
import type {Destination} from './destination.js'
import {GitHubError} from './error.js'

/** Who asked GitHub for what, and as whom. */
export interface Asking {
  readonly destination: Destination
  readonly token: Secret
  /** For the name of the event and of who triggered it. */
  readonly env: NodeJS.ProcessEnv
}

/** Why GitHub did not take a file, in one sentence, with what to do about it. */
export function refusalOf(error: unknown, asking: Asking): unknown {
  const refused = refusedBy(error, asking.token)
  if (refused !== null) return byStatus(refused, asking)
  const cause = error instanceof Error ? error.cause : undefined
  const net = error instanceof NetError ? error : cause instanceof NetError ? cause : null
  return net === null ? error : new GitHubError('GITHUB_UNREACHABLE', net.message, {hint: netHint(net)})
}

function netHint({code, hint}: NetError): string {
  if (code === 'NET_TIMEOUT' || code === 'NET_CUT') {
    return 'Try again; if it goes on, look at https://www.githubstatus.com and the network. An upload that was taken twice is shown once.'
  }
  if (code === 'NET_TLS' || code === 'NET_PROXY' || code === 'NET_CERTIFICATES') return hint ?? 'Check the network.'
  return 'Check GITHUB_API_URL, the network and HTTPS_PROXY.'
}

function byStatus(refused: Refused, asking: Asking): GitHubError {
  const {status, said} = refused
  const {owner, name} = asking.destination
  const repository = `${owner}/${name}`
  const words = said === '' ? `${status}` : `${status}: ${said}`
  if (isRateLimit(refused)) return rateLimited(refused, words)
  switch (status) {
    case 400:
      return new GitHubError('GITHUB_REJECTED', `GitHub rejects the file (${words})`, {
        hint: cureFor(said) ?? noCure,
      })
    case 401:
      return new GitHubError('GITHUB_UNAUTHORIZED', `GitHub does not know the token (${words})`, {
        hint: `It was mistyped, has run out, or is for another server than ${asking.destination.server.web}: make a new one.`,
      })
    case 403:
      return new GitHubError(
        'GITHUB_FORBIDDEN',
        `GitHub does not let this token upload results to ${repository} (${words})`,
        {
          hint: cureFor(said) ?? permissionHint(refused, asking),
        },
      )
    case 404:
      return /commit not found/i.test(said)
        ? rejected(`${repository} has no commit ${asking.destination.commit} (${words})`, said)
        : new GitHubError(
            'GITHUB_NOT_FOUND',
            `${asking.destination.server.web} has no repository ${repository} that this token may see (${words})`,
            {
              hint: cureFor(said) ?? 'Check the name, GITHUB_API_URL, and that the token is for that repository.',
            },
          )
    case 413:
      return new GitHubError('GITHUB_TOO_LARGE', `the file is too large for GitHub (${words})`, {
        hint: 'GitHub takes 10 MB when compressed: leave out the mildest findings (piton scan --severity), or split the file by --category.',
      })
    case 409:
    case 422:
      return rejected(
        `GitHub does not take ${asking.destination.ref} at ${asking.destination.commit} of ${repository} (${words})`,
        said,
      )
    default:
      return other(refused, words, asking)
  }
}

function rejected(message: string, said: string): GitHubError {
  return new GitHubError('GITHUB_REJECTED', message, {
    hint:
      cureFor(said) ??
      'The commit must be pushed and lie on that ref; refs/pull/N/head takes the last commit of its branch only.',
  })
}

function other({status}: Refused, words: string, {destination}: Asking): GitHubError {
  const {api} = destination.server
  if (status >= 500) {
    return new GitHubError('GITHUB_UNAVAILABLE', `GitHub fails (${words})`, {
      hint: 'Try again later; https://www.githubstatus.com says whether others wait too.',
    })
  }
  return new GitHubError('GITHUB_BAD_ANSWER', `${api} does not answer as GitHub does (${words})`, {
    hint: 'Check GITHUB_API_URL, and whether a proxy answers in its place.',
  })
}

/** For a 403 without words that say more. */
function permissionHint({said, header}: Refused, {destination, env}: Asking): string {
  if (/personal access token/i.test(said)) {
    return 'Give the fine-grained token the permission "Code scanning alerts: write" for that repository.'
  }
  if (env['GITHUB_ACTIONS'] === 'true' || /by integration/i.test(said)) {
    if (destination.pullRequest?.fromFork === true) {
      return 'Workflows of pull requests from forks get a token that only reads: upload where the branch was merged (on: push), or in a workflow of its own (on: workflow_run).'
    }
    if (env['GITHUB_ACTOR'] === 'dependabot[bot]') {
      return 'Workflows that Dependabot starts get a token that only reads on push: run them on pull_request.'
    }
    return 'Give the job permissions: security-events: write (and contents: read, actions: read in a private repository).'
  }
  const scopes = header('x-oauth-scopes')
  const has = scopes === undefined || scopes === '' ? '' : ` (it has ${scopes.slice(0, 100)})`
  return `The token needs the scope security_events${has}, or, fine-grained, "Code scanning alerts: write"; whoever it is of, write access.`
}

function isRateLimit({status, said, header}: Refused): boolean {
  if (status === 429) return true
  return status === 403 && (header('x-ratelimit-remaining') === '0' || /rate limit/i.test(said))
}

function rateLimited({header}: Refused, words: string): GitHubError {
  const seconds = waitSeconds(header('retry-after'), header('x-ratelimit-reset'))
  const wait =
    seconds === null
      ? 'Wait a few minutes'
      : `Wait ${seconds > 120 ? count(Math.ceil(seconds / 60), 'minute') : count(seconds, 'second')}`
  return new GitHubError('GITHUB_RATE_LIMITED', `GitHub takes no more requests with this token for now (${words})`, {
    hint: `${wait}, then upload again; 1,000 uploads an hour are the limit.`,
  })
}

function waitSeconds(retryAfter: string | undefined, reset: string | undefined): number | null {
  if (retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter)) return Number(retryAfter)
  if (reset === undefined || !/^\d{1,11}$/.test(reset)) return null
  return Math.max(1, Math.ceil(Number(reset) - Date.now() / 1000))
}
