import {UsageError} from '../model/errors.js'

/** The current day in UTC, YYYY-MM-DD. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** @throws {UsageError} for anything but a day of the calendar */
export function parseDay(text: string): string {
  const date = new Date(`${text}T00:00:00Z`)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text))
    return text
  throw new UsageError('USAGE', `--at ${JSON.stringify(text)} is not a day`, {hint: 'Write it as 2026-01-31.'})
}
