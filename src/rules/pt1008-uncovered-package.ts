import {groupBy} from '../model/group.js'
import {limits} from '../model/limits.js'
import type {Rule} from '../model/rule.js'
import {name, quote, quoteList} from './words.js'

export const uncoveredPackage: Rule = {
  id: 'PT1008',
  name: 'UncoveredPackage',
  title: 'No advisories cover this package',
  severity: 'note',
  family: 'image',
  help: {
    why:
      'It comes from a repository that the advisories are not about: testing, somebody else, or a file that was built ' +
      'and installed. That no vulnerability is reported for it means nothing. Not being named by the advisories is not ' +
      'enough for this: they name only packages that had something to fix.',
    fix: "Take the package from the image's own branch where it has it; else watch the advisories of its publisher.",
    links: ['https://wiki.alpinelinux.org/wiki/Repositories'],
  },
  *check({coverage, database, databasePath}) {
    // Where no package has advisories, that is what PT1002 and PT1005 say.
    if (coverage === null || !database?.branch) return
    const uncovered = [...coverage.of].filter(([, {kind}]) => kind === 'uncovered')
    const byOrigin = groupBy(uncovered, ([{origin, name}]) => origin || name)
    for (const [origin, group] of byOrigin) {
      const [head] = group
      if (head === undefined) continue
      const [first, {reason}] = head
      const packages = group.slice(0, limits.packagesPerFinding).map(([one]) => one)
      yield {
        message:
          `No advisories cover ${quoteList(packages.map(({name}) => name))}: that no vulnerability of ` +
          `${packages.length === 1 ? 'it' : 'them'} is reported means nothing.`,
        evidence: `${quote(origin)}: ${reason ?? 'in no repository that advisories are about'}`,
        at: {path: databasePath ?? '', layer: first.layer, line: first.line},
        origin: name(origin),
        packages: packages.map(one => ({name: name(one.name), version: name(one.version)})),
        fix: {text: "Take it from the image's own branch, or watch the advisories of its publisher.", command: null},
        identity: [origin],
      }
    }
  },
}
