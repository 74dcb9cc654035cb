import type {AdvisoryDatabase} from '../advisory/database.js'
import {explainVulnerability as lookUp} from '../advisory/explain.js'
import type {Format} from '../model/report.js'
import type {Rule} from '../model/rule.js'
import {explainJSON, explainRule, explainVulnerability, type KnownVulnerability} from '../report/explain.js'
import {ruleByID} from '../rules/index.js'
import {chooseDatabase} from './database.js'
import {Outputs} from './outputs.js'
import {unknownName} from './unknown-name.js'

export interface ExplainFlags {
  readonly outputs: readonly string[]
  readonly database: string | undefined
  /** The program's folder, which holds `data/`. */
  readonly root: string
}

/** A rule, or every vulnerability that goes by one name. */
type Explained = {readonly rule: Rule} | {readonly vulnerabilities: readonly KnownVulnerability[]}

const formats = new Map<string, Format<Explained>>([
  [
    'table',
    {
      name: 'table',
      description: 'for people',
      render: (explained, options) =>
        'rule' in explained
          ? explainRule(explained.rule, options)
          : explained.vulnerabilities.map(one => explainVulnerability(one, options)).join('\n'),
    },
  ],
  ['json', {name: 'json', description: 'for programs', render: explainJSON}],
])

/**
 * `piton explain ID`: a rule, or a vulnerability as far as the database knows it.
 * @throws {UsageError} USAGE_RULE for what is neither a rule nor in the database
 */
export async function runExplain(id: string, flags: ExplainFlags): Promise<void> {
  const outputs = new Outputs(flags.outputs, formats)
  try {
    await outputs.write(explainedBy(id, flags))
  } finally {
    outputs.discard()
  }
}

function explainedBy(id: string, {database: folder, root}: ExplainFlags): Explained {
  const rule = ruleByID(id)
  if (rule !== undefined) return {rule}
  const database = chooseDatabase(folder, root, warning => process.stderr.write(`piton: ${warning.message}\n`))
  const vulnerabilities = vulnerabilitiesOf(database, id)
  if (vulnerabilities.length === 0) throw unknownName(id, database)
  return {vulnerabilities}
}

function vulnerabilitiesOf(database: AdvisoryDatabase, id: string): KnownVulnerability[] {
  return lookUp(database, id).map(({branches, ...rest}) => {
    const entries = branches.flatMap(({branch, origins}) => origins.map(origin => ({branch, ...origin})))
    return {...rest, entries}
  })
}
