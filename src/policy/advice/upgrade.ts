import type {InstalledPackage} from '../../model/package.js'
import {count} from '../../model/text.js'
import type {Advice, Situation} from './situation.js'

/** Names in one command; past that, upgrading everything is the shorter way to the same place. */
const namesPerCommand = 12

const upgrade = 'apk add --upgrade '

/** The upgrade that all packages with a fix need together. @param only of them, those that nothing else brings up to date */
export function upgradeAdvice(situation: Situation, only: (one: InstalledPackage) => boolean): Advice | null {
  const named = new Set(situation.vulnerabilities.flatMap(({fix: {command}}) => namesIn(command)))
  const {packages, world} = situation.facts
  const wanted = packages.filter(
    one => named.has(one.name) && only(one) && situation.upgrades.newest(one) !== one.version,
  )
  const names = [...new Set(wanted.map(({name}) => name))].sort()
  if (names.length === 0) return null
  if (names.length <= namesPerCommand) {
    const chosen = new Set(names)
    const fixes = situation.removedBy(situation.upgraded(({name}) => chosen.has(name)))
    return adviceOf(`${upgrade}${names.join(' ')}`, fixes, `takes ${count(names.length, 'package')}`)
  }
  // What the world file holds at one version stays there.
  const pinned = new Set(world.flatMap(entry => /^([^@<>=~]+)=/.exec(entry)?.[1] ?? []))
  const fixes = situation.removedBy(situation.upgraded(({name}) => !pinned.has(name)))
  return adviceOf('apk upgrade', fixes, `takes every package`, `; ${names.length} need it`)
}

function adviceOf(command: string, fixes: number, takes: string, more = ''): Advice | null {
  if (fixes === 0) return null
  const text = `Fixes ${count(fixes, 'finding')}: ${takes} to the newest version of the branch${more}.`
  return {command, text, fixes, atMost: false}
}

/** Only names that are safe to type are in a command. */
function namesIn(command: string | null): readonly string[] {
  return command?.startsWith(upgrade) === true ? command.slice(upgrade.length).split(' ') : []
}
