import {applyChanges, type Change} from '../dockerfile/edit.js'
import type {Fix, FixStep} from '../model/fix.js'
import type {InstalledPackage} from '../model/package.js'
import {vulnerabilityKey} from '../model/upgrades.js'
import {noEdit, tagEdit} from './base-tag.js'
import {Builds} from './builds.js'
import {Layout} from './layout.js'
import {notesOf} from './notes.js'
import {pinsOf, type RaisedPin} from './pins.js'
import type {FixQuestion} from './question.js'
import {openNow, remainders} from './remaining.js'
import type {AddedUpgrade} from './upgrade.js'

/** The edit, and what it comes to. */
export type FixPlan = Pick<
  Fix,
  'after' | 'steps' | 'again' | 'findings' | 'removes' | 'rebuild' | 'remaining' | 'notes'
>

/**
 * The smallest edit of a Dockerfile after which a build has the newest packages wherever one has a fix: the tag of the
 * base image, pins that hold packages back, and one line that upgrades what nothing else brings up to date. What an
 * unpinned `apk add` brings needs no line of its own where a line before it changes, as it is run again then.
 */
export function planFix(question: FixQuestion): FixPlan {
  const {text, map, chain, facts, upgrades, predefined} = question
  const open = openNow(question)
  const layout = new Layout(map, chain, question.base, facts.packages)
  const wanted = wantedOf(question, open.keys)
  const isBaseOld = wanted.some(one => layout.placeOf(one) === 'base')
  const tag = isBaseOld ? tagEdit(map.dockerfile, chain, facts.releases, predefined) : noEdit
  const pins = pinsOf(layout, facts.packages, new Map(wanted.map(one => [one.name, upgrades.newest(one)])))
  const builds = new Builds(question, layout, pins, tag.change !== null)
  for (const one of wanted) builds.ask(one)
  const added = builds.finish()
  const changes: Change[] = [tag.change, ...[...pins.raised, ...added].map(({change}) => change)].filter(
    change => change !== null,
  )
  const left = upgrades.stillOpen(
    facts.packages.map(one => (builds.newest.has(one.name) ? {...one, version: upgrades.newest(one)} : one)),
  )
  const isEdited = changes.length > 0
  const closed = open.closedBy(left)
  return {
    after: applyChanges(text, unique(changes)),
    steps: stepsOf(tag.change === null ? null : tag, pins.raised, added),
    again: isEdited ? builds.again.toSorted() : [],
    findings: open.findings.length,
    removes: isEdited ? closed : 0,
    rebuild: {findings: isEdited ? 0 : closed, withoutCache: builds.needsNoCache},
    remaining: remainders(question, open, left, builds.reasons),
    notes: notesOf(question, tag),
  }
}

/** Packages with a finding that their newest version does not have. */
function wantedOf({facts, upgrades}: FixQuestion, open: ReadonlySet<string>): readonly InstalledPackage[] {
  const {packages, matches} = facts
  const affected = new Set(
    matches.filter(({fix}) => open.has(keyOf(fix))).flatMap(match => match.packages.map(({name}) => name)),
  )
  const candidates = packages.filter(one => affected.has(one.name) && upgrades.newest(one) !== one.version)
  const names = new Set(candidates.map(({name}) => name))
  const left = upgrades.stillOpen(
    packages.map(one => (names.has(one.name) ? {...one, version: upgrades.newest(one)} : one)),
  )
  const useful = new Set(
    matches
      .filter(({fix}) => open.has(keyOf(fix)) && !left.has(keyOf(fix)))
      .flatMap(match => match.packages.map(({name}) => name)),
  )
  return candidates.filter(({name}) => useful.has(name))
}

function keyOf({id, origin}: {readonly id: string; readonly origin: string}): string {
  return vulnerabilityKey(id, origin)
}

function unique(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map(change => [JSON.stringify(change), change])).values()]
}

function stepsOf(
  tag: {readonly change: Extract<Change, {kind: 'replace'}>; readonly from: string; readonly to: string} | null,
  raised: readonly RaisedPin[],
  added: readonly AddedUpgrade[],
): readonly FixStep[] {
  const steps: FixStep[] = raised.map(({name, change, from, to}) => {
    return {kind: 'pin', line: change.span.line, from, to, packages: [name]}
  })
  if (tag !== null) steps.push({kind: 'base', line: tag.change.span.line, from: tag.from, to: tag.to, packages: []})
  for (const {change, line, names} of added) {
    steps.push({kind: 'upgrade', line: change.after, from: '', to: line, packages: names})
  }
  return steps.sort((a, b) => a.line - b.line)
}
