import {parseInstalled} from '../../../src/apk/installed.js'
import {parsePackageIndex} from '../../../src/apk/package-index.js'
import {purlOf} from '../../../src/apk/purl.js'
import {parseRepositories, parseWorld} from '../../../src/apk/repositories.js'
import {compareVersions, isValidVersion, orderForMatching, satisfies} from '../../../src/apk/version.js'
import {apkRecord} from '../../support/alpine.js'
import {sharedFiles} from '../seeds.js'
import {type FuzzTarget, insist} from '../target.js'

const compared = 20

/** apk's text files: what cannot be read is a warning, and versions have an order or say that they have none. */
export const target: FuzzTarget = {
  name: 'apkdb',
  dictionary: [
    ...[
      '\n\n',
      '\nP:',
      '\nV:',
      '\nA:',
      '\no:',
      '\nF:',
      '\nR:',
      '\nM:0:0:755',
      '\na:0:0:644',
      '\nZ:Q1',
      '\nD:',
      '\np:so:',
      '\nf:S',
      '\r\n',
    ],
    ...[
      '1.2.3-r0',
      '_alpha',
      '_rc1',
      '~abc',
      '-r',
      '.',
      '18446744073709551616',
      '@tag',
      '>=',
      '<',
      '!',
      '\0',
      '$\u007ba}',
      'set -default a=',
    ],
  ],
  mostBytes: 16 * 1024,
  *seeds() {
    yield Buffer.from(
      apkRecord({
        name: 'musl',
        version: '1.2.4_git20230717-r4',
        files: ['lib/ld.so', 'x'],
        depends: 'a>=1 !b',
        provides: 'so:c=1',
      }),
    )
    yield Buffer.from(
      'C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:a\nV:1.0_p1-r2\nF:etc\nM:0:0:1777\nR:x\na:0:0:4755\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nf:S\n\n',
    )
    yield Buffer.from(
      'https://dl-cdn.alpinelinux.org/alpine/v3.19/main\n@edge http://x/edge/testing\nset -default a=b\n$\u007ba}/c\n# x\n',
    )
    yield* sharedFiles('corpus/hostile/real', /^apkdb-/)
  },
  run(input) {
    const {packages, warnings} = parseInstalled(input, 'lib/apk/db/installed')
    for (const pkg of packages) {
      insist(pkg.name !== '' || pkg.version !== '' || pkg.line > 0, 'a package stands on a line')
      purlOf(pkg, {distro: 'alpine', version: '3.19'})
    }
    for (const {code, message} of warnings)
      insist(code.startsWith('APK_') && message.length < 1000, 'a warning is a sentence')
    parsePackageIndex(input)
    const text = Buffer.from(input).toString('utf8')
    parseRepositories(text, 'etc/apk/repositories')
    parseWorld(text)
    const versions = [...packages.slice(0, compared).map(({version}) => version), ...text.split(/\s+/, compared)]
    for (const [index, a] of versions.entries()) {
      const b = versions[(index * 7 + 1) % versions.length] ?? ''
      orderForMatching(a, b)
      satisfies(a, '>=~', b)
      if (!isValidVersion(a) || !isValidVersion(b)) continue
      insist(Math.sign(compareVersions(a, b)) === -Math.sign(compareVersions(b, a)), `${a} and ${b} have one order`)
    }
  },
}
