import type {Facts} from '../model/facts.js'
import {groupBy} from '../model/group.js'
import type {Draft, Rule} from '../model/rule.js'
import {hostOf, isAlpineKey, lineOf, shownURL} from './repositories.js'
import {quote} from './words.js'

/** Nothing leaves the machine on its way to these. */
const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/

export const insecureRepository: Rule = {
  id: 'PT1004',
  name: 'InsecureRepository',
  title: 'Repository without TLS, or a foreign signing key',
  severity: 'medium',
  family: 'image',
  help: {
    why:
      "apk verifies the signature of a repository's index with the keys in etc/apk/keys, over http too. What http " +
      'gives away is freshness: who stands between can serve an old, validly signed index and hold back updates, and ' +
      'sees what is installed. A key is trusted for every package, whatever repository it was meant for.',
    fix: 'Write https:// in etc/apk/repositories. Remove keys that no repository of yours needs.',
    links: [
      'https://wiki.alpinelinux.org/wiki/Repositories',
      'https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper',
    ],
  },
  *check(facts) {
    yield* plainHosts(facts)
    yield* foreignKeys(facts)
  },
}

/** One finding for each host. Old releases of Alpine came with http lines: low, since signatures still hold. */
function* plainHosts({repositories}: Facts): Iterable<Draft> {
  const plain = repositories.filter(({url}) => /^(?:http|ftp):\/\//i.test(url))
  for (const [host, lines] of groupBy(plain, hostOf)) {
    const [first] = lines
    if (first === undefined || host === '' || loopback.test(host)) continue
    yield {
      severity: 'low',
      title: 'Repository without TLS',
      message:
        `The package index of ${quote(host)} is fetched without TLS. Signatures still protect the packages, but ` +
        'somebody on the network can serve an old index and so hold back updates.',
      evidence: lines
        .map(line => `${lineOf(line)}: ${shownURL(line)}`)
        .slice(0, 10)
        .join('; '),
      at: {path: first.path, line: first.line},
      fix: {text: `Write https:// for ${quote(host)} in ${quote(first.path)}, if it serves TLS.`, command: null},
      identity: ['http', host],
    }
  }
}

/** Other distributions sign with keys of their own: this asks only what is Alpine. */
function* foreignKeys({release, keys}: Facts): Iterable<Draft> {
  if (release?.id !== 'alpine') return
  for (const key of keys) {
    if (isAlpineKey(key)) continue
    const path = `etc/apk/keys/${key}`
    yield {
      title: 'apk trusts a foreign signing key',
      message:
        `apk trusts the key ${quote(key)}, which by its name is not one of Alpine. ` +
        'Whoever holds it can sign any package, also one that replaces a package of Alpine.',
      evidence: `${path}: expected alpine-devel@lists.alpinelinux.org-<8 hexadecimal digits>.rsa.pub`,
      at: {path},
      fix: {text: 'Remove the key if nothing is installed with it any more.', command: null},
      identity: ['key', key],
    }
  }
}
