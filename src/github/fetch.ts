import {NetError} from '../model/errors.js'
import {spoken} from '../net/host.js'
import type {HttpAnswer, HttpClient} from '../net/http.js'
import type {GitHubLimits} from './limits.js'

/** As much of `fetch` as octokit uses. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string | undefined
    readonly signal?: AbortSignal | undefined
  },
) => Promise<Response>

/** Headers of answers that are looked at. */
const kept = [
  'content-type',
  'retry-after',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-github-request-id',
  'x-github-sso',
  'x-oauth-scopes',
]

/**
 * `fetch` by way of piton's own HTTP: its proxies, authorities, bounds on time and size, and its words for what goes wrong.
 * An answer that breaks off is an error, as it is not with `fetch`, where octokit takes what came.
 */
export function fetchOver(http: HttpClient, {redirects, answerBytes}: GitHubLimits): Fetch {
  return async (address, {method, headers, body, signal}) => {
    let url = new URL(address)
    for (let hop = 0; hop <= redirects; hop++) {
      const answer = await http.once(method === 'GET' ? 'GET' : 'POST', url, answerBytes, {headers, signal}, body)
      const location = answer.header('location')
      if (answer.status < 300 || answer.status >= 400 || location === undefined) return responseOf(answer)
      url = redirected(location, url)
    }
    throw new NetError('NET_REDIRECT', `${spoken(new URL(address))} redirects more than ${redirects} times`)
  }
}

/** A repository that was renamed stays on its server; a token does not leave that. */
function redirected(location: string, from: URL): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : null
  if (next?.origin === from.origin) return next
  const where = next === null ? 'what is no address' : next.origin
  throw new NetError('NET_REDIRECT', `${spoken(from)} redirects to ${where}, where the token does not belong`)
}

function responseOf({status, header, bytes, url}: HttpAnswer): Response {
  if (status < 200 || status > 599) {
    throw new NetError('NET_PROTOCOL', `${spoken(url)} answers with status ${status}, which HTTP does not have`)
  }
  const headers = kept.flatMap((name): [string, string][] => {
    const value = header(name)
    return value === undefined ? [] : [[name, value]]
  })
  const bodiless = status === 204 || status === 205 || status === 304
  return new Response(bodiless ? null : new Uint8Array(bytes), {status, headers})
}
