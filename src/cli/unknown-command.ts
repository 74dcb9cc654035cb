import {existsSync} from 'node:fs'
import {UsageError} from '../model/errors.js'
import {closest} from '../policy/closest.js'

const lists = 'piton --help lists the commands.'

/**
 * Words that call no command, with what was probably meant.
 * @param names of commands, as they are typed: `scan`, `db update`
 * @param topics what else `piton help` speaks of; none where it was not asked
 */
export function unknownCommand(
  words: readonly string[],
  names: readonly string[],
  topics: readonly string[] = [],
): UsageError {
  const [first = '', second = ''] = words
  if (first.startsWith('-')) return unknownFlag(first)
  const groups = new Set(names.filter(name => name.includes(' ')).map(name => name.split(' ')[0] ?? ''))
  const typed = groups.has(first) && !second.startsWith('-') ? `${first} ${second}` : first
  const message = topics.length > 0 ? `command or topic ${typed} not found` : `there is no command ${typed}`
  const meant = groups.has(first)
    ? meantIn(first, second, names)
    : meantBy(first, second, [...names, ...groups, ...topics, 'help'])
  return new UsageError('USAGE', message, {
    hint: meant === null ? (targetHint(first) ?? lists) : `Did you mean ${meant}?`,
  })
}

function unknownFlag(word: string): UsageError {
  const meant = closest(word, ['--help', '--version'])
  return new UsageError('USAGE', `there is no command ${word}`, {
    hint:
      meant === null
        ? `Flags stand behind the command: piton scan --fail-on high app.tar. ${lists}`
        : `Did you mean ${meant}?`,
  })
}

function meantIn(group: string, word: string, names: readonly string[]): string | null {
  const inside = names.filter(name => name.startsWith(`${group} `)).map(name => name.slice(group.length + 1))
  const meant = closest(word, inside)
  return meant === null ? null : `${group} ${meant}`
}

/** `cach status`, `dbupdate` and `bd update` are a slip in two words; `update` is half of them. */
function meantBy(first: string, second: string, names: readonly string[]): string | null {
  const pairs = names.filter(name => name.includes(' '))
  const near = closest(
    first,
    names.filter(name => !name.includes(' ')),
  )
  const isGroup = pairs.some(name => name.startsWith(`${near} `))
  const [half] = pairs.filter(name => name.split(' ')[1] === first)
  return (
    (near !== null && isGroup && second !== '' ? meantIn(near, second, names) : null) ??
    near ??
    closest(`${first} ${second}`, pairs) ??
    half ??
    closest(first, ['--version', '--help'])
  )
}

/** `piton app.tar`, `piton alpine:3.20`: it is clear what is wanted. */
function targetHint(word: string): string | null {
  return /[./:]/.test(word) || existsSync(word) ? `To scan it: piton scan ${word}` : null
}
