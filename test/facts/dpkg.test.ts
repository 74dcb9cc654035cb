import {expect, test} from 'vitest'
import {readDistribution} from '../../src/facts/distribution.js'
import {dpkgDatabase} from '../../src/facts/dpkg.js'
import {ownersOf} from '../../src/facts/owners.js'
import {readRelease} from '../../src/facts/release.js'
import {file, symlink, type TarItem} from '../support/tar.js'
import {viewOf} from '../support/view.js'

const stanza = (name: string, ...more: readonly string[]): string =>
  [`Package: ${name}`, 'Architecture: amd64', 'Version: 1.0-1', ...more, 'Description: x', ' more of it', ''].join('\n')
const installed = 'Status: install ok installed'

const debian: readonly TarItem[] = [
  file(
    'var/lib/dpkg/status',
    [
      stanza('bash', installed),
      stanza('libc6', installed, 'Source: glibc (2.36-9)'),
      stanza('nano', 'Status: deinstall ok config-files'),
      stanza('half', 'Status: install ok half-installed'),
      stanza('zlib1g', installed),
    ].join('\n'),
  ),
  file('var/lib/dpkg/info/bash.list', '/.\n/bin\n/bin/bash\n/usr\n/usr/share\n/usr/share/doc\n'),
  file('var/lib/dpkg/info/libc6:amd64.list', '/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n'),
  symlink('bin', 'usr/bin'),
  file('usr/bin/bash'),
]
const sums = `${'0'.repeat(32)}  lib/libc.so.6\n${'0'.repeat(32)} *etc/x y\nnot a sum\n`
const distroless: readonly TarItem[] = [
  file('var/lib/dpkg/status.d/libc6', stanza('libc6', 'Source: glibc')),
  file('var/lib/dpkg/status.d/libc6.md5sums', sums),
  file('var/lib/dpkg/status.d/netbase', stanza('netbase')),
]

/** Each package as `name version architecture source: files`. */
const cases: [name: string, items: readonly TarItem[], expected: readonly string[] | null][] = [
  ['no dpkg', [file('etc/os-release', '')], null],
  [
    'Debian',
    debian,
    [
      'bash 1.0-1 amd64 bash: bin/bash usr/share/doc',
      'libc6 1.0-1 amd64 glibc: lib/x86_64-linux-gnu/libc.so.6',
      'zlib1g 1.0-1 amd64 zlib1g: no list',
    ],
  ],
  [
    'distroless',
    distroless,
    ['libc6 1.0-1 amd64 glibc: lib/libc.so.6 etc/x y', 'netbase 1.0-1 amd64 netbase: no list'],
  ],
  ['an empty status file', [file('var/lib/dpkg/status', '')], null],
  ['a status file that is none', [file('var/lib/dpkg/status', '\u0000\u0001: x\n\n\n: y')], null],
]
for (const [name, items, expected] of cases) {
  test(`dpkg: ${name}`, async () => {
    const found = readDistribution(await viewOf([items], [dpkgDatabase]), () => {})
    const packages = found?.packages?.map(({name, version, architecture, source, files}) =>
      [name, version, architecture, `${source}:`, ...(files ?? ['no list'])].join(' '),
    )
    expect(packages ?? null).toEqual(expected)
  })
}

test('dpkg lists files under names from before /bin became a link', async () => {
  const view = await viewOf([debian], [dpkgDatabase])
  const owners = ownersOf(
    [],
    readDistribution(view, () => {}),
    view,
  )
  expect(owners.get('usr/bin/bash')).toBe('bash')
})

test('rpm is known, and not read', async () => {
  const warnings: string[] = []
  const view = await viewOf([[file('var/lib/rpm/rpmdb.sqlite', 'SQLite')]], [dpkgDatabase])
  const found = readDistribution(view, ({code}) => warnings.push(code))
  expect(found).toEqual({manager: 'rpm', path: 'var/lib/rpm/rpmdb.sqlite', packages: null})
  expect(warnings).toEqual(['RPM_NOT_READ'])
})

test('debian_version is enough for Debian', () => {
  const release = readRelease({
    osRelease: null,
    alpineRelease: null,
    debianVersion: {path: 'etc/debian_version', text: '6.0.10\n'},
  })
  expect(release).toMatchObject({id: 'debian', version: '6.0.10', branch: null, prettyName: 'Debian 6.0.10'})
})
