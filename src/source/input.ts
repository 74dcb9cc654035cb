import {UsageError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import {FileSource} from './file.js'
import {type OpenBytes, type ReceiveLimits, receive} from './receive.js'

/** What it is called in messages. */
export const inputName = 'standard input'

/** Standard input, as whoever runs the scan gives it. */
export interface StandardInput {
  readonly isTerminal: boolean
  /** Where it is a regular file (`< app.tar`): it is read like any other. */
  readonly file: {readonly fd: number} | null
  /** What comes through the pipe. */
  chunks(): AsyncIterable<Uint8Array>
}

/**
 * Takes standard input in.
 * @param check throws for first bytes that nobody can read
 * @throws {UsageError} where there is none, or somebody sits at it
 */
export async function receiveInput(
  input: StandardInput | undefined,
  check: (head: Uint8Array) => void,
  on: OnEvent | undefined,
  limits: Partial<ReceiveLimits> | undefined,
): Promise<OpenBytes> {
  const hint = 'Pipe an image or an archive into it: docker save app | piton scan -'
  if (input === undefined) throw new UsageError('USAGE_TARGET', `there is no ${inputName} here`, {hint})
  if (input.isTerminal) throw new UsageError('USAGE_TARGET', `${inputName} is the terminal`, {hint})
  if (input.file === null) return receive(input.chunks(), {name: inputName, check, on, limits})
  const file = new FileSource(inputName, input.file)
  check(file.read(0, 512))
  return {
    sizeBytes: file.sizeBytes,
    lasting: true,
    read: (offset, length) => file.read(offset, length),
    close() {
      // It is not ours to close.
    },
  }
}
