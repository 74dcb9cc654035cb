import {grouped} from '../../model/text.js'
import {limits} from './limits.js'
import {checkFlows, checkLocations} from './locations.js'
import {type Problems, quoted} from './problems.js'
import {elements, field, isObject, text} from './read.js'
import {levels, oneOf} from './rules.js'

/**
 * Checks the results of a run.
 * @param ruleIDs of the tool's own rules, by their place; null where one has none
 * @param path of the array
 */
export function checkResults(
  results: readonly unknown[],
  ruleIDs: readonly (string | null)[],
  path: string,
  problems: Problems,
): void {
  checkNumber(results.length, path, problems)
  const seen = new Map<string, number>()
  for (const [index, result] of results.slice(0, limits.results).entries()) {
    const where = `${path}[${index}]`
    if (!isObject(result)) {
      problems.error('SARIF_WRONG_TYPE', where, `is ${quoted(result)} where a result belongs`)
      continue
    }
    checkWords(result, where, problems)
    const ruleID = checkRuleOf(result, ruleIDs, where, problems)
    checkMeaning(result, where, problems)
    checkLocations(result, where, problems)
    checkFlows(result, where, problems)
    const uri = field(elements(result['locations'])[0], 'physicalLocation', 'artifactLocation', 'uri')
    const hash = checkFingerprint(result, where, problems)
    if (hash === '') continue
    const identity = JSON.stringify([ruleID, uri, hash])
    const first = seen.get(identity)
    if (first === undefined) seen.set(identity, index)
    else {
      problems.warning(
        'SARIF_TWIN_FINGERPRINT',
        `${where}.partialFingerprints.primaryLocationLineHash`,
        `rule, file and ${quoted(hash)} are those of ${path}[${first}] too; GitHub makes one alert of both`,
      )
    }
  }
}

function checkNumber(number: number, path: string, problems: Problems): void {
  if (number > limits.results) {
    problems.error(
      'SARIF_TOO_MANY_RESULTS',
      path,
      `there are ${grouped(number)}; GitHub rejects a run with more than ${grouped(limits.results)}`,
    )
  } else if (number > limits.resultsShown) {
    problems.warning(
      'SARIF_TOO_MANY_RESULTS',
      path,
      `there are ${grouped(number)}; GitHub keeps ${grouped(limits.resultsShown)} and drops the rest`,
    )
  }
}

function checkWords(result: Readonly<Record<string, unknown>>, path: string, problems: Problems): void {
  if (text(field(result, 'message', 'text')) === '') {
    problems.error(
      'SARIF_MISSING',
      `${path}.message.text`,
      'there is none; GitHub requires it of every result, and reads no message by its id',
    )
  }
  const {level} = result
  if (level !== undefined && !levels.includes(level)) {
    problems.error('SARIF_BAD_LEVEL', `${path}.level`, `is ${quoted(level)}, not ${oneOf(levels)}`)
  }
}

/** @returns the id of the rule that the result belongs to; '' where that cannot be told */
function checkRuleOf(
  result: Readonly<Record<string, unknown>>,
  ruleIDs: readonly (string | null)[],
  path: string,
  problems: Problems,
): string {
  const id = result['ruleId'] ?? field(result, 'rule', 'id')
  const index = result['ruleIndex'] ?? field(result, 'rule', 'index')
  // Of an extension, which has a list of its own.
  const isElsewhere = field(result, 'rule', 'toolComponent') !== undefined
  if (id !== undefined && typeof id !== 'string') {
    problems.error('SARIF_WRONG_TYPE', `${path}.ruleId`, `is ${quoted(id)} where a text belongs`)
    return ''
  }
  if (isElsewhere) return text(id)
  if (index !== undefined && index !== -1) {
    const own = Number.isSafeInteger(index) ? ruleIDs[index as number] : undefined
    if (own === undefined) {
      problems.error(
        'SARIF_BAD_RULE_INDEX',
        `${path}.ruleIndex`,
        `is ${quoted(index)}; there are ${grouped(ruleIDs.length)} rules`,
      )
    } else if (id !== undefined && own !== null && id !== own && !text(id).startsWith(`${own}/`)) {
      problems.error('SARIF_BAD_RULE_INDEX', `${path}.ruleIndex`, `leads to the rule ${quoted(own)}, not ${quoted(id)}`)
    }
    return text(id) || (own ?? '')
  }
  if (id === undefined) {
    problems.warning('SARIF_NO_RULE', path, 'belongs to no rule; GitHub shows the alert without words and severity')
  }
  return text(id)
}

/** What SARIF says of a result that GitHub does not read. */
function checkMeaning(result: Readonly<Record<string, unknown>>, path: string, problems: Problems): void {
  const {kind, baselineState, suppressions} = result
  if (kind !== undefined && kind !== 'fail') {
    problems.warning(
      'SARIF_NOT_A_FAILURE',
      `${path}.kind`,
      `is ${quoted(kind)}; GitHub shows it as an alert all the same`,
    )
  }
  if (baselineState === 'absent') {
    problems.warning('SARIF_ABSENT', `${path}.baselineState`, "is 'absent'; GitHub shows it as an alert all the same")
  }
  const accepted = elements(suppressions).filter(one => {
    const status = field(one, 'status')
    return status === undefined || status === 'accepted'
  })
  if (accepted.length > 0) {
    problems.warning(
      'SARIF_SUPPRESSED',
      `${path}.suppressions`,
      'GitHub ignores them, and shows an open alert: leave it out',
    )
  }
}

/** @returns the hash; '' where there is none */
function checkFingerprint(result: Readonly<Record<string, unknown>>, path: string, problems: Problems): string {
  const hash = field(result, 'partialFingerprints', 'primaryLocationLineHash')
  const where = `${path}.partialFingerprints.primaryLocationLineHash`
  if (hash === undefined || hash === '') {
    problems.warning(
      'SARIF_NO_FINGERPRINT',
      where,
      'there is none; GitHub cannot tell the alert from others, or know it again',
    )
    return ''
  }
  if (typeof hash !== 'string') {
    problems.error('SARIF_WRONG_TYPE', where, `is ${quoted(hash)} where a text belongs`)
    return ''
  }
  return hash
}
