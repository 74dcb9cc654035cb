import type {Hardening} from '../../model/elf.js'
import type {ElfFile, Facts} from '../../model/facts.js'
import type {InstalledPackage} from '../../model/package.js'
import type {Draft, Remedy, Rule} from '../../model/rule.js'
import {raised, type Severity} from '../../model/severity.js'
import {shorten} from '../../model/text.js'
import type {Check} from '../../model/verdict.js'
import {packageNamed} from '../packages.js'
import {name, quote, sentence} from '../words.js'
import {isRun} from './is-run.js'
import {privilegeOf, setuidHardening} from './pt2009-setuid-hardening.js'

/** Evidence can hold a run path, which may be a list of any length. */
const evidenceLength = 1000

/** What tells one hardening rule from another; the rest is the same for all. */
interface HardeningRule extends Pick<Rule, 'id' | 'name' | 'title' | 'severity' | 'help'> {
  /** The check whose `no` is a finding. */
  readonly property: keyof Hardening
  /** What is wrong with the file, and what follows from it. `path` stands in quotes. */
  message(path: string, file: ElfFile, check: Check): string
  /** What the build has to do, to follow "who has to": `link with -pie`. */
  build(file: ElfFile): string
  /** false for a file whose author could do nothing about it; the rule says why. */
  applies?(file: ElfFile): boolean
  /** Where it differs from the rule's own. */
  severityOf?(file: ElfFile): Severity
}

/** A rule that looks at one property of every ELF file: one finding for each file that lacks it. */
export function hardeningRule(rule: HardeningRule): Rule {
  const {id, name, title, severity, help, property} = rule
  return {
    id,
    name,
    title,
    severity,
    family: 'hardening',
    property,
    help,
    *check({elfFiles, packages}: Facts) {
      for (const file of elfFiles) {
        const check: Check = file.hardening[property]
        if (check.verdict !== 'no' || file.sameAs !== null || !isRun(file) || rule.applies?.(file) === false) continue
        yield draftOf(rule, file, check, file.package === null ? undefined : packageNamed(packages, file.package))
      }
    },
  }
}

function draftOf(rule: HardeningRule, file: ElfFile, check: Check, owner: InstalledPackage | undefined): Draft {
  const {path, layer} = file
  const severity = rule.severityOf?.(file) ?? rule.severity
  // A note is no weakness that somebody could use, with more rights or without.
  const privilege = severity === 'note' ? null : privilegeOf(file)
  const message = rule.message(quote(path), file, check)
  const evidence = shorten(check.evidence, evidenceLength)
  return {
    severity: privilege === null ? severity : raised(severity),
    ...(privilege !== null && {raisedBy: setuidHardening.id}),
    message:
      privilege === null ? message : `${message} It ${privilege.what}, which makes this worse (${setuidHardening.id}).`,
    evidence: privilege === null ? evidence : `${evidence}; ${setuidHardening.id}: ${privilege.evidence}`,
    at: {path, layer},
    ...(owner && {origin: name(owner.origin), packages: [{name: name(owner.name), version: name(owner.version)}]}),
    fix: remedyOf(rule.build(file), file.package !== null),
    identity: [path],
  }
}

/** Flags are of use to who builds the file: of a package that is its maintainer. */
function remedyOf(build: string, isOwned: boolean): Remedy {
  const text = isOwned
    ? `Take a newer build of the package, or report it to its maintainer, who has to ${build}`
    : `${build.charAt(0).toUpperCase()}${build.slice(1)}`
  return {text: sentence(text), command: null}
}

/**
 * Words for the build, by language. `c` is for all whose compiler takes the flags of GCC, and for those that have no
 * words of their own: they call the same linker.
 */
export function byLanguage(words: {readonly c: string} & Readonly<Record<string, string>>): HardeningRule['build'] {
  return ({language}) => words[language] ?? words.c
}
