import {UsageError} from '../model/errors.js'
import {closest, suggestion} from '../policy/closest.js'
import {usageText} from './errors.js'
import type {FlagDefinition, FlagDefinitions} from './vocabulary.js'

/** The command whose line it is. */
export interface CalledCommand {
  /** As it is typed: `db update`. */
  readonly name: string
  readonly flags: FlagDefinitions
}

/**
 * What oclif's parser refuses, with what was probably meant.
 * @returns anything else as it is
 */
export function explained(error: unknown, command: CalledCommand): unknown {
  if (!(error instanceof Error) || !('oclif' in error)) return error
  const message = missingArguments(error) ?? usageText(error.message)
  const more = `See piton ${command.name} --help.`
  const hint = hintFor(error, message, command)
  return new UsageError('USAGE', message, {hint: hint === null ? more : `${hint} ${more}`, cause: error})
}

/** oclif lists them in columns, cut to the width of the terminal. */
function missingArguments(error: Error): string | null {
  if (!error.message.startsWith('Missing ') || !('args' in error) || !Array.isArray(error.args)) return null
  return error.args
    .map(({name, description}: {readonly name: string; readonly description?: string}) => {
      return `${name.toUpperCase()} is missing${description === undefined ? '' : `: ${description}`}`
    })
    .join('; ')
}

function hintFor(error: Error, message: string, {flags}: CalledCommand): string | null {
  if ('flags' in error && Array.isArray(error.flags)) return meantFlags(error.flags.map(String), flags)
  const value = /^Expected --([\w-]+)=(.*) to be one of: /s.exec(message)
  if (value !== null) return meantValue(value[2] ?? '', flags[value[1] ?? '']?.options ?? [])
  const argument = /^Expected (.*) to be one of: (.*)$/s.exec(message)
  return argument === null ? null : meantValue(argument[1] ?? '', (argument[2] ?? '').split(', '))
}

/** Flags of a line that are likely slips are few: the first one is answered. */
function meantFlags([typed = '']: readonly string[], flags: FlagDefinitions): string | null {
  const [word = ''] = typed.split('=')
  if (/^-[^-]/.test(word)) return Object.hasOwn(flags, word.slice(1)) ? `Did you mean -${word}?` : null
  const known = Object.entries(flags).flatMap(([name, {allowNo}]) => (allowNo === true ? [name, `no-${name}`] : [name]))
  const meant = closest(word.replace(/^-+/, ''), [...known, 'help'])
  return meant === null ? null : `Did you mean --${meant}?`
}

function meantValue(value: string, options: readonly string[]): string | null {
  const meant = closest(value, options)
  return meant === null ? null : suggestion(value, options)
}

/**
 * Refuses a value for a flag that takes none, `--strict=false`: the parser would set the flag, and take the value for
 * the target.
 * @throws {UsageError} USAGE
 */
export function refuseValuesOfSwitches(argv: readonly string[], flags: FlagDefinitions): void {
  for (const [index, word] of argv.entries()) {
    if (word === '--') return
    const [, name = ''] = /^--([\w-]+)=/.exec(word) ?? []
    if (flags[name]?.type !== 'boolean' || takesValue(argv[index - 1], flags)) continue
    throw new UsageError('USAGE', `--${name} takes no value`, {hint: switchHint(name, flags[name])})
  }
}

function switchHint(name: string, {allowNo}: FlagDefinition): string {
  return allowNo === true ? `Write --${name} or --no-${name}.` : `Write --${name}, or leave it out.`
}

/** Is the next word the value of this one? */
function takesValue(word: string | undefined, flags: FlagDefinitions): boolean {
  return word?.startsWith('--') === true && flags[word.slice(2)]?.type === 'option'
}
