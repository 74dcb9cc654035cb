import type {Finding, Suppression} from '../model/report.js'
import {count, shorten} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {compileGlob, type Glob} from './glob.js'
import {IgnoreIndex} from './ignore-index.js'
import {imageNames, shortImageName} from './image-match.js'
import type {Judge, JudgeContext} from './judge.js'
import type {Justification} from './justification.js'

/**
 * One decision of a team: these findings do not count. What is empty does not choose; what is not has to match. At least
 * one of rules, packages, paths and names is there.
 */
export interface Ignore {
  /** Rule or advisory ids, as they were written. */
  readonly rules: readonly string[]
  /** Packages or their origins. */
  readonly packages: readonly string[]
  readonly paths: readonly Glob[]
  /** Symbols and libraries: all that the finding is about must be among them. */
  readonly names: readonly string[]
  /** Images that it is for; empty: every one. */
  readonly images: readonly string[]
  readonly reason: string
  /** The last day that it holds, YYYY-MM-DD; null: for ever. */
  readonly expires: string | null
  readonly justification: Justification | null
  /** Where it is written: `.piton.yaml:12`. */
  readonly from: string
}

const reasonLength = 300

/**
 * Findings that the list names do not count while it holds. An entry that is over, or that nothing needs any more, is a
 * warning; one for another image, or for a check that did not run, is not.
 */
export function ignoreJudge(list: readonly Ignore[]): Judge {
  return (findings, context) => {
    const own = list.filter(forImage(context))
    const index = new IgnoreIndex(own)
    const uses = new Map<Ignore, Finding[]>()
    const suppressions = new Map<Finding, Suppression>()
    for (const finding of findings) {
      for (const entry of index.find(finding)) {
        const used = uses.get(entry)
        if (used === undefined) uses.set(entry, [finding])
        else used.push(finding)
        if (isOver(entry, context.today) || suppressions.has(finding)) continue
        const {reason, expires, justification, from} = entry
        suppressions.set(finding, {by: 'ignore', reason, expires, justification, from})
      }
    }
    const asked = new Set([...context.asked].map(id => id.toLowerCase()))
    const warnings = own.flatMap(entry => {
      const warning =
        warningOnTwin(entry, index.twinOf(entry)) ??
        (isOver(entry, context.today)
          ? warningOnEnd(entry, uses.get(entry) ?? [], suppressions)
          : uses.has(entry) || !couldMatch(entry, asked)
            ? null
            : warningOnNothing(entry))
      return warning === null ? [] : [warning]
    })
    return {suppressions, warnings}
  }
}

/** Names in an entry may be patterns: `registry.example/team/*`. */
function forImage({target}: JudgeContext): (entry: Ignore) => boolean {
  const names = [...imageNames(target)]
  return ({images}) => images.length === 0 || images.some(image => matchesAny(shortImageName(image), names))
}

function matchesAny(pattern: string, names: readonly string[]): boolean {
  if (names.includes(pattern)) return true
  const glob = compileGlob(pattern)
  return glob.literal === null && names.some(name => glob.matches(name))
}

function isOver({expires}: Ignore, today: string): boolean {
  return expires !== null && expires < today
}

function warningOnTwin(entry: Ignore, twin: Ignore | undefined): Warning | null {
  if (twin === undefined) return null
  const message = `${entry.from}: the ignore of ${describeIgnore(entry)} says the same as the one in ${twin.from}: remove one`
  return {code: 'IGNORE_TWICE', message}
}

function warningOnEnd(
  entry: Ignore,
  uses: readonly Finding[],
  suppressions: ReadonlyMap<Finding, Suppression>,
): Warning {
  const {from, reason, expires} = entry
  const counting = uses.filter(finding => !suppressions.has(finding)).length
  const effect =
    uses.length === 0
      ? 'nothing needs it any more: remove it'
      : `${count(counting, 'finding')} ${counting === 1 ? 'counts' : 'count'} again`
  const message = `${from}: the ignore of ${describeIgnore(entry)} expired on ${expires}; ${effect}. Its reason was: ${shorten(reason, reasonLength)}`
  return {code: 'IGNORE_EXPIRED', message}
}

function warningOnNothing(entry: Ignore): Warning {
  const message = `${entry.from}: the ignore of ${describeIgnore(entry)} matches no finding: remove it, or correct it`
  return {code: 'IGNORE_UNUSED', message}
}

/** Could it have matched with the rules that were asked? An advisory needs the one rule for all of them. */
function couldMatch({rules}: Ignore, asked: ReadonlySet<string>): boolean {
  return rules.length === 0 || rules.some(id => asked.has(/^pt\d+$/i.test(id) ? id.toLowerCase() : 'vulnerability'))
}

/** `CVE-2024-6119 in openssl`, in the words of the entry. */
export function describeIgnore({rules, packages, paths, names, images}: Ignore): string {
  const parts = [
    rules.join(', '),
    packages.length > 0 ? `in ${packages.join(', ')}` : '',
    paths.length > 0 ? `at ${paths.map(({pattern}) => pattern).join(', ')}` : '',
    names.length > 0 ? `for ${names.join(', ')}` : '',
    images.length > 0 ? `of ${images.join(', ')}` : '',
  ]
  return shorten(parts.filter(part => part !== '').join(' '), reasonLength)
}
