import {type Problems, quoted} from './problems.js'
import {elements, field} from './read.js'
import type {SarifRun} from './run.js'

/**
 * Checks that GitHub can tell the runs of one file apart. It refuses a delivery with two that it cannot, and keeps alerts
 * by tool and category alone, so that of two versions of one tool the later run replaces the former.
 */
export function checkCategories(runs: readonly (SarifRun | null)[], log: unknown, problems: Problems): void {
  const known = new Map<string, {readonly index: number; readonly identities: Set<string>}>()
  for (const [index, run] of runs.entries()) {
    if (run === null) continue
    const key = JSON.stringify([run.tool, run.category])
    const identity = identityOf(elements(field(log, 'runs'))[index])
    const former = known.get(key)
    if (former === undefined) {
      known.set(key, {index, identities: new Set([identity])})
      continue
    }
    const path = `runs[${index}].automationDetails.id`
    const where = run.category === '' ? 'no category' : `the category ${quoted(run.category)}`
    const words = `the run has the tool of runs[${former.index}] and ${where}, as that one`
    if (former.identities.has(identity)) {
      problems.error('SARIF_EQUAL_CATEGORY', path, `${words}; GitHub refuses two such runs in one file`)
    } else problems.warning('SARIF_EQUAL_CATEGORY', path, `${words}; GitHub may keep the alerts of one of them only`)
    former.identities.add(identity)
  }
}

/** What else GitHub's own action tells runs apart by. */
function identityOf(run: unknown): string {
  const driver = field(run, 'tool', 'driver')
  return JSON.stringify(['fullName', 'version', 'semanticVersion', 'guid'].map(name => field(driver, name) ?? null))
}
