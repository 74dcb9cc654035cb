import {UsageError} from './errors.js'

/**
 * A day of the calendar, YYYY-MM-DD.
 * @param name of what it was given as, for the error: `--at`
 * @throws {UsageError} for anything else
 */
export function parseDay(text: string, name: string): string {
  const date = new Date(`${text}T00:00:00Z`)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  if (isDay) return text
  const what = name === '' ? '' : `${name} `
  throw new UsageError('USAGE', `${what}${JSON.stringify(text)} is not a day`, {hint: 'Write it as 2026-01-31.'})
}
