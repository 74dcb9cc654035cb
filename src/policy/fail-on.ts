import {UsageError} from '../model/errors.js'
import type {Finding} from '../model/report.js'
import {reaches, type Severity, type Threshold, thresholds} from '../model/severity.js'
import {suggestion} from './closest.js'

/** One way for a finding to fail a build: it is this bad, and all of these are so. */
export interface FailClause {
  readonly severity: Severity
  readonly conditions: readonly Condition[]
}

/** What `--fail-on` asks for: a finding that any of the clauses speaks of. None: nothing fails. */
export type FailOn = readonly FailClause[]

/**
 * Whether a condition holds. What cannot be told counts as if it did: "unknown" must not read as "fine".
 * `fixable`: there is a version or a command that puts it right.
 */
const conditions = {
  loaded: ({loaded}) => loaded !== false,
  own: ({layer}) => layer?.base !== true,
  base: ({layer}) => layer?.base !== false,
  kev: ({kev}) => kev,
  fixable: ({fixedVersion, fix}) => fixedVersion !== null || fix.command !== null,
} as const satisfies Readonly<Record<string, (finding: Finding) => boolean>>
export type Condition = keyof typeof conditions

/** What each condition is for, for help and documentation. */
export const conditionWords: Readonly<Record<Condition, string>> = {
  loaded: 'what the image starts loads it, or that cannot be told',
  own: 'it came on top of the base image, or that cannot be told',
  base: 'it came with the base image, or that cannot be told',
  kev: "it is in CISA's catalogue of known exploited vulnerabilities",
  fixable: 'a version or a command is known that fixes it',
}

/** Five that people need, with what they say. */
export const failOnExamples: readonly (readonly [expression: string, meaning: string])[] = [
  ['high', 'a finding that is high or critical'],
  ['high:loaded', 'one of those in what the image really loads'],
  ['high:own:fixable', 'one of those that you brought in, and can fix'],
  ['critical,medium:kev', 'a critical one; or one from medium up that attackers are known to use'],
  ['none', 'nothing: the exit code never is 1'],
]

/** What a caller may give in place of a parsed expression. */
export type FailOnInput = FailOn | Threshold

/**
 * Parses `SEVERITY[:CONDITION]…[,…]`: severities are those of {@link thresholds}, conditions those of
 * {@link conditionWords}.
 * @param name of the flag, for errors; '' where the place is said in another way
 * @throws {UsageError} USAGE with a mark under the wrong word
 */
export function parseFailOn(text: string, name = '--fail-on'): FailOn {
  const clauses = [...split(text, ',', 0)].map(([clause, at]) => parseClause(clause, at, {text, name}))
  const none = clauses.find(({severity}) => severity === 'none')
  if (none !== undefined && clauses.length > 1) {
    throw refusal('none', none.at, {text, name}, '"none" stands beside others', 'Write none alone, or leave it out.')
  }
  return clauses.flatMap(({severity, conditions}) => (severity === 'none' ? [] : [{severity, conditions}]))
}

interface Context {
  readonly text: string
  readonly name: string
}

function parseClause(clause: string, offset: number, context: Context) {
  const [[severity, at] = ['', offset], ...words] = split(clause, ':', offset)
  if (!isThreshold(severity)) {
    const wrong = severity === '' ? 'a severity is missing' : `${JSON.stringify(severity)} is no severity`
    throw refusal(severity, at, context, wrong, suggestion(severity, thresholds))
  }
  const chosen: Condition[] = []
  for (const [word, column] of words) {
    if (!isCondition(word)) {
      const wrong = word === '' ? 'a condition is missing' : `${JSON.stringify(word)} is no condition`
      throw refusal(word, column, context, wrong, suggestion(word, Object.keys(conditions)))
    }
    if (severity === 'none') {
      throw refusal(word, column, context, '"none" takes no conditions', 'Write none alone, or another severity.')
    }
    const other = word === 'own' ? 'base' : word === 'base' ? 'own' : null
    if (other !== null && chosen.includes(other)) {
      const hint = `Write both: ${severity}:own,${severity}:base.`
      throw refusal(word, column, context, 'nothing is both your own and of the base image', hint)
    }
    chosen.push(word)
  }
  return {severity, conditions: chosen, at}
}

function refusal(word: string, column: number, {text, name}: Context, wrong: string, hint: string): UsageError {
  return new UsageError('USAGE', name === '' ? wrong : `${name}: ${wrong}`, {
    hint,
    excerpt: {line: text, column, length: Math.max(1, word.length)},
  })
}

/** Does the finding fail the build? */
export function fails(finding: Finding, failOn: FailOn): boolean {
  return failOn.some(clause => {
    return reaches(finding.severity, clause.severity) && clause.conditions.every(name => conditions[name](finding))
  })
}

/** The findings that fail the build. */
export function failing(findings: readonly Finding[], failOn: FailOnInput): readonly Finding[] {
  const parsed = typeof failOn === 'string' ? parseFailOn(failOn) : failOn
  return findings.filter(finding => fails(finding, parsed))
}

/** Does any finding reach `--fail-on`? */
export function failsOn(findings: readonly Finding[], failOn: FailOnInput): boolean {
  return failing(findings, failOn).length > 0
}

/** Parts without the blanks around them, and where each begins. */
function* split(text: string, separator: string, offset: number): Generator<readonly [part: string, offset: number]> {
  for (const part of text.split(separator)) {
    const blanks = part.length - part.trimStart().length
    yield [part.trim(), offset + (part.trim() === '' ? 0 : blanks)]
    offset += part.length + separator.length
  }
}

function isThreshold(word: string): word is Threshold {
  return (thresholds as readonly string[]).includes(word)
}

function isCondition(word: string): word is Condition {
  return Object.hasOwn(conditions, word)
}
