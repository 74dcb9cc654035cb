import {explainVulnerability as lookUp} from '../advisory/explain.js'
import {UsageError} from '../model/errors.js'
import {explainRule, explainVulnerability} from '../report/explain.js'
import {ruleByID} from '../rules/index.js'
import {chooseDatabase} from './database.js'
import {terminalOptions} from './terminal.js'

/**
 * What `piton explain` prints.
 * @throws {UsageError} USAGE_RULE for what is neither a rule nor in the database
 */
export function explain(id: string, databaseFolder: string | undefined, root: string): string {
  const options = terminalOptions()
  const rule = ruleByID(id)
  if (rule !== undefined) return explainRule(rule, options)
  const database = chooseDatabase(databaseFolder, root, warning => process.stderr.write(`piton: ${warning.message}\n`))
  const known = lookUp(database, id)
  if (known.length === 0) {
    throw new UsageError(
      'USAGE_RULE',
      `${id} is no rule, and the advisory database of ${database.date} does not know it`,
      {
        hint: 'piton rules lists the rules. The database knows only what Alpine has fixed or rejected.',
      },
    )
  }
  return known
    .map(({branches, ...rest}) => {
      const entries = branches.flatMap(({branch, origins}) => origins.map(origin => ({branch, ...origin})))
      return explainVulnerability({...rest, entries}, options)
    })
    .join('\n')
}
