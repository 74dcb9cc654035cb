import {shorten} from '../model/text.js'
import {GitHubError} from './error.js'
import type {PullRequest} from './pull-request.js'
import {parseRemote, parseRepository, type Remote} from './remote.js'
import {type GitHubServer, serverOf} from './server.js'

/** What was asked for on the command line. */
export interface AskedDestination {
  /** `owner/name` */
  readonly repository?: string | undefined
  /** `refs/heads/main`, or a branch alone. */
  readonly ref?: string | undefined
  readonly commit?: string | undefined
}

/** The git checkout around the working folder; what is null is not known. */
export interface Checkout {
  /** Absolute path. */
  readonly root: string
  readonly head: string | null
  /** `refs/heads/main`; null where no branch is checked out. */
  readonly branch: string | null
  /** Address of the remote that it comes from. May hold a password: never shown. */
  readonly remote: string | null
}

/** Where an analysis belongs. */
export interface Destination {
  readonly server: GitHubServer
  readonly owner: string
  readonly name: string
  /** `refs/heads/B`, `refs/tags/T`, `refs/pull/N/merge` or `refs/pull/N/head` */
  readonly ref: string
  /** 40 hexadecimal digits */
  readonly commit: string
  readonly pullRequest: PullRequest | null
}

/** All that is known of where the analysis may belong. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  readonly pullRequest: PullRequest | null
  readonly checkout: Checkout | null
}

/**
 * Finds repository, ref and commit: each from what was asked for, else from GitHub Actions, else from git. A repository
 * that is none of those around here lends nobody's ref or commit.
 * @throws {GitHubError} GITHUB_DESTINATION, which says what is not known and how to say it
 */
export function findDestination(asked: AskedDestination, around: Surroundings): Destination {
  const {env, pullRequest, checkout} = around
  const remote = checkout?.remote == null ? null : parseRemote(checkout.remote)
  const {owner, name, host} = repositoryOf(asked, env, remote)
  const server = serverOf(env, host)
  const fullName = `${owner}/${name}`
  const inWorkflow = isNamed(env['GITHUB_REPOSITORY'], fullName)
  const inCheckout = remote === null || isNamed(`${remote.owner}/${remote.name}`, fullName)
  const known = inWorkflow ? workflowOf(env, pullRequest, checkout) : inCheckout ? checkout : null
  const ref = asked.ref === undefined ? known?.branch : parseRef(asked.ref, '--ref')
  if (ref == null) {
    throw new GitHubError('GITHUB_DESTINATION', `no branch of ${fullName} is known that the results belong to`, {
      hint: 'Name it: --ref refs/heads/main.',
    })
  }
  const isOfPullRequest = inWorkflow && pullRequest !== null && ref === headOf(pullRequest)
  const commit = asked.commit ?? (isOfPullRequest ? pullRequest.head : known?.head)
  if (commit == null) {
    throw new GitHubError('GITHUB_DESTINATION', `no commit of ${fullName} is known that the results belong to`, {
      hint: 'Name it: --commit, with all 40 digits.',
    })
  }
  return {server, owner, name, ref, commit: parseCommit(commit), pullRequest: inWorkflow ? pullRequest : null}
}

function repositoryOf(asked: AskedDestination, env: NodeJS.ProcessEnv, remote: Remote | null) {
  const named = asked.repository ?? env['GITHUB_REPOSITORY']
  if (named === undefined || named === '') {
    if (remote !== null) return remote
    throw new GitHubError('GITHUB_DESTINATION', 'it is not known which repository the results belong to', {
      hint: 'Name it: --repository OWNER/NAME.',
    })
  }
  const repository = parseRepository(named)
  if (repository === null) {
    const origin = asked.repository === undefined ? 'GITHUB_REPOSITORY' : '--repository'
    throw new GitHubError('GITHUB_DESTINATION', `${origin} ${JSON.stringify(shorten(named, 100))} is no repository`, {
      hint: 'Write it as OWNER/NAME.',
    })
  }
  return {...repository, host: null}
}

/** What GitHub Actions says, in the words of a checkout. */
function workflowOf(
  env: NodeJS.ProcessEnv,
  pullRequest: PullRequest | null,
  checkout: Checkout | null,
): Pick<Checkout, 'branch' | 'head'> {
  const {GITHUB_REF: ref, GITHUB_SHA: sha} = env
  // The workflow checked out the branch that is to be merged. Its results belong to the pull request, above all where the
  // event runs on the target branch (pull_request_target): there they would close and open alerts of that.
  if (pullRequest !== null && checkout?.head === pullRequest.head && pullRequest.head !== sha) {
    return {branch: headOf(pullRequest), head: pullRequest.head}
  }
  return {branch: ref ? parseRef(ref, 'GITHUB_REF') : null, head: sha || null}
}

function headOf({number}: PullRequest): string {
  return `refs/pull/${number}/head`
}

/** A name alone is a branch. git-check-ref-format, as far as it keeps strange things out. */
function parseRef(text: string, origin: string): string {
  const ref = text.startsWith('refs/') ? text : `refs/heads/${text}`
  const known =
    /^refs\/(?:heads|tags)\/[^\p{Cc} ~^:?*[\\]{1,255}$/u.test(ref) || /^refs\/pull\/\d{1,10}\/(?:merge|head)$/.test(ref)
  if (known && !/\.\.|@\{|\/\/|\/$|\.lock$|\/\./.test(ref)) return ref
  throw new GitHubError(
    'GITHUB_DESTINATION',
    `${origin} ${JSON.stringify(shorten(text, 100))} is no ref that takes results`,
    {
      hint: 'GitHub takes refs/heads/BRANCH, refs/tags/TAG, refs/pull/NUMBER/merge and refs/pull/NUMBER/head.',
    },
  )
}

function parseCommit(text: string): string {
  if (/^[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
  throw new GitHubError('GITHUB_DESTINATION', `${JSON.stringify(shorten(text, 100))} is no commit`, {
    hint: 'Give all 40 digits, for example --commit "$(git rev-parse HEAD)".',
  })
}

function isNamed(name: string | undefined, other: string): boolean {
  return name?.toLowerCase() === other.toLowerCase()
}

/** The list of alerts of one tool, as people look at it. */
export function alertsPage({server, owner, name, ref}: Destination, tool: string): string {
  const [, branch, number] = /^refs\/(?:heads\/(.+)|pull\/(\d+)\/\w+)$/.exec(ref) ?? []
  const words = [
    'is:open',
    ...(number === undefined ? [] : [`pr:${number}`]),
    ...(branch === undefined ? [] : [`branch:${branch}`]),
  ]
  const named = /^[\w.-]+$/.test(tool) ? tool : `"${shorten(tool, 100).replaceAll('"', '')}"`
  const query = [...words, ...(tool === '' ? [] : [`tool:${named}`])].join(' ')
  return `${server.web}/${owner}/${name}/security/code-scanning?${new URLSearchParams({query})}`
}
