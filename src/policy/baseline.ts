import {imageRepository} from '../model/image-name.js'
import type {BaselineState, Finding, Suppression} from '../model/report.js'
import {severityRank} from '../model/severity.js'
import {count} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {compareFindings, type Pair} from './compare.js'
import type {EarlierReport} from './earlier-report.js'
import {BaselineError} from './error.js'
import {shortImageName} from './image-match.js'
import type {Judge, JudgeContext} from './judge.js'

/** Findings that a warning names. */
const namesShown = 5

/**
 * What an earlier report of the same image found does not count. What was ignored there is no part of that: it counts
 * again when nobody ignores it any more.
 */
export function baselineJudge(baseline: EarlierReport): Judge {
  return (findings, context) => {
    refuseOtherImage(baseline, context)
    const counted = baseline.findings.filter(({suppressed}) => suppressed === null || suppressed.by === 'baseline')
    const {pairs, gone} = compareFindings(counted, findings, ({fingerprint}) => fingerprint)
    const states = new Map<Finding, BaselineState>(findings.map(finding => [finding, 'new']))
    const suppressions = new Map<Finding, Suppression>()
    for (const {old, now} of pairs) {
      states.set(now, old.severity === now.severity ? 'unchanged' : 'updated')
      suppressions.set(now, suppressionOf(old, baseline))
    }
    const looked = gone.filter(({ruleID}) => context.asked.has(ruleID))
    const warnings = [
      ...worseWarning(pairs, baseline),
      ...oddWarnings(baseline, counted.length, pairs.length, findings),
    ]
    return {suppressions, warnings, baseline: {name: baseline.name, states, gone: looked.length}}
  }
}

function suppressionOf({severity}: Finding, {name}: EarlierReport): Suppression {
  return {
    by: 'baseline',
    reason: `known since ${name}, then ${severity}`,
    expires: null,
    justification: null,
    from: name,
  }
}

/** Fingerprints hold the image's name: those of another match nothing, and all would look new. */
function refuseOtherImage({name, target}: EarlierReport, context: JudgeContext): void {
  const own = imageRepository(context.target.name)
  const other = imageRepository(target.name)
  if (own === other) return
  const words = (repository: string) => (repository === '' ? 'a target without a name' : shortImageName(repository))
  throw new BaselineError('BASELINE_OTHER_IMAGE', `${name} is a report of ${words(other)}, and this is ${words(own)}`, {
    hint: `Make a baseline of this one: piton scan ${context.target.reference} -o json=${name}.`,
  })
}

/** A known problem that became worse still does not count: that has to be said. */
function worseWarning(pairs: readonly Pair[], {name}: EarlierReport): Warning[] {
  const worse = pairs.filter(({old, now}) => severityRank(now.severity) < severityRank(old.severity))
  if (worse.length === 0) return []
  const names = worse.slice(0, namesShown).map(({old, now}) => {
    return `${now.rule}${now.origin === null ? '' : ` in ${now.origin}`} (${old.severity}, now ${now.severity})`
  })
  const more = worse.length > names.length ? ` and ${worse.length - names.length} more` : ''
  const message = `${count(worse.length, 'finding')} of ${name} became worse, and ${worse.length === 1 ? 'does' : 'do'} not count: ${names.join(', ')}${more}`
  return [{code: 'BASELINE_WORSE', message}]
}

function oddWarnings(
  {name, leftOut}: EarlierReport,
  counted: number,
  known: number,
  findings: readonly Finding[],
): Warning[] {
  const cut = `${name} leaves out ${count(leftOut, 'finding')}, which count as new: make it with -o json, or with --sarif-profile full`
  const stranger = `none of the ${count(counted, 'finding')} of ${name} is in this report: is it of this target?`
  return [
    ...(leftOut > 0 ? [{code: 'BASELINE_CUT', message: cut}] : []),
    ...(counted > 0 && known === 0 && findings.length > 0 ? [{code: 'BASELINE_STRANGE', message: stranger}] : []),
  ]
}
