import {UsageError} from '../../model/errors.js'
import {closest} from '../closest.js'
import {type Shape, text} from './shape.js'

/** A rule, as far as a configuration names it. */
export interface KnownRule {
  readonly id: string
  readonly name: string
}

/** An id of a rule, or of an advisory: any word with a digit, as advisories have many publishers. */
export function ruleIDs(rules: readonly KnownRule[]): Shape<string> {
  return text(written => checkRuleID(written, rules), {type: 'string', pattern: '^\\S*\\d\\S*$'})
}

/** @throws {UsageError} USAGE_RULE for what is neither */
export function checkRuleID(written: string, rules: readonly KnownRule[]): void {
  if (isRuleOfOurs(written)) {
    if (rules.some(({id}) => id.toLowerCase() === written.toLowerCase())) return
    const meant = closest(
      written,
      rules.filter(({id}) => isRuleOfOurs(id)).map(({id}) => id),
    )
    throw new UsageError('USAGE_RULE', `there is no rule ${written}`, {
      hint: meant === null ? 'piton rules lists them.' : `Did you mean ${meant}? piton rules lists them.`,
    })
  }
  const named = rules.find(({name}) => name.toLowerCase() === written.toLowerCase())
  if (named !== undefined) throw new UsageError('USAGE_RULE', `rules go by their ids`, {hint: `Write ${named.id}.`})
  if (/^\S*\d\S*$/.test(written)) return
  throw new UsageError('USAGE_RULE', `${JSON.stringify(written)} is neither a rule nor an advisory`, {
    hint: 'Write PT2001, CVE-2024-6119, GHSA-…; piton rules lists the rules.',
  })
}

/** `PT2001`: not the id of an advisory. */
export function isRuleOfOurs(id: string): boolean {
  return /^pt\d+$/i.test(id)
}
