import {explainVulnerability, knownNames} from '../advisory/explain.js'
import {explainForImage} from '../advisory/explain-image.js'
import {isAdvisoryID} from '../advisory/ids.js'
import {UsageError} from '../model/errors.js'
import type {Report, Reporter} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import type {Warning} from '../model/warning.js'
import {checkOf} from '../policy/index.js'
import {explainImage, explainImageJSON} from '../report/explain-image.js'
import {explainRuleForImage, explainRuleForImageJSON} from '../report/explain-rule-image.js'
import {ruleByID, rulesFor} from '../rules/index.js'
import {chooseDatabase, libcTables} from './database.js'
import {exitCodes} from './errors.js'
import type {ExplainFlags} from './explain.js'
import {failsStrict, scanAndWrite} from './scan-and-write.js'
import {suggest} from './suggest.js'
import type {TargetOptions} from './target-flags.js'
import {unknownName} from './unknown-name.js'

/**
 * `piton explain ID --image TARGET`: says of one image why a vulnerability or a rule is or is not reported for it.
 * @throws {UsageError} USAGE_RULE for what is neither a rule nor the name of a vulnerability
 */
export async function runExplainImage(
  id: string,
  target: string,
  flags: ExplainFlags & TargetOptions,
): Promise<number> {
  const warnings: Warning[] = []
  const database = chooseDatabase(flags.database, flags.root, warning => warnings.push(warning))
  const libc = libcTables(flags.root)
  const rule = ruleByID(id)
  if (rule !== undefined) {
    const check = checkOf(rule)
    refuseAuditOnly(rule, target)
    const policy = check === undefined ? {} : {checks: [check]}
    return scanWith(target, flags, {database, libc, policy, warnings}, [
      ['table', (report, options) => explainRuleForImage(rule, report, options)],
      ['json', report => explainRuleForImageJSON(rule, report)],
    ])
  }
  const isKnown = explainVulnerability(database, id).length > 0
  if (!isKnown && !isAdvisoryID(id.trim())) throw unknownName(id, database)
  const similar = isKnown ? [] : suggest(id, knownNames(database))
  const answers = (report: Report) => explainForImage(report, database, id).map(one => ({...one, similar}))
  return scanWith(target, flags, {database, policy: {checks: ['vulnerabilities']}, warnings}, [
    ['table', (report, options) => explainImage(answers(report), report, options)],
    ['json', report => explainImageJSON(id, answers(report), report)],
  ])
}

async function scanWith(
  target: string,
  flags: TargetOptions,
  decided: Parameters<typeof scanAndWrite>[2],
  renderers: readonly (readonly [name: string, render: Reporter['render']])[],
): Promise<number> {
  const formats = new Map(renderers.map(([name, render]) => [name, {name, description: '', render}]))
  const result = await scanAndWrite(target, flags, decided, formats)
  return failsStrict(result, flags) ? exitCodes.failed : exitCodes.done
}

/** Such a rule is about a system that the target is not yet. */
function refuseAuditOnly(rule: Rule, target: string): void {
  if (rulesFor('scan').includes(rule)) return
  throw new UsageError('USAGE_RULE', `${rule.id} is not asked of an image as it stands`, {
    hint: `It is part of the move to Alpine: piton audit ${target}.`,
  })
}
