import {groupBy} from '../model/group.js'
import type {Report, SuppressedBy, Suppression} from '../model/report.js'
import {count, grouped} from '../model/text.js'
import {type Problem, packageNames, placeOf, problemsOf} from './problems.js'

/** Findings that one decision takes out, or that one baseline knows. */
export interface SuppressedGroup {
  readonly by: SuppressedBy
  /** Where it is written, and how long it holds: `.piton.yaml:12, until 2026-12-31`. Raw text. */
  readonly heading: string
  /** null where the heading says it all. Raw text. */
  readonly reason: string | null
  readonly problems: readonly Problem[]
}

/** What people call those who decide. */
export const suppressorTitles: Readonly<Record<SuppressedBy, string>> = {
  ignore: 'the ignore list',
  vex: 'VEX',
  baseline: 'the baseline',
}

const order: readonly SuppressedBy[] = ['ignore', 'vex', 'baseline']

/** `Suppressed: 3 by the ignore list, 2 by VEX, 40 by the baseline.`; null where nothing is. */
export function suppressedText({suppressed, baseline}: Pick<Report, 'suppressed' | 'baseline'>): string | null {
  const byCause = groupBy(suppressed, ({suppressed: reason}) => reason?.by ?? 'ignore')
  const parts = order.flatMap(by => {
    const number = byCause.get(by)?.length ?? 0
    return number === 0 ? [] : [`${grouped(number)} by ${suppressorTitles[by]}`]
  })
  const said = [
    ...(parts.length === 0 ? [] : [`Suppressed: ${parts.join(', ')}.`]),
    ...(baseline === null || baseline.gone === 0
      ? []
      : [`Of ${baseline.name}, ${count(baseline.gone, 'finding')} ${baseline.gone === 1 ? 'is' : 'are'} gone.`]),
  ]
  return said.length === 0 ? null : said.join(' ')
}

/** The findings that do not count, by who decided it and by decision. */
export function suppressedGroups({suppressed}: Pick<Report, 'suppressed'>): readonly SuppressedGroup[] {
  const decided = suppressed.flatMap(finding =>
    finding.suppressed === null ? [] : [[finding.suppressed, finding] as const],
  )
  const groups = groupBy(decided, ([{by, from, reason}]) => (by === 'baseline' ? by : `${by}\0${from}\0${reason}`))
  return [...groups.values()]
    .flatMap((group): SuppressedGroup[] => {
      const [first] = group
      if (first === undefined) return []
      const [decision] = first
      const problems = problemsOf(group.map(([, finding]) => finding))
      return [{by: decision.by, heading: headingOf(decision), reason: reasonOf(decision), problems}]
    })
    .sort((a, b) => order.indexOf(a.by) - order.indexOf(b.by))
}

function headingOf({from, expires, justification}: Suppression): string {
  const parts = [from, justification, expires === null ? null : `until ${expires}`]
  return parts.filter(part => part !== null && part !== '').join(', ')
}

/** What is known from a baseline has no other reason. */
function reasonOf({by, reason}: Suppression): string | null {
  return by === 'baseline' ? null : reason
}

/** `CVE-2024-6119 in openssl`, `PT2001 busybox: 3 files`. Raw text. */
export function nameOfProblem({first, findings}: Problem): string {
  const names = packageNames(first).join(', ')
  if (first.family === 'vulnerability') return `${first.rule}${names === '' ? '' : ` in ${first.origin ?? names}`}`
  const where = findings.length === 1 ? placeOf(first) : count(findings.length, 'file')
  return `${first.rule} ${names === '' ? where : `${names}: ${where}`}`
}
