import {grouped} from '../../model/text.js'
import {limits} from './limits.js'
import {type Problems, quoted} from './problems.js'
import {elements, field, isObject, text} from './read.js'
import {checkResults} from './results.js'
import {checkRules} from './rules.js'

/** One run of a SARIF file, as GitHub would take it. Its texts are raw. */
export interface SarifRun {
  /** '' where the run names none. */
  readonly tool: string
  /** What GitHub compares analyses in; '' for none. */
  readonly category: string
  readonly results: number
  readonly rules: number
  /** false: the tool says that it did not do all its work, so that what is missing here may still be there. */
  readonly complete: boolean
  /** When the scan began, as the file says; null where it does not. */
  readonly startTime: string | null
}

/** @param path of the run in the file: `runs[0]` */
export function checkRun(run: unknown, path: string, problems: Problems): SarifRun | null {
  if (!isObject(run)) {
    problems.error('SARIF_WRONG_TYPE', path, `is ${quoted(run)} where a run belongs`)
    return null
  }
  const tool = text(field(run, 'tool', 'driver', 'name'))
  if (tool === '') problems.error('SARIF_MISSING', `${path}.tool.driver.name`, 'there is none; GitHub requires it')
  const rules = checkTool(run['tool'], `${path}.tool`, problems)
  const ruleIDs = elements(field(run, 'tool', 'driver', 'rules')).map(rule => text(field(rule, 'id')) || null)
  const {results} = run
  if (!Array.isArray(results)) {
    problems.error(
      'SARIF_MISSING',
      `${path}.results`,
      results === undefined || results === null
        ? 'there are none; a run that found nothing has an empty array'
        : `is ${quoted(results)} where an array belongs`,
    )
  }
  checkResults(elements(results), ruleIDs, `${path}.results`, problems)
  return {
    tool,
    category: checkCategory(run['automationDetails'], `${path}.automationDetails`, problems),
    results: elements(results).length,
    rules,
    complete: checkInvocations(run['invocations'], `${path}.invocations`, problems),
    startTime: startTimeOf(run),
  }
}

function checkTool(tool: unknown, path: string, problems: Problems): number {
  const rules = field(tool, 'driver', 'rules')
  if (!Array.isArray(rules)) {
    problems.error(
      'SARIF_MISSING',
      `${path}.driver.rules`,
      'there are none; GitHub requires the array, which may be empty',
    )
  }
  let number = checkRules(rules, `${path}.driver.rules`, problems)
  const extensions = elements(field(tool, 'extensions'))
  if (extensions.length > limits.extensions) {
    problems.error(
      'SARIF_TOO_MANY_EXTENSIONS',
      `${path}.extensions`,
      `there are ${grouped(extensions.length)}; GitHub rejects a run with more than ${grouped(limits.extensions)}`,
    )
  }
  for (const [index, extension] of extensions.slice(0, limits.extensions).entries()) {
    number += checkRules(field(extension, 'rules'), `${path}.extensions[${index}].rules`, problems)
  }
  return number
}

function checkCategory(details: unknown, path: string, problems: Problems): string {
  if (details === undefined) return ''
  const id = field(details, 'id')
  if (id !== undefined && typeof id !== 'string') {
    problems.error('SARIF_WRONG_TYPE', `${path}.id`, `is ${quoted(id)} where a text belongs`)
  } else if (id === undefined) {
    problems.warning(
      'SARIF_NO_CATEGORY',
      `${path}.id`,
      'there is none, so that the run has no category, and gets none from a workflow',
    )
  }
  return categoryOf(text(id))
}

/** `automationDetails.id` is `category/run`: the category is all before the last slash. */
function categoryOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('/')))
}

function checkInvocations(invocations: unknown, path: string, problems: Problems): boolean {
  let complete = true
  for (const [index, invocation] of elements(invocations).entries()) {
    if (field(invocation, 'executionSuccessful') !== false) continue
    complete = false
    problems.warning(
      'SARIF_NOT_SUCCESSFUL',
      `${path}[${index}].executionSuccessful`,
      'is false: what the scan could not look at would be closed as fixed',
    )
  }
  return complete
}

/** SARIF 2.1.0, 3.9 */
function startTimeOf(run: unknown): string | null {
  const time = text(field(elements(field(run, 'invocations'))[0], 'startTimeUtc'))
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(time) && !Number.isNaN(Date.parse(time)) ? time : null
}
