import {thresholds} from '../../model/severity.js'
import {conditionWords} from '../../policy/fail-on.js'
import {reporters} from '../../report/index.js'
import {rules} from '../../rules/index.js'
import {typed} from '../command-names.js'
import type {HelpedCommand} from '../help/command.js'
import {groupsOf, type HelpedCommands} from '../help/overview.js'
import {topicNames} from '../help/topics.js'

/** What may stand in a place of the line. */
export type Values =
  | {readonly kind: 'words'; readonly words: readonly string[]}
  | {readonly kind: 'files'}
  | {readonly kind: 'folders'}
  | {readonly kind: 'anything'}

export interface CompletedFlag {
  readonly name: string
  readonly char: string | undefined
  readonly description: string
  /** null: it takes no value. */
  readonly value: Values | null
  readonly repeatable: boolean
}

export interface CompletedCommand {
  /** As it is typed: `db update`. */
  readonly name: string
  readonly summary: string
  readonly flags: readonly CompletedFlag[]
  /** What stands behind it that is no flag. */
  readonly argument: Values
}

/** All that can be typed, as shells need it. */
export interface CompletedProgram {
  readonly commands: readonly CompletedCommand[]
  /** First words that several commands share. */
  readonly groups: readonly string[]
  /** Conditions of `--fail-on`, behind a colon. */
  readonly conditions: readonly string[]
}

const files: Values = {kind: 'files'}
const anything: Values = {kind: 'anything'}
const words = (list: readonly string[]): Values => ({kind: 'words', words: list})

export function completedProgram(all: HelpedCommands): CompletedProgram {
  const shown = Object.entries(all).filter(([, {hidden}]) => hidden !== true)
  const names = shown.map(([id]) => typed(id))
  const groups = groupsOf(Object.keys(all))
  const help: CompletedCommand = {
    name: 'help',
    summary: 'Say more of a command or a topic.',
    flags: [],
    argument: words([...names.filter(name => !name.includes(' ')), ...groups, ...topicNames]),
  }
  const commands = shown.map(([id, command]) => commandOf(typed(id), command))
  return {commands: [...commands, help], groups, conditions: Object.keys(conditionWords)}
}

function commandOf(
  name: string,
  {summary = '', args = {}, flags = {}, baseFlags = {}}: HelpedCommand,
): CompletedCommand {
  const given = Object.entries({...flags, ...baseFlags}).filter(([, {hidden}]) => hidden !== true)
  const completed = given.flatMap(([flag, {type, char, description = '', allowNo, multiple, options, helpValue}]) => {
    const value = type === 'boolean' ? null : valuesOf(flag, description, options, String(helpValue ?? ''))
    const entry = {name: flag, char, description, value, repeatable: multiple === true}
    return allowNo === true
      ? [entry, {...entry, name: `no-${flag}`, char: undefined, description: `not: ${description}`}]
      : [entry]
  })
  const help = {name: 'help', char: undefined, description: 'say all of this command', value: null, repeatable: false}
  return {name, summary, flags: [...completed, help], argument: argumentOf(args)}
}

function valuesOf(
  flag: string,
  description: string,
  options: readonly string[] | undefined,
  helpValue: string,
): Values {
  if (options !== undefined) return words(options)
  if (flag === 'output')
    return words([...reporters.keys()].filter(name => new RegExp(`\\b${name}\\b`).test(description)))
  if (flag === 'fail-on') return words(thresholds)
  if (flag === 'vex') return files
  if (/\bDIR\b/.test(helpValue)) return {kind: 'folders'}
  // A target may be a file, as well as the name of an image.
  return /\b(?:FILE|TARGET)\b/.test(helpValue) ? files : anything
}

function argumentOf(args: NonNullable<HelpedCommand['args']>): Values {
  const [name] = Object.keys(args)
  const [first] = Object.values(args)
  if (name === undefined || first === undefined) return anything
  if (first.options !== undefined) return words(first.options)
  if (name === 'id') return words(rules.map(({id}) => id))
  return files
}
