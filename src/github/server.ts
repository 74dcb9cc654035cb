import {hostnameOf, isLoopback} from '../net/host.js'
import {GitHubError} from './error.js'

/** One GitHub: github.com, a ghe.com, or a GitHub Enterprise Server. */
export interface GitHubServer {
  /** Base of the REST API, without a slash at its end. */
  readonly api: string
  /** Where people look at it, likewise. */
  readonly web: string
  /** Variables that may hold a token for it, best first. */
  readonly tokenNames: readonly string[]
}

const tokenNames = ['GITHUB_TOKEN', 'GH_TOKEN']
/** A token for github.com must not go to any other host only because a remote of git names that. GitHub CLI does so too. */
const enterpriseTokenNames = ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']

/**
 * The server that the environment names.
 * @param remoteHost host of the repository where git alone knows it; null: github.com
 * @throws {GitHubError} GITHUB_DESTINATION
 */
export function serverOf(env: NodeJS.ProcessEnv, remoteHost: string | null): GitHubServer {
  const {GITHUB_API_URL: api, GITHUB_SERVER_URL: web} = env
  if (api) {
    const base = parseBase(api, 'GITHUB_API_URL')
    return {api: base, web: web ? parseBase(web, 'GITHUB_SERVER_URL') : webOf(base), tokenNames}
  }
  if (web) {
    const base = parseBase(web, 'GITHUB_SERVER_URL')
    return {api: apiOf(base), web: base, tokenNames}
  }
  const host = remoteHost ?? 'github.com'
  const base = `https://${host}`
  return {api: apiOf(base), web: base, tokenNames: isGitHubHost(host) ? tokenNames : enterpriseTokenNames}
}

/** `https://api.github.com`, `https://api.SLUG.ghe.com`, `https://HOST/api/v3` */
function apiOf(web: string): string {
  const {protocol, host} = new URL(web)
  return isGitHubHost(host) ? `${protocol}//api.${host}` : `${web}/api/v3`
}

function webOf(api: string): string {
  const url = new URL(api)
  const host = url.host.replace(/^api\./, '')
  return isGitHubHost(host) ? `${url.protocol}//${host}` : api.replace(/\/api\/v3$/, '')
}

/** Of GitHub itself, and not of somebody who runs it. */
function isGitHubHost(host: string): boolean {
  return host === 'github.com' || /^[a-z0-9-]+\.ghe\.com$/.test(host)
}

/** @throws {GitHubError} for what is no address, or one on whose way a token could be read */
function parseBase(text: string, variable: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new GitHubError('GITHUB_DESTINATION', `${variable} is not the address of a GitHub server`, {
      hint: 'For example https://api.github.com for GITHUB_API_URL, https://github.com for GITHUB_SERVER_URL.',
    })
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(hostnameOf(url)))) {
    throw new GitHubError('GITHUB_DESTINATION', `${variable} names ${url.origin}, which is not HTTPS`, {
      hint: 'A token is not sent where others could read it.',
    })
  }
  return url.href.replace(/\/+$/, '')
}
