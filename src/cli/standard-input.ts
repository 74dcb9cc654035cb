import {fstatSync} from 'node:fs'
import {isatty} from 'node:tty'
import {UsageError} from '../model/errors.js'
import type {StandardInput} from '../source/index.js'

let isTaken = false

/** Standard input of this process. The stream is not touched before somebody asks for it. */
export const standardInput: StandardInput = {
  get isTerminal() {
    return isatty(0)
  },
  get file() {
    return fstatSync(0).isFile() ? {fd: 0} : null
  },
  chunks() {
    if (isTaken) {
      throw new UsageError('USAGE_TARGET', 'standard input is named twice, and can be read only once', {
        hint: 'Save one of them to a file.',
      })
    }
    isTaken = true
    return process.stdin
  },
}
