import type {InstalledPackage} from '../model/package.js'
import type {BaselineState, Finding, Report, Suppression} from '../model/report.js'
import type {Warning} from '../model/warning.js'

/** What was scanned, for whoever decides about its findings. */
export interface JudgeContext {
  readonly target: Pick<Report['target'], 'reference' | 'kind' | 'name' | 'platform' | 'imageID' | 'manifestDigest'> & {
    /** Of the index that a tag names, where the image was found in one: what is said of it is said of each image in it. */
    readonly indexDigest?: string | null
  }
  readonly packages: readonly InstalledPackage[]
  /** The day that decisions expire against, YYYY-MM-DD. */
  readonly today: string
  /** Ids of the rules that were asked: what another rule would have found is not known. */
  readonly asked: ReadonlySet<string>
}

/** What one judge says. */
export interface Judgement {
  /** Why findings do not count. */
  readonly suppressions: ReadonlyMap<Finding, Suppression>
  readonly warnings: readonly Warning[]
  /** How findings stand to an earlier report, and how many of that are gone; only a baseline says it. */
  readonly baseline?: {
    readonly name: string
    readonly states: ReadonlyMap<Finding, BaselineState>
    readonly gone: number
  }
}

/** Decides which findings do not count: an ignore list, VEX statements, a baseline. */
export type Judge = (findings: readonly Finding[], context: JudgeContext) => Judgement

export interface JudgedFindings {
  /** All of them, in their order. */
  readonly findings: readonly Finding[]
  readonly warnings: readonly Warning[]
  readonly baseline: Report['baseline']
}

/** Asks every judge about every finding: the first that says why one does not count is heard. */
export function judgeFindings(
  findings: readonly Finding[],
  judges: readonly Judge[],
  context: JudgeContext,
): JudgedFindings {
  if (judges.length === 0) return {findings, warnings: [], baseline: null}
  const said = judges.map(judge => judge(findings, context))
  const baseline = said.find(judgement => judgement.baseline !== undefined)?.baseline ?? null
  const judged = findings.map((finding): Finding => {
    const suppressed = said.map(({suppressions}) => suppressions.get(finding)).find(one => one !== undefined) ?? null
    const baselineState = baseline?.states.get(finding) ?? null
    return suppressed === null && baselineState === null ? finding : {...finding, suppressed, baselineState}
  })
  return {
    findings: judged,
    warnings: said.flatMap(({warnings}) => warnings),
    baseline: baseline && {
      name: baseline.name,
      known: [...baseline.states.values()].filter(state => state !== 'new').length,
      gone: baseline.gone,
    },
  }
}
