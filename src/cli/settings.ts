import {PitonError, UsageError} from '../model/errors.js'
import {visible} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import type {Config, FlagValue} from '../policy/config/index.js'
import type {ScalarNode} from '../policy/config/node.js'
import {findConfig, readConfigFile} from './config-file.js'
import type {FlagDefinition, FlagDefinitions} from './vocabulary.js'

/** The command line as oclif read it. */
export interface ParsedLine {
  readonly flags: Readonly<Record<string, unknown>>
  readonly raw: readonly {readonly type: string; readonly flag?: string}[]
}

/** Every flag, from wherever it was set. */
export interface Settled {
  readonly flags: Readonly<Record<string, unknown>>
  /** null where there is none, or the command takes none. */
  readonly config: Config | null
  readonly warnings: readonly Warning[]
}

export interface SettleOptions {
  readonly env: NodeJS.ProcessEnv
  /** Flags that only the command line sets. */
  readonly notConfigured: ReadonlySet<string>
  /** Takes a line for each flag and where it came from; null where nobody asked. */
  readonly say: ((line: string) => void) | null
}

/** `PITON_FAIL_ON`. */
export function variableOf(flag: string): string {
  return `PITON_${flag.toUpperCase().replaceAll('-', '_')}`
}

/** Flags about one run: a variable for all runs would surprise. */
const notInEnvironment: ReadonlySet<string> = new Set(['help', 'version', 'debug'])

/**
 * What each flag comes to: the command line goes before the environment, that before the configuration, that before what
 * is usual.
 */
export async function settle(
  definitions: FlagDefinitions,
  {flags, raw}: ParsedLine,
  {env, notConfigured, say}: SettleOptions,
): Promise<Settled> {
  const given = new Set(raw.flatMap(({type, flag}) => (type === 'flag' && flag !== undefined ? [flag] : [])))
  const settled: Record<string, unknown> = {...flags}
  const origins = new Map<string, string>()
  for (const [name, definition] of Object.entries(definitions)) {
    if (given.has(name)) origins.set(name, 'flag')
    const variable = variableOf(name)
    const written = env[variable]
    if (given.has(name) || notInEnvironment.has(name) || notConfigured.has(name)) continue
    if (written === undefined || written === '') continue
    settled[name] = await fromVariable(variable, written, name, definition)
    origins.set(name, variable)
  }
  const config = 'config' in definitions ? await loadConfig(settled) : null
  for (const [name, {value, from}] of config?.flags ?? []) {
    const definition = definitions[name]
    if (definition === undefined || origins.has(name) || notConfigured.has(name)) continue
    settled[name] = await parsed(value, definition, from)
    origins.set(name, from)
  }
  const limit = (settled['limit'] ?? []) as readonly string[]
  if ((config?.limits.size ?? 0) > 0 || limit.length > 0) await applyLimits(config, limit, origins.get('limit') ?? '')
  if (say !== null) for (const line of debugLines(definitions, settled, origins, config)) say(line)
  return {flags: settled, config, warnings: await misspelt(definitions, env)}
}

async function loadConfig({config, profile}: Readonly<Record<string, unknown>>): Promise<Config | null> {
  const file = findConfig(config as string | undefined)
  if (file === null) {
    if (profile === undefined) return null
    throw new UsageError('USAGE', `--profile ${profile}: there is no configuration`, {
      hint: 'piton config init writes one.',
    })
  }
  const [{readConfig}, {ownVocabulary}] = await Promise.all([
    import('../policy/config/index.js'),
    import('./vocabulary.js'),
  ])
  return readConfig(readConfigFile(file), file, await ownVocabulary(), (profile as string | undefined) ?? null)
}

/** @param written `elf-size=512MiB`, which goes before the configuration */
async function applyLimits(config: Config | null, written: readonly string[], from: string): Promise<void> {
  const [{limitSettings, parseLimitSetting}, {setLimits}] = await Promise.all([
    import('../policy/config/index.js'),
    import('../model/limits.js'),
  ])
  const where = from === 'flag' ? '--limit' : from
  const values = [...(config?.limits ?? []), ...written.map(text => parseLimitSetting(text, where))]
  setLimits(Object.fromEntries(values.map(([name, value]) => [limitSettings[name].limit, value])))
}

const truths: Readonly<Record<string, boolean>> = {
  1: true,
  true: true,
  yes: true,
  on: true,
  0: false,
  false: false,
  no: false,
  off: false,
}

/** A list is separated by commas. */
async function fromVariable(variable: string, written: string, name: string, definition: FlagDefinition) {
  if (definition.type === 'boolean') {
    const truth = truths[written.trim().toLowerCase()]
    if (truth !== undefined) return truth
    throw new UsageError('USAGE', `${variable}=${JSON.stringify(written)} is neither true nor false`, {
      hint: 'Write 1 or 0.',
    })
  }
  const [{flagShape}, {shapeOf}] = await Promise.all([
    import('../policy/config/flag-shapes.js'),
    import('./vocabulary.js'),
  ])
  const parts = definition.multiple === true ? written.split(',').filter(part => part.trim() !== '') : [written]
  const shape = flagShape({...shapeOf(name, definition), kind: 'text'})
  const values = parts.map(part => {
    const node: ScalarNode = {kind: 'scalar', start: 0, text: part.trim(), plain: true, type: 'text'}
    return shape.read(node, ({message, hint, start, length}) => {
      throw new UsageError('USAGE', `${variable}: ${message}`, {
        hint,
        excerpt: {line: node.text, column: start, length},
      })
    }) as string
  })
  return parsed(definition.multiple === true ? values : (values[0] ?? ''), definition, variable)
}

/** As the flag itself would read it. */
async function parsed(value: FlagValue, definition: FlagDefinition, from: string): Promise<unknown> {
  const {parse} = definition
  if (typeof value === 'boolean' || parse === undefined) return value
  try {
    return typeof value === 'string'
      ? await parse(value, {}, definition)
      : await Promise.all(value.map(one => parse(one, {}, definition)))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const {hint, excerpt} = error instanceof PitonError ? error : {hint: undefined, excerpt: undefined}
    throw new UsageError('USAGE', `${from}: ${error.message}`, {hint, excerpt, cause: error})
  }
}

function debugLines(
  definitions: FlagDefinitions,
  settled: Readonly<Record<string, unknown>>,
  origins: ReadonlyMap<string, string>,
  config: Config | null,
): string[] {
  const profile = config?.profile == null ? '' : `, profile ${config.profile}`
  const names = Object.keys(definitions).filter(name => settled[name] !== undefined && name !== 'debug')
  return [
    ...('config' in definitions ? [`configuration: ${config === null ? 'none' : `${config.file}${profile}`}`] : []),
    ...names.map(name => `${name} = ${JSON.stringify(settled[name])} (${origins.get(name) ?? 'default'})`),
  ].map(visible)
}

/** A variable that nearly is one of ours sets nothing, and a gate would not be what it looks like. */
async function misspelt(definitions: FlagDefinitions, env: NodeJS.ProcessEnv): Promise<Warning[]> {
  const known = Object.keys(definitions)
    .filter(name => !notInEnvironment.has(name))
    .map(variableOf)
  const others = Object.keys(env).filter(name => name.startsWith('PITON_') && !known.includes(name))
  if (others.length === 0) return []
  const [{COMMANDS}, {suggest}] = await Promise.all([import('../commands/index.js'), import('./suggest.js')])
  const ofOtherCommands = new Set(
    Object.values(COMMANDS).flatMap(({flags}) => Object.keys(flags ?? {}).map(variableOf)),
  )
  return others.flatMap(name => {
    const meant = known.find(one => one.replaceAll('_', '') === name.replaceAll('_', '')) ?? suggest(name, known)[0]
    if (meant === undefined || ofOtherCommands.has(name)) return []
    return [{code: 'ENVIRONMENT_UNKNOWN', message: `the environment has ${name}, which sets nothing: ${meant} does`}]
  })
}
