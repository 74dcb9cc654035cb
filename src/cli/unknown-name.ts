import type {AdvisoryDatabase} from '../advisory/database.js'
import {knownNames} from '../advisory/explain.js'
import {isAdvisoryID} from '../advisory/ids.js'
import {UsageError} from '../model/errors.js'
import {rules} from '../rules/index.js'
import {cveForm, question, suggest} from './suggest.js'

/** What is neither a rule nor known to the database, with what may have been meant. */
export function unknownName(name: string, database: AdvisoryDatabase): UsageError {
  const form = cveForm(name)
  const known = knownNames(database)
  const ruleNames = rules.flatMap(({id, name}) => [id, name])
  const near =
    form !== null && form !== name && known.has(form) ? [form] : suggest(form ?? name, [...ruleNames, ...known])
  const meaning = isAdvisoryID(form ?? name)
    ? 'It knows only what Alpine has fixed or rejected: an image may be affected all the same.'
    : 'piton rules lists the rules; vulnerabilities are written CVE-2024-6119, GHSA-…, XSA-….'
  return new UsageError(
    'USAGE_RULE',
    `${name} is no rule, and the advisory database of ${database.date} does not know it`,
    {hint: [question(near), meaning].filter(text => text !== null).join(' ')},
  )
}
