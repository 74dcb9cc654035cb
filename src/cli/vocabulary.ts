import {parseDay} from '../model/day.js'
import type {FlagShape, Vocabulary} from '../policy/config/index.js'
import {parseFailOn} from '../policy/index.js'
import {rules} from '../rules/index.js'
import {parsePlatform} from '../source/platform.js'

/** A flag as oclif defines it, as far as a setting needs to know. */
export interface FlagDefinition {
  readonly type: 'boolean' | 'option'
  readonly description?: string | undefined
  readonly multiple?: boolean | undefined
  readonly options?: readonly string[] | undefined
  readonly allowNo?: boolean | undefined
  // biome-ignore lint/suspicious/noExplicitAny: each flag has a type of its own, and oclif knows them all
  readonly parse?: (...parameters: any[]) => Promise<unknown>
}
export type FlagDefinitions = Readonly<Record<string, FlagDefinition>>

/** What is about the run at hand, and not about the project; limits have a section of their own there. */
const notInFile: ReadonlySet<string> = new Set(['config', 'profile', 'debug', 'help', 'version', 'limit'])

/** Flags whose words follow a grammar of their own. */
const checks: Readonly<Record<string, (text: string) => unknown>> = {
  'fail-on': text => parseFailOn(text, ''),
  at: text => parseDay(text, ''),
  platform: parsePlatform,
}

/** The flag as a setting. */
export function shapeOf(name: string, {type, description = '', multiple, options}: FlagDefinition): FlagShape {
  const check = checks[name]
  return {
    name,
    description,
    kind: type === 'boolean' ? 'truth' : multiple === true ? 'list' : 'text',
    options: options ?? null,
    ...(check !== undefined && {check: (text: string) => void check(text)}),
  }
}

/** All that a configuration may speak of: the flags of these commands, and the rules. Of equal flags the first counts. */
export function vocabularyOf(commands: readonly FlagDefinitions[]): Vocabulary {
  const flags = new Map<string, FlagShape>()
  for (const [name, definition] of commands.flatMap(definitions => Object.entries(definitions))) {
    if (!notInFile.has(name) && !flags.has(name)) flags.set(name, shapeOf(name, definition))
  }
  return {flags: [...flags.values()], rules: rules.map(({id, name}) => ({id, name}))}
}

/** The flags of the commands that read a configuration. */
export async function ownVocabulary(): Promise<Vocabulary> {
  const {COMMANDS} = await import('../commands/index.js')
  const commands = Object.values(COMMANDS) as readonly {readonly flags?: FlagDefinitions}[]
  return vocabularyOf(commands.flatMap(({flags}) => (flags !== undefined && 'show-suppressed' in flags ? [flags] : [])))
}
