import {safeJSON} from '../safe-json.js'
import {identifier} from '../sarif-text.js'
import {type Joiner, partsOf} from './part.js'

/** What is read again of a report of one target. */
interface Log {
  readonly $schema: string
  readonly version: string
  readonly runs: readonly [{readonly automationDetails: {readonly id: string}}]
}

/**
 * A run for each target that was scanned. GitHub takes 20 in one file, and refuses two of one category: where two targets
 * are one image to it, as two versions of it are, what the person wrote tells them apart. A target that failed has no
 * run: an empty one would close its alerts.
 */
export const severalSarif: Joiner = {
  name: 'sarif',
  most: 20,
  join(parts) {
    const {scanned} = partsOf(parts)
    const logs = scanned.map(({text}) => JSON.parse(text) as Log)
    const categories = categoriesOf(
      logs.map((log, index) => ({id: log.runs[0].automationDetails.id, target: scanned[index]?.target ?? ''})),
    )
    const runs = logs.map(({runs: [run]}, index) => ({...run, automationDetails: {id: categories[index]}}))
    const [first] = logs
    return safeJSON({$schema: first?.$schema ?? schema, version: first?.version ?? '2.1.0', runs})
  },
}

const schema = 'https://json.schemastore.org/sarif-2.1.0.json'

/** Distinct, and the same whatever the order; each ends in a slash, since what follows the last one is no category. */
function categoriesOf(runs: readonly {readonly id: string; readonly target: string}[]): readonly string[] {
  const ids = runs.map(({id}) => id)
  const named = runs.map(({id, target}) => (isAlone(ids, id) ? id : `${id}${identifier(target)}/`))
  return named.map((id, index) => (isAlone(named, id) ? id : `${id}${index + 1}/`))
}

/** GitHub compares them without regard to case. */
function isAlone(ids: readonly string[], id: string): boolean {
  return ids.filter(other => other.toLowerCase() === id.toLowerCase()).length === 1
}
