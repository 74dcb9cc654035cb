import {readFileSync, statSync} from 'node:fs'
import type {PitonError} from '../model/errors.js'

/** What may be wrong with a file that somebody named, in the error of what it was to be. */
export type MakeError = (message: string, details: {readonly hint: string; readonly cause?: unknown}) => PitonError

/**
 * A file with decisions. One that is too large is not even opened: who wants it would refuse it, after it took the
 * memory.
 */
export function readPolicyFile(file: string, limitBytes: number, makeError: MakeError): Uint8Array {
  try {
    const stat = statSync(file)
    // A pipe would be waited for.
    if (!stat.isFile()) throw new Error('it is no file')
    if (stat.size <= limitBytes) return readFileSync(file)
  } catch (cause) {
    const {code, message} = cause as NodeJS.ErrnoException
    throw makeError(`cannot read ${file}: ${code ?? message}`, {hint: 'Check the path and its permissions.', cause})
  }
  throw makeError(`${file} has more than ${limitBytes / 1024 ** 2} MiB`, {hint: 'Is it the right file?'})
}
