import type {Severity} from '../../model/severity.js'
import {ConfigError} from '../error.js'
import type {Ignore} from '../ignore.js'
import {policyLimits} from '../limits.js'
import type {SeveritySettings} from '../severities.js'
import {type ConfigDocument, configShape, profileHint, type Settings, type Vocabulary} from './document.js'
import type {FlagValue} from './flag-shapes.js'
import type {LimitName} from './limit-settings.js'
import type {Problem} from './node.js'
import {TextPlaces} from './place.js'
import {readYaml} from './yaml.js'

export {configSchema, type Vocabulary} from './document.js'
export type {FlagShape, FlagValue} from './flag-shapes.js'
export {type LimitName, limitSettings, parseLimitSetting, usualLimit} from './limit-settings.js'
export type {KnownRule} from './rule-id.js'

/** A configuration, with the settings of one profile in place of those outside of it. */
export interface Config {
  /** As a person names it. */
  readonly file: string
  readonly profile: string | null
  /** Flags that it sets, and where. */
  readonly flags: ReadonlyMap<string, {readonly value: FlagValue; readonly from: string}>
  readonly severities: SeveritySettings
  /** Ids of rules that are switched off. */
  readonly off: ReadonlySet<string>
  readonly ignore: readonly Ignore[]
  readonly limits: ReadonlyMap<LimitName, number>
}

/** What was found in a file: what it says, or what is wrong with it. */
export interface CheckedConfig {
  readonly places: TextPlaces
  readonly document: ConfigDocument | null
  /** In the order in which they stand. */
  readonly problems: readonly Problem[]
}

/**
 * Reads a configuration as far as that goes.
 * @throws {ConfigError} for bytes that are too many, or no text
 */
export async function checkConfig(bytes: Uint8Array, file: string, vocabulary: Vocabulary): Promise<CheckedConfig> {
  const places = new TextPlaces(file, textOf(bytes, file))
  const problems: Problem[] = []
  const complain = (problem: Problem) => {
    problems.push(problem)
    if (problems.length >= policyLimits.configProblems) throw new EnoughProblems()
  }
  const read = await readDocument(places.text, vocabulary, complain)
  problems.sort((a, b) => a.start - b.start)
  return {places, document: problems.length > 0 ? null : (read ?? null), problems}
}

/** Ends the reading of a file that is wrong all over. */
class EnoughProblems extends Error {}

async function readDocument(
  text: string,
  vocabulary: Vocabulary,
  complain: (problem: Problem) => void,
): Promise<ConfigDocument | undefined> {
  try {
    const root = await readYaml(text, complain)
    const isEmpty = root === null || (root.kind === 'scalar' && root.type === 'null')
    const read = isEmpty ? noSettings : configShape(vocabulary).read(root, complain)
    if (read !== undefined) checkPatterns(read, complain)
    return read
  } catch (error) {
    if (error instanceof EnoughProblems) return undefined
    throw error
  }
}

/**
 * The settings of a file, and of one of its profiles.
 * @throws {ConfigError} CONFIG_INVALID with the place of the first thing that is wrong
 */
export async function readConfig(
  bytes: Uint8Array,
  file: string,
  vocabulary: Vocabulary,
  profile: string | null,
): Promise<Config> {
  const {places, document, problems} = await checkConfig(bytes, file, vocabulary)
  const [first] = problems
  if (document === null || first !== undefined) {
    throw places.error(first ?? {message: 'this cannot be read', start: 0, length: 1}, problems.length - 1)
  }
  const chosen = profile === null ? undefined : document.profiles.get(profile)
  if (profile !== null && chosen === undefined) {
    throw new ConfigError('CONFIG_INVALID', `${file} has no profile ${JSON.stringify(profile)}`, {
      hint: profileHint(profile, document),
    })
  }
  return configOf(places, profile, chosen === undefined ? document : joined(document, chosen))
}

const noSettings: ConfigDocument = {
  flags: new Map(),
  rules: new Map(),
  paths: [],
  ignore: [],
  limits: new Map(),
  profiles: new Map(),
}

/** What a profile says goes before what stands outside; its lists are added. */
function joined(outside: Settings, profile: Settings): Settings {
  return {
    flags: new Map([...outside.flags, ...profile.flags]),
    rules: new Map([...outside.rules, ...profile.rules]),
    paths: [...outside.paths, ...profile.paths],
    ignore: [...outside.ignore, ...profile.ignore],
    limits: new Map([...outside.limits, ...profile.limits]),
  }
}

function configOf(places: TextPlaces, profile: string | null, {flags, rules, paths, ignore, limits}: Settings): Config {
  const levels = [...rules].map(([id, level]) => [id.toLowerCase(), level] as const)
  return {
    file: places.file,
    profile,
    flags: new Map([...flags].map(([name, {value, start}]) => [name, {value, from: places.at(start)}])),
    severities: {
      rules: new Map(levels.filter((entry): entry is readonly [string, Severity] => entry[1] !== 'off')),
      paths,
    },
    off: new Set(levels.flatMap(([id, level]) => (level === 'off' ? [id.toUpperCase()] : []))),
    ignore: ignore.map(({start, ...entry}) => ({...entry, from: places.at(start)})),
    limits,
  }
}

/** Each pattern is held against every path that its rule found: that many times that many has to have an end. */
function checkPatterns(document: ConfigDocument, complain: (problem: Problem) => void): void {
  const all = [document, ...document.profiles.values()].flatMap(({ignore}) => ignore)
  const withPatterns = all.filter(({paths}) => paths.some(({literal}) => literal === null))
  const first = withPatterns[policyLimits.ignorePatterns]
  if (first === undefined) return
  complain({
    message: `more than ${policyLimits.ignorePatterns} ignores have a pattern for paths`,
    hint: 'Write one pattern in place of many, or whole paths: of those there may be any number.',
    start: first.start,
    length: 1,
  })
}

function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.length > policyLimits.configBytes) {
    throw new ConfigError('CONFIG_UNREADABLE', `${file} has more than ${policyLimits.configBytes / 1024 ** 2} MiB`, {
      hint: 'Take out entries that nothing needs: every scan names them.',
    })
  }
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch (cause) {
    throw new ConfigError('CONFIG_UNREADABLE', `${file} is no text in UTF-8`, {hint: 'Save it as UTF-8.', cause})
  }
}
