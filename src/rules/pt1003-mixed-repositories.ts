import type {OtherBranch} from '../model/advisory.js'
import {isAlpineBranch} from '../model/derivatives.js'
import type {Facts} from '../model/facts.js'
import {groupBy} from '../model/group.js'
import {limits} from '../model/limits.js'
import type {InstalledPackage, Repository} from '../model/package.js'
import type {Draft, Rule} from '../model/rule.js'
import {count} from '../model/text.js'
import {packageNamed} from './packages.js'
import {hostOf, isAlpineKey, isForeign, isMoving, lineOf, shownURL} from './repositories.js'
import {name, quote, quoteList} from './words.js'

export const mixedRepositories: Rule = {
  id: 'PT1003',
  name: 'MixedRepositories',
  title: 'Repositories of another branch are mixed in',
  severity: 'medium',
  family: 'image',
  help: {
    why:
      'A package from edge, testing or another release was built against other libraries, ' +
      "and the advisories of the image's own release do not describe it: testing has none at all, and neither has a " +
      'repository that is not one of Alpine. piton holds a package against the advisories of the branch that it comes ' +
      'from too, where anything tells: its tag, or a version that the own branch is not known to have had.',
    fix:
      "Keep to repositories of the image's release. Where one package must come from elsewhere, tag that repository " +
      '(`@edge https://…`) so that nothing else is taken from it, and so that the package says where it is from.',
    links: ['https://wiki.alpinelinux.org/wiki/Repositories'],
  },
  *check(facts) {
    const branch = facts.release?.branch
    if (!branch) return
    for (const repository of facts.repositories) {
      const draft = otherBranch(branch, repository, facts) ?? noBranch(branch, repository, facts)
      if (draft !== null) yield draft
    }
    yield* unlistedBranches(facts)
    yield* unknownTags(facts)
  },
}

/** A line of another branch, or of testing. */
function otherBranch(branch: string, repository: Repository, facts: Facts): Draft | null {
  const other = otherThan(branch, repository)
  if (other === null) return null
  const {tag} = repository
  const held = (facts.database?.others ?? []).filter(({line}) => line === lineOf(repository))
  // Some are pinned in world alone: apk notes the tag at a package only when it installs it.
  const noted = facts.packages.filter(({repositoryTag}) => tag !== null && repositoryTag === tag)
  const taken = [...new Set([...noted, ...packagesOf(held, facts)])]
  const uses =
    tag === null
      ? 'apk may take any package from there.'
      : `Packages pinned to ${quote(`@${tag}`)} come from there: ${count(taken.length, 'package')} now.`
  return {
    ...(tag !== null && {severity: 'low' as const}),
    message: [
      `Line ${repository.line} of ${quote(repository.path)} adds ${quote(other)} to Alpine ${quote(branch)}.`,
      uses,
      ...heldText(held),
      ...(repository.name === 'testing' ? ['Packages of testing have no advisories.'] : []),
    ].join(' '),
    evidence: evidenceOf(repository),
    at: placeOf(repository),
    ...listed(taken),
    fix: {
      text: `Take the package from ${quote(branch)} where it has it, and remove the line.`,
      command: null,
    },
    identity: [other, tag ?? ''],
  }
}

/** A line whose address is none of Alpine's, or names a branch that changes. */
function noBranch(branch: string, repository: Repository, facts: Facts): Draft | null {
  const {releases, today} = facts
  const where = `Line ${repository.line} of ${quote(repository.path)}`
  if (isMoving(repository)) {
    const newest = releases.findLast(({released}) => released <= today)?.branch
    if (newest === undefined || newest === branch) return null
    return {
      message:
        `${where} adds the newest stable release, which is ${quote(newest)} now, to Alpine ${quote(branch)}. ` +
        'apk may take any package from there.',
      evidence: evidenceOf(repository),
      at: placeOf(repository),
      fix: {text: `Name the branch: write ${quote(branch)} for 'latest-stable'.`, command: null},
      identity: ['latest-stable', repository.tag ?? ''],
    }
  }
  if (!isForeign(repository)) return doubtfulMirror(repository, facts)
  const tagged = repository.tag === null ? null : quote(`@${repository.tag}`)
  return {
    severity: 'low',
    title: 'Repository that no advisories of Alpine cover',
    message:
      `${where} adds ${quote(shownURL(repository))}, which by its address is no repository of Alpine. ` +
      `Alpine's advisories do not cover what comes from there, and ` +
      (tagged === null ? "apk's database does not note which packages do." : `only packages pinned to ${tagged} do.`),
    evidence: evidenceOf(repository),
    at: placeOf(repository),
    fix: {
      text:
        'Watch the advisories of whoever publishes it' +
        (tagged === null ? ', and tag the repository (@name URL) so that its packages can be told.' : '.'),
      command: null,
    },
    identity: ['foreign', shownURL(repository), repository.tag ?? ''],
  }
}

/** By its address a mirror of the own branch; but apk trusts a key of somebody else, whose repository it may be. */
function doubtfulMirror(repository: Repository, {keys}: Facts): Draft | null {
  const host = hostOf(repository)
  const foreign = keys.filter(key => !isAlpineKey(key))
  if (foreign.length === 0 || host === '' || /(?:^|\.)alpinelinux\.org(?::\d+)?$/.test(host)) return null
  return {
    severity: 'note',
    title: 'Repository that may not be a mirror of Alpine',
    message:
      `Line ${repository.line} of ${quote(repository.path)} is taken for a mirror of Alpine by its address. If ` +
      `${quote(host)} signs with ${quoteList(foreign)}, which apk trusts too, it is not, and Alpine's advisories do not ` +
      'cover what comes from there.',
    evidence: evidenceOf(repository),
    at: placeOf(repository),
    fix: {text: "Watch the advisories of whoever publishes it, if it is not one of Alpine's mirrors.", command: null},
    identity: ['mirror', host, repository.name ?? ''],
  }
}

/** Packages of a branch that no line of the repositories names any more. */
function* unlistedBranches({database, packages, databasePath}: Facts): Iterable<Draft> {
  const unlisted = (database?.others ?? []).filter(({branch, line}) => line === null && isAlpineBranch(branch))
  for (const [branch, others] of groupBy(unlisted, ({branch}) => branch)) {
    const taken = packagesOf(others, {packages})
    const [first] = taken
    yield {
      title: 'Packages of another branch',
      message: [
        `${first && taken.length === 1 ? 'Package' : 'Packages'} ${quoteList(taken.map(({name}) => name))} ` +
          `${taken.length === 1 ? 'comes' : 'come'} from ${quote(branch)}, as far as anything tells.`,
        ...heldText(others),
      ].join(' '),
      evidence: [...new Set(others.map(({reason}) => reason))].slice(0, 10).join('; '),
      at: {path: databasePath ?? '', layer: first?.layer ?? null, ...(first && {line: first.line})},
      ...listed(taken),
      fix: {text: "Take them from the image's own branch where it has them.", command: null},
      identity: [branch, 'packages'],
    }
  }
}

/** Packages whose tag no line defines, and which is not the name of a branch. */
function* unknownTags({packages, repositories, database, databasePath}: Facts): Iterable<Draft> {
  const defined = new Set(repositories.map(({tag}) => tag))
  const told = new Set((database?.others ?? []).flatMap(({packages}) => packages))
  const lost = packages.filter(({repositoryTag: tag, name}) => tag !== '' && !defined.has(tag) && !told.has(name))
  for (const [tag, pinned] of groupBy(lost, ({repositoryTag}) => repositoryTag)) {
    const [first] = pinned
    yield {
      severity: 'low',
      title: 'Packages of an unknown repository',
      message:
        `${pinned.length === 1 ? 'Package' : 'Packages'} ${quoteList(pinned.map(({name}) => name))} ` +
        `${pinned.length === 1 ? 'is' : 'are'} pinned to ${quote(`@${tag}`)}, and no repository has that tag: where ` +
        'they come from, and whether any advisory covers them, is not known.',
      evidence: `${databasePath}: s:${name(tag)}`,
      at: {path: databasePath ?? '', layer: first?.layer ?? null, ...(first && {line: first.line})},
      ...listed(pinned),
      fix: {text: "Take them from the image's own branch where it has them.", command: null},
      identity: [tag, 'tag'],
    }
  }
}

function heldText(held: readonly OtherBranch[]): string[] {
  const [first] = held
  const packages = new Set(held.flatMap(({packages}) => packages)).size
  if (first === undefined || packages === 0) return []
  return [
    `${count(packages, 'package')} ${packages === 1 ? 'is' : 'are'} held against the advisories of ${quote(first.branch)} too.`,
  ]
}

function packagesOf(held: readonly OtherBranch[], {packages}: Pick<Facts, 'packages'>): InstalledPackage[] {
  const names = [...new Set(held.flatMap(({packages}) => packages))]
  return names.flatMap(one => packageNamed(packages, one) ?? [])
}

function listed(packages: readonly InstalledPackage[]): Pick<Draft, 'packages'> {
  if (packages.length === 0) return {}
  const shown = packages.slice(0, limits.packagesPerFinding)
  return {packages: shown.map(one => ({name: name(one.name), version: name(one.version)}))}
}

function evidenceOf(repository: Repository): string {
  const {tag} = repository
  return `${lineOf(repository)}: ${tag === null ? '' : `@${name(tag)} `}${shownURL(repository)}`
}

function placeOf({path, line}: Repository): Draft['at'] {
  return {path, line}
}

/** What is foreign about a repository: `edge/testing`; null where nothing is, or its URL does not tell. */
function otherThan(branch: string, {branch: own, name: section}: Repository): string | null {
  if (own === null) return null
  if (own === branch && (section !== 'testing' || branch === 'edge')) return null
  return section === null ? own : `${own}/${section}`
}
