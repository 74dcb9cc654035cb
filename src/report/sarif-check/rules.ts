import {grouped} from '../../model/text.js'
import {limits} from './limits.js'
import {type Problems, quoted} from './problems.js'
import {elements, field, isObject, text} from './read.js'

export const levels: readonly unknown[] = ['error', 'warning', 'note', 'none']
const precisions: readonly unknown[] = ['very-high', 'high', 'medium', 'low']
const problemSeverities: readonly unknown[] = ['error', 'warning', 'recommendation']

/**
 * Checks the rules of a tool or of an extension.
 * @param path of the array
 * @returns how many there are
 */
export function checkRules(rules: unknown, path: string, problems: Problems): number {
  const listed = elements(rules)
  if (listed.length > limits.rules) {
    problems.error(
      'SARIF_TOO_MANY_RULES',
      path,
      `there are ${grouped(listed.length)}; GitHub rejects a run with more than ${grouped(limits.rules)}`,
    )
  }
  const ids = new Map<string, number>()
  for (const [index, rule] of listed.slice(0, limits.rules).entries()) {
    const where = `${path}[${index}]`
    checkRule(rule, where, problems)
    const id = text(field(rule, 'id'))
    const first = ids.get(id)
    if (id === '') continue
    if (first === undefined) ids.set(id, index)
    else problems.warning('SARIF_TWIN_RULE', `${where}.id`, `${quoted(id)} is also the id of ${path}[${first}]`)
  }
  return listed.length
}

function checkRule(rule: unknown, path: string, problems: Problems): void {
  if (!isObject(rule)) {
    problems.error('SARIF_WRONG_TYPE', path, `is ${quoted(rule)} where a rule belongs`)
    return
  }
  if (text(rule['id']) === '') problems.error('SARIF_MISSING', `${path}.id`, 'there is none; every rule needs an id')
  checkWords(rule, path, problems)
  const level = field(rule, 'defaultConfiguration', 'level')
  if (level !== undefined && !levels.includes(level)) {
    problems.error('SARIF_BAD_LEVEL', `${path}.defaultConfiguration.level`, `is ${quoted(level)}, not ${oneOf(levels)}`)
  }
  const properties = field(rule, 'properties')
  if (properties !== undefined && !isObject(properties)) {
    problems.error('SARIF_WRONG_TYPE', `${path}.properties`, `is ${quoted(properties)} where an object belongs`)
    return
  }
  if (properties !== undefined) checkProperties(properties, `${path}.properties`, problems)
}

function checkWords(rule: Readonly<Record<string, unknown>>, path: string, problems: Problems): void {
  const name = text(rule['name'])
  if (name.length > limits.nameCharacters) {
    problems.error(
      'SARIF_LONG_NAME',
      `${path}.name`,
      `has ${grouped(name.length)} characters; GitHub rejects more than ${grouped(limits.nameCharacters)}`,
    )
  }
  for (const part of ['shortDescription', 'fullDescription', 'help']) {
    const words = field(rule, part, 'text')
    const where = `${path}.${part}.text`
    if (text(words) === '') problems.error('SARIF_MISSING', where, 'there is none; GitHub requires it of every rule')
    else if (part !== 'help' && text(words).length > limits.descriptionCharacters) {
      problems.error(
        'SARIF_LONG_DESCRIPTION',
        where,
        `has ${grouped(text(words).length)} characters; GitHub rejects more than ${grouped(limits.descriptionCharacters)}`,
      )
    }
  }
}

function checkProperties(properties: Readonly<Record<string, unknown>>, path: string, problems: Problems): void {
  if (Object.hasOwn(properties, 'security-severity')) {
    checkSeverity(properties['security-severity'], `${path}['security-severity']`, problems)
  }
  checkTags(properties['tags'], `${path}.tags`, problems)
  for (const [name, known, where] of [
    ['precision', precisions, `${path}.precision`],
    ['problem.severity', problemSeverities, `${path}['problem.severity']`],
  ] as const) {
    const value = properties[name]
    if (value !== undefined && !known.includes(value)) {
      problems.warning(
        'SARIF_UNKNOWN_VALUE',
        where,
        `is ${quoted(value)}, which GitHub ignores; it knows ${oneOf(known)}`,
      )
    }
  }
}

/** The one value for which GitHub most often rejects a whole file. */
function checkSeverity(severity: unknown, path: string, problems: Problems): void {
  if (typeof severity === 'string' && /^-?\d{1,9}(?:\.\d{1,20})?$/.test(severity)) {
    const score = Number(severity)
    if (score > 0 && score <= 10) return
    problems.warning(
      'SARIF_SEVERITY_RANGE',
      path,
      `is ${quoted(severity)}; only above 0.0 and up to 10.0 does GitHub show a severity: leave it out where there is none`,
    )
    return
  }
  const wrong = typeof severity === 'number' ? `the number ${severity}` : quoted(severity)
  problems.error(
    'SARIF_BAD_SEVERITY',
    path,
    `is ${wrong}; GitHub rejects the whole file unless it is a number in a string, such as "7.5", or left out`,
  )
}

function checkTags(tags: unknown, path: string, problems: Problems): void {
  if (tags === undefined) return
  const number = elements(tags).length
  if (!Array.isArray(tags) || tags.some(tag => typeof tag !== 'string')) {
    problems.error('SARIF_WRONG_TYPE', path, 'is not an array of texts')
  } else if (number > limits.tags) {
    problems.error(
      'SARIF_TOO_MANY_TAGS',
      path,
      `there are ${grouped(number)}; GitHub rejects more than ${grouped(limits.tags)} of a rule`,
    )
  } else if (number > limits.tagsShown) {
    problems.warning(
      'SARIF_TOO_MANY_TAGS',
      path,
      `there are ${grouped(number)}; GitHub shows the first ${grouped(limits.tagsShown)}`,
    )
  }
}

export function oneOf(values: readonly unknown[]): string {
  return values.join(', ')
}
