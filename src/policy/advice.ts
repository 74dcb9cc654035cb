import {fromLine, isEndOfLife, isOlderPatch, newestSupported} from '../model/alpine.js'
import type {Facts} from '../model/facts.js'
import type {Finding, Report} from '../model/report.js'
import {count} from '../model/text.js'

export type Advice = Report['advice'][number]

type ReleaseFacts = Pick<Facts, 'release' | 'alpine' | 'releases' | 'today'>

/** Names in one command; past that, upgrading everything is the shorter way to the same place. */
const namesPerCommand = 12

const upgrade = 'apk add --upgrade '

/**
 * The one or two commands to begin with: the upgrade that all fixable packages need together, and the base image to
 * move to. `fixes` is counted; where it is only an upper bound the text says so. What fixes most comes first.
 */
export function adviseOn(findings: readonly Finding[], facts: ReleaseFacts): readonly Advice[] {
  const advice = [upgradeAdvice(findings), newReleaseAdvice(findings, facts), newPatchAdvice(findings, facts)]
  return advice.filter(one => one !== null).sort((a, b) => b.fixes - a.fixes)
}

function upgradeAdvice(findings: readonly Finding[]): Advice | null {
  const commands = findings.flatMap(({family, fix}) =>
    family === 'vulnerability' && fix.command?.startsWith(upgrade) ? [fix.command] : [],
  )
  if (commands.length === 0) return null
  const fixes = count(commands.length, 'finding')
  const names = [...new Set(commands.flatMap(command => command.slice(upgrade.length).split(' ')))].sort()
  if (names.length <= namesPerCommand) {
    return {
      command: `${upgrade}${names.join(' ')}`,
      text: `Fixes ${fixes}: takes ${count(names.length, 'package')} to the newest version of the branch.`,
      fixes: commands.length,
    }
  }
  return {
    command: 'apk upgrade',
    text: `Fixes ${fixes}: takes every package to the newest version of the branch; ${names.length} need it.`,
    fixes: commands.length,
  }
}

/** Only the end of life itself is certain to go: which fixes the new release has, its own scan must tell. */
function newReleaseAdvice(findings: readonly Finding[], {alpine, releases, today}: ReleaseFacts): Advice | null {
  if (alpine === null || !isEndOfLife(alpine, today)) return null
  const next = newestSupported(releases, today)
  const fixes = findings.filter(({ruleID}) => ruleID === 'PT1001').length
  if (next === undefined || fixes === 0) return null
  return {
    command: fromLine(next.branch),
    text:
      `Fixes ${count(fixes, 'finding')}: Alpine ${next.branch} gets fixes until ${next.endOfLife}. ` +
      'All packages change with it, so scan the new image.',
    fixes,
  }
}

/** A patch release holds the fixes published before it, of the packages in the first layer. How many is not recorded. */
function newPatchAdvice(findings: readonly Finding[], {release, alpine, today}: ReleaseFacts): Advice | null {
  if (release === null || alpine === null || isEndOfLife(alpine, today)) return null
  if (!isOlderPatch(release.version, alpine.latest)) return null
  const fixes = findings.filter(({family, layer}) => family === 'vulnerability' && (layer?.index ?? 0) === 0).length
  if (fixes === 0) return null
  return {
    command: fromLine(alpine.latest),
    text:
      `Fixes up to ${count(fixes, 'finding')}: ${alpine.latest} is the newest ${alpine.branch}, this is ` +
      `${release.version}. It brings what was fixed before it came out.`,
    fixes,
  }
}
