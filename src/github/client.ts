import {randomUUID} from 'node:crypto'
import {retry} from '@octokit/plugin-retry'
import {throttling} from '@octokit/plugin-throttling'
import {Octokit} from '@octokit/rest'
import {NetError} from '../model/errors.js'
import type {Secret} from '../model/secret.js'
import type {HttpClient} from '../net/http.js'
import {type Fetch, fetchOver} from './fetch.js'
import type {GitHubLimits} from './limits.js'

export interface ClientOptions {
  /** Base of the REST API. */
  readonly api: string
  readonly token: Secret
  readonly userAgent: string
  readonly http: HttpClient
  readonly limits: GitHubLimits
}

/** What a request remembers between its tries. */
interface Tries {
  readonly request: {retries?: number}
}

/**
 * In place of the plugin's limiter that keeps writes a second apart: there is one upload, and its tries have their pauses.
 */
const unpaced = {key: () => ({schedule: (_options: unknown, job: () => Promise<void>) => job()})}

const quiet = {debug() {}, info() {}, warn() {}, error() {}}

/**
 * `@octokit/rest` with retry and throttling, as they are meant to be used together: throttling stands within and waits
 * where GitHub asks for it; retry stands without and repeats what was cut or failed on GitHub's side.
 *
 * This module loads octokit (130 ms): import it where it is used.
 */
export function clientFor({api, token, userAgent, http, limits}: ClientOptions): Octokit {
  const {retries, retriesOfRateLimit, longestWaitSeconds, waitUnitMs} = limits
  const isWorthWaiting = (seconds: number, options: object, _: unknown, tried: number): boolean => {
    if (seconds <= longestWaitSeconds && tried < retriesOfRateLimit) return true
    // What throttling gives up, retry must not take up again.
    Object.assign((options as Tries).request, {retries: 0})
    return false
  }
  const Client = Octokit.plugin(octokit => onlyWhatPasses(octokit, limits), throttling, retry)
  return new Client({
    auth: token.reveal(),
    baseUrl: api,
    userAgent,
    log: quiet,
    request: {fetch: fetchOver(http, limits) satisfies Fetch, log: quiet},
    // 413 and what is wrong with the request stay wrong; 429 is for throttling to judge.
    retry: {retries, retryAfterBaseValue: waitUnitMs, doNotRetry: [400, 401, 403, 404, 409, 410, 413, 422, 451]},
    throttle: {
      // Limits are kept by this name for the whole process: those of another client are not ours.
      id: randomUUID(),
      retryAfterBaseValue: waitUnitMs,
      write: unpaced as never,
      onRateLimit: isWorthWaiting,
      onSecondaryRateLimit: isWorthWaiting,
    },
  })
}

/** A plugin. The plugins take every failure of `fetch` for an error of the server, also that there is no such host. */
function onlyWhatPasses(octokit: Pick<Octokit, 'hook'>, {retriesOfSilence}: GitHubLimits): Record<string, never> {
  octokit.hook.error('request', (error, options) => {
    const {cause} = error
    if (cause instanceof NetError && cause.code !== 'NET_CUT') {
      Object.assign((options as Tries).request, {retries: cause.code === 'NET_TIMEOUT' ? retriesOfSilence : 0})
    }
    throw error
  })
  return {}
}
