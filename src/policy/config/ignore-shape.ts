import {parseDay} from '../../model/day.js'
import {UsageError} from '../../model/errors.js'
import {compileGlob, type Glob} from '../glob.js'
import type {Ignore} from '../ignore.js'
import {isJustification, justifications} from '../justification.js'
import {policyLimits} from '../limits.js'
import {type KnownRule, ruleIDs} from './rule-id.js'
import {choice, described, fields, oneOrMore, type Shape, text} from './shape.js'

/** An ignore, before it is known where its list stands. */
export type IgnoreDraft = Omit<Ignore, 'from'> & {readonly start: number}

/** One entry of the ignore list. */
export function ignoreShape(rules: readonly KnownRule[]): Shape<IgnoreDraft> {
  const id = ruleIDs(rules)
  return fields(
    {
      rule: described('a rule, a CVE or another advisory, or an alias of it; several as a list', some(id)),
      cve: described('the same as rule', some(id)),
      package: described('a package or its origin', some(filled)),
      path: described('a path in the image, with *, ?, [a-z] and ** for any number of folders', some(pathPattern)),
      symbol: described('symbols that the finding is about, all of them', some(filled)),
      library: described('libraries that the finding is about, all of them', some(filled)),
      image: described('images that this is for, with or without a tag, with * and ?; else every one', some(filled)),
      reason: described('why it does not matter here: a person will ask', filled),
      expires: described('the last day that this holds', text(checkDay, {type: 'string', format: 'date'})),
      justification: described(
        'says in OpenVEX that the image is not affected, and why; without it -o openvex says that it is',
        choice(justifications),
      ),
    },
    (values, start, complain) => {
      const names = [...(values.symbol?.value ?? []), ...(values.library?.value ?? [])]
      const chosen = {
        rules: [...(values.rule?.value ?? []), ...(values.cve?.value ?? [])],
        packages: values.package?.value ?? [],
        paths: values.path?.value ?? [],
        names,
      }
      if (Object.values(chosen).every(list => list.length === 0)) {
        const hint = 'Give it a rule, package, path, symbol or library.'
        complain({message: 'this ignore says nothing of what to ignore', hint, start, length: 1})
        return undefined
      }
      if (values.reason === undefined) {
        const hint = 'Say why it does not matter here, with reason: "…".'
        complain({message: 'this ignore has no reason', hint, start, length: 1})
        return undefined
      }
      const justification = values.justification?.value
      return {
        ...chosen,
        images: values.image?.value ?? [],
        reason: values.reason.value,
        expires: values.expires?.value ?? null,
        justification: justification !== undefined && isJustification(justification) ? justification : null,
        start,
      }
    },
    {
      required: ['reason'],
      anyOf: ['rule', 'cve', 'package', 'path', 'symbol', 'library'].map(name => ({required: [name]})),
    },
  )
}

const filled = text(
  written => {
    if (written.trim() === '') throw new UsageError('USAGE', 'nothing stands here')
  },
  {type: 'string', pattern: '\\S'},
)

/** A pattern for paths. */
export const pathPattern: Shape<Glob> = {
  schema: {type: 'string', pattern: '^(?=.*\\S)([^{\\\\]|\\\\.)*$'},
  read(node, complain) {
    const written = filled.read(node, complain)
    if (written === undefined) return undefined
    if (/(?<!\\)\{/.test(written)) {
      const hint = 'Write several entries, or a list; \\{ is a bracket itself.'
      complain({message: 'braces are not understood in a path', hint, start: node.start, length: written.length})
      return undefined
    }
    return compileGlob(written)
  },
}

function some<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  const several = oneOrMore(shape)
  return {
    ...several,
    read(node, complain) {
      const values = several.read(node, complain)
      if (values === undefined || values.length <= policyLimits.ignoreSelectors) return values
      const message = `more than ${policyLimits.ignoreSelectors} values`
      complain({message, hint: 'Make several entries of them.', start: node.start, length: 1})
      return undefined
    },
  }
}

function checkDay(written: string): void {
  parseDay(written, '')
}
