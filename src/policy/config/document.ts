import {projectURL} from '../../model/project.js'
import {type Severity, severities} from '../../model/severity.js'
import {suggestion} from '../closest.js'
import type {PathSeverity} from '../severities.js'
import {feedsShape, feedTexts} from './feeds-shape.js'
import {type FlagShape, type FlagValue, flagShape} from './flag-shapes.js'
import {type IgnoreDraft, ignoreShape, pathPattern} from './ignore-shape.js'
import {type LimitName, limitSettings, limitShape, parseLimit} from './limit-settings.js'
import type {Complain} from './node.js'
import {checkRuleID, isRuleOfOurs, type KnownRule, ruleIDs} from './rule-id.js'
import {
  choice,
  described,
  fields,
  type JsonSchema,
  list,
  oneOrMore,
  orNothing,
  type Placed,
  record,
  type Shape,
} from './shape.js'

/** What a configuration may speak of. */
export interface Vocabulary {
  readonly flags: readonly FlagShape[]
  readonly rules: readonly KnownRule[]
}

/** What stands in a file, or in one of its profiles. */
export interface Settings {
  readonly flags: ReadonlyMap<string, Placed<FlagValue>>
  readonly rules: ReadonlyMap<string, Severity | 'off'>
  readonly paths: readonly PathSeverity[]
  readonly ignore: readonly IgnoreDraft[]
  readonly limits: ReadonlyMap<LimitName, number>
}

/** A whole file. */
export interface ConfigDocument extends Settings {
  readonly profiles: ReadonlyMap<string, Settings>
}

/** The whole file, as it is read and as editors are told of it. */
export function configShape(vocabulary: Vocabulary): Shape<ConfigDocument> {
  const shapes = settingShapes(vocabulary)
  const profile = settings(shapes)
  const profiles = described('settings for --profile NAME: they add to what stands outside, and go before it', {
    ...record(profile),
    schema: {type: ['object', 'null'], additionalProperties: {$ref: '#/$defs/profile'}},
  })
  return fields({...shapes, profiles}, (values, start, complain) => {
    const {profiles: own, ...rest} = values as typeof values & {
      readonly profiles?: Placed<ReadonlyMap<string, Settings>>
    }
    const read = settingsOf(rest, start, complain)
    return read && {...read, profiles: own?.value ?? new Map()}
  })
}

/** The JSON Schema of the file, for editors: `data/config.schema.json`. */
export function configSchema(vocabulary: Vocabulary): JsonSchema {
  const shapes = settingShapes(vocabulary)
  const references = Object.keys(shapes).map(name => [name, {$ref: `#/properties/${name}`}])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${projectURL}/blob/main/data/config.schema.json`,
    title: 'piton configuration',
    description: 'What may stand in .piton.yaml. Keys named like flags of piton scan and piton audit are those flags.',
    ...configShape(vocabulary).schema,
    $defs: {
      profile: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: Object.fromEntries(references),
      },
    },
  }
}

type SettingShapes = Readonly<Record<string, Shape<unknown>>>

function settingShapes({flags, rules}: Vocabulary): SettingShapes {
  const levels = [...severities, 'off'] as const
  return {
    ...Object.fromEntries(flags.map(flag => [flag.name, flagShape(flag)])),
    rules: described(
      'severities of rules and advisories in place of their own; off: the rule is not asked',
      record(choice(levels), name => checkRuleID(name, rules), {
        properties: Object.fromEntries(
          rules.filter(({id}) => isRuleOfOurs(id)).map(({id, name}) => [id, {enum: levels, description: name}]),
        ),
      }),
    ),
    paths: described('severities for paths; the last that matches decides, also over rules', list(pathShape(rules))),
    ignore: described('findings that do not count', list(ignoreShape(rules))),
    feeds: described(
      'with db update, and scan --update: also these advisories in the schema of the secdb, by name',
      feedsShape(),
    ),
    limits: described('bounds on what a target may cost', limitsShape()),
  }
}

function pathShape(rules: readonly KnownRule[]): Shape<PathSeverity> {
  return fields(
    {
      path: described('a path in the image, with *, ?, [a-z] and **', pathPattern),
      rules: described('only findings of these rules', oneOrMore(ruleIDs(rules))),
      severity: described('to take something out altogether, write an ignore: it has a reason', choice(severities)),
    },
    ({path, rules: wanted, severity}, start, complain) => {
      if (path === undefined || severity === undefined) {
        const missing = path === undefined ? 'path' : 'severity'
        complain({message: `${missing} is missing here`, hint: 'Both path and severity are needed.', start, length: 1})
        return undefined
      }
      const ids = (wanted?.value ?? []).map(id => id.toLowerCase())
      return {path: path.value, rules: new Set(ids), severity: severity.value}
    },
    {required: ['path', 'severity']},
  )
}

function limitsShape(): Shape<ReadonlyMap<LimitName, number>> {
  const names = Object.keys(limitSettings) as LimitName[]
  return fields(Object.fromEntries(names.map(name => [name, limitShape(name)])), values => {
    return new Map(
      names.flatMap(name => {
        const written = values[name]?.value
        return written === undefined ? [] : [[name, parseLimit(name, written)] as const]
      }),
    )
  })
}

function settings(shapes: SettingShapes): Shape<Settings> {
  return orNothing(fields(shapes, settingsOf), {kind: 'map', start: 0, entries: []})
}

/** The keys of the vocabulary's flags, and the sections beside them. */
function settingsOf(
  values: Readonly<Record<string, Placed<unknown> | undefined>>,
  _start: number,
  complain: Complain,
): Settings | undefined {
  const {rules, paths, ignore, limits, feeds, ...flags} = values
  const levels = (rules?.value ?? new Map()) as Settings['rules']
  for (const [id, level] of levels) {
    if (level !== 'off' || isRuleOfOurs(id)) continue
    const hint = 'Write an ignore: it has a reason, and may expire.'
    complain({message: `the advisory ${id} cannot be switched off`, hint, start: rules?.start ?? 0, length: 1})
    return undefined
  }
  return {
    flags: withFeeds(new Map(Object.entries(flags) as [string, Placed<FlagValue>][]), feeds),
    rules: levels,
    paths: (paths?.value ?? []) as Settings['paths'],
    ignore: (ignore?.value ?? []) as Settings['ignore'],
    limits: (limits?.value ?? new Map()) as Settings['limits'],
  }
}

/** Feeds by name stand beside those that `feed` names as the flag does. */
function withFeeds(flags: Map<string, Placed<FlagValue>>, feeds: Placed<unknown> | undefined): Settings['flags'] {
  const named = feedTexts((feeds?.value ?? new Map()) as ReadonlyMap<string, string>)
  if (feeds === undefined || named.length === 0) return flags
  const listed = flags.get('feed')?.value
  const others = Array.isArray(listed) ? (listed as readonly string[]) : []
  return flags.set('feed', {...feeds, value: [...others, ...named]})
}

/** `Did you mean release?` */
export function profileHint(name: string, document: ConfigDocument): string {
  const names = [...document.profiles.keys()]
  return names.length === 0 ? 'There are no profiles in it.' : suggestion(name, names)
}
