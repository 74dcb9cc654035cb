import type {NetLimits} from '../model/limits.js'

/** Answers that may be another one in a moment: too many requests, and errors of the server or of one before it. */
export function isBusy(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501 && status !== 505)
}

/** What `Retry-After` asks for, in milliseconds; null where it says nothing. RFC 9110, 10.2.3: seconds, or a date. */
export function retryAfterMs(value: string | undefined, now = Date.now()): number | null {
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/**
 * The pause after try number `attempt` (from 1): doubling, and anywhere in its upper half, so that many clients which
 * were cut together do not come back together.
 */
export function backoffMs(attempt: number, {backoffMs, longestBackoffMs}: NetLimits): number {
  const longest = Math.min(longestBackoffMs, backoffMs * 2 ** (attempt - 1))
  return longest * (0.5 + Math.random() / 2)
}
