import {posix} from 'node:path'
import type {Command, Statement} from './syntax.js'
import type {Alternatives, Words} from './values.js'

/** What the words of a substitution need to know. */
export interface Printing {
  expand(command: Command): Alternatives
  /** The working folder after the commands before. */
  readonly folder: string
  /** Where PATH finds a command; null where it does not. */
  find(command: string): string | null
}

/** What `$(…)` prints, for the few commands with which scripts find programs; null words for all others. */
export function printedBy(statements: readonly Statement[], shell: Printing): Alternatives {
  const last = statements.at(-1)
  if (last?.kind !== 'command' || last.input !== null) return [[null]]
  return shell.expand(last).map(words => [printedWord(words, shell)])
}

function printedWord([name, ...all]: Words, {folder, find}: Printing): string | null {
  const words = all.filter(word => word === null || !/^-\w*$/.test(word))
  const path = words.at(-1) ?? null
  if (name === 'pwd') return folder
  if (name === 'echo') return words.includes(null) ? null : words.join(' ')
  if (path === null) return null
  switch (name) {
    case 'which':
    case 'command':
    case 'type':
      return find(path) ?? ''
    case 'dirname':
      return posix.dirname(path)
    case 'basename':
      return words.length === 1 ? posix.basename(path) : null
    case 'readlink':
    case 'realpath':
      return posix.resolve(folder, path)
    default:
      return null
  }
}
