import {ArchiveError, ImageError, PitonError, SourceError} from '../../model/errors.js'
import type {SentError} from './messages.js'

/** What can go wrong on the thread: reading, hashing, inflating. */
const kinds = {ArchiveError, ImageError, SourceError} as const

/** An error, to be sent to another thread: there it would not be of its class any more. */
export function sentError(error: unknown): SentError {
  const kind = Object.entries(kinds).find(([, Kind]) => error instanceof Kind)?.[0] ?? null
  const {code, hint} = error instanceof PitonError ? error : {code: '', hint: undefined}
  const {message, stack} = error instanceof Error ? error : {message: String(error), stack: undefined}
  return {kind, code, message, hint, stack}
}

/** The error that was sent. */
export function receivedError({kind, code, message, hint, stack}: SentError): Error {
  const Kind = kinds[kind as keyof typeof kinds]
  const error = Kind === undefined ? new Error(message) : new Kind(code as never, message, {hint})
  if (stack !== undefined) error.stack = stack
  return error
}
