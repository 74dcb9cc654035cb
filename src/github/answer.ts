import type {Secret} from '../model/secret.js'
import {shorten, visible} from '../model/text.js'
import {githubLimits} from './limits.js'

/** What GitHub answered instead of what was asked for. */
export interface Refused {
  readonly status: number
  /** Its own words, one line, safe to print; '' where it has none. */
  readonly said: string
  header(name: string): string | undefined
}

/** @returns null where nobody answered */
export function refusedBy(error: unknown, token: Secret): Refused | null {
  const status = field(error, 'status')
  const response = field(error, 'response')
  if (typeof status !== 'number' || response === undefined) return null
  const headers = field(response, 'headers')
  return {
    status,
    said: wordsOf(field(response, 'data'), token),
    header(name) {
      const value = field(headers, name)
      return typeof value === 'string' ? value : undefined
    },
  }
}

/** The message of an error document and its details, as far as they are text. */
export function wordsOf(data: unknown, token: Secret): string {
  const details = field(data, 'errors')
  const parts = [
    field(data, 'message'),
    ...(Array.isArray(details) ? details : [details]).map(one => field(one, 'message') ?? one),
  ]
  return spokenBy(parts.filter(part => typeof part === 'string').join(': '), token)
}

/** Text of a server made fit for one line; what piton sent, it does not get to show. */
export function spokenBy(text: string, token: Secret): string {
  const start = text.slice(0, 4 * githubLimits.saidCharacters).replaceAll(token.reveal(), '***')
  return shorten(visible(start.replace(/\s+/g, ' ').trim()), githubLimits.saidCharacters).replace(/[.:\s]+$/, '')
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}
