import type {Repository} from '../model/package.js'
import type {Rule} from '../model/rule.js'
import {count} from '../model/text.js'
import {lineOf, shownURL} from './repositories.js'
import {name, quote} from './words.js'

export const mixedRepositories: Rule = {
  id: 'PT1003',
  name: 'MixedRepositories',
  title: 'Repositories of another branch are mixed in',
  severity: 'medium',
  family: 'image',
  help: {
    why:
      'A package from edge, testing or another release was built against other libraries, ' +
      "and the advisories of the image's own release do not describe it: testing has none at all.",
    fix:
      "Keep to repositories of the image's release. Where one package must come from elsewhere, tag that repository " +
      '(`@edge https://…`) so that nothing else is taken from it, and remove the line after the install.',
    links: ['https://wiki.alpinelinux.org/wiki/Repositories'],
  },
  *check({release, repositories, packages}) {
    if (!release?.branch) return
    for (const repository of repositories) {
      const other = otherThan(release.branch, repository)
      if (other === null) continue
      const {tag} = repository
      const pinned = tag === null ? [] : packages.filter(({repositoryTag}) => repositoryTag === tag)
      const taken =
        tag === null
          ? 'apk may take any package from there.'
          : `Packages pinned to ${quote(`@${tag}`)} come from there: ${count(pinned.length, 'package')} now.`
      yield {
        ...(tag !== null && {severity: 'low' as const}),
        message:
          `Line ${repository.line} of ${quote(repository.path)} adds ${quote(other)} to Alpine ` +
          `${quote(release.branch)}. ${taken}`,
        evidence: `${lineOf(repository)}: ${tag === null ? '' : `@${name(tag)} `}${shownURL(repository)}`,
        at: {path: repository.path, line: repository.line},
        ...(pinned.length > 0 && {packages: pinned.map(({name, version}) => ({name, version}))}),
        fix: {
          text: `Take the package from ${quote(release.branch)} where it has it, and remove the line.`,
          command: null,
        },
        identity: [other, tag ?? ''],
      }
    }
  },
}

/** What is foreign about a repository: `edge/testing`; null where nothing is, or its URL does not tell. */
function otherThan(branch: string, {branch: own, name: section}: Repository): string | null {
  if (own === null) return null
  if (own === branch && (section !== 'testing' || branch === 'edge')) return null
  return section === null ? own : `${own}/${section}`
}
