import type {Finding, Report, Suppression} from '../../src/model/report.js'
import {databaseOf, elfFileOf, matchOf, packageOf, ratingOf, releaseOf, repositoryOf} from './facts.js'
import {findingOf, reportOf, targetOf} from './report.js'

/** Escape sequences, reordering, tags, links, code fences, line ends, wide letters, and names that break programs. */
export const hostileNames = [
  '\u001b]8;;http://evil.example\u0007click\u001b[0m',
  'a\u202egnp.exe',
  '\u009b2J',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '[click](http://evil.example) ![x](http://evil.example)',
  '``` | `x` | **b** _i_ ~~~',
  'two\nlines\r\n::error::x',
  '日本語のパッケージ名'.repeat(5),
  'z\u0300\u0301\u0302'.repeat(50),
  '{0} {{1}} %s $(reboot) `id`',
  'quote\'s " \\ end',
  '__proto__',
  'SARIF_BUILDER_INVALID',
  '../../etc/passwd',
  'https://evil.example/x y',
  '\ud800 lone \udc00',
  '\u{e0041}\u200b\ufeff',
  'x'.repeat(100_000),
  '',
]

const ownsFiles = packageOf({files: [{path: 'lib/libssl.so.3', checksum: null, owner: null}]})

const lacking = {verdict: 'no', evidence: 'as the bytes say'} as const

function hostile(): Report {
  const packages = hostileNames.map(name => packageOf({name, version: name, origin: name}))
  return reportOf(
    {
      packages: [ownsFiles, ...packages],
      matches: packages.map((one, n) =>
        matchOf({
          packages: [one],
          fix: {id: n % 2 ? `CVE-2024-${1000 + n}` : `ID${one.name}`, origin: one.origin, fixedVersion: one.version},
          note: one.name,
        }),
      ),
      elfFiles: hostileNames.map(path =>
        elfFileOf({
          path,
          package: path,
          needed: [path],
          runpath: [path],
          hardening: {runPath: {verdict: 'no', evidence: path}},
        }),
      ),
      loaded: {
        command: hostileNames,
        program: hostileNames[0] ?? null,
        files: hostileNames,
        packages: hostileNames,
        reason: hostileNames.join(' '),
      },
      modifiedFiles: hostileNames.map(path => {
        const expected = {algorithm: 'sha1', hex: ''} as const
        return {path, layer: 0, package: path, isLink: false, expected, actual: ''}
      }),
      keys: hostileNames,
      repositories: hostileNames.map(name => repositoryOf({url: `http://${name}`, branch: name, name, path: name})),
    },
    {
      target: targetOf({
        name: hostileNames.join(''),
        reference: hostileNames.join(' '),
        layers: [
          {diffID: null, createdBy: hostileNames.join(' '), base: null, verified: false},
          {diffID: null, createdBy: null, base: null, verified: false},
        ],
      }),
      warnings: hostileNames.map(name => ({code: 'TAR_BAD_HEADER', message: name, path: name, layer: 0, hides: true})),
      complete: false,
    },
  )
}

/** A finding that somebody took out. */
function decided(by: Suppression['by'], suppression: Partial<Suppression>, overrides: Partial<Finding> = {}): Finding {
  return findingOf({
    suppressed: {by, reason: 'because', expires: null, justification: null, from: 'file', ...suppression},
    baselineState: by === 'baseline' ? 'unchanged' : 'new',
    ...overrides,
  })
}

/** A report of every kind that piton makes: all formats are tested with all of them. */
export const reports: readonly (readonly [name: string, report: Report])[] = [
  ['nothing found', reportOf()],
  ['nothing scanned', reportOf({release: null, database: null, databasePath: null, packages: [], alpine: null})],
  [
    'a rootfs without a name',
    reportOf({}, {target: targetOf({kind: 'rootfs', name: null, platform: null, layers: []})}),
  ],
  [
    'typical',
    reportOf({
      today: '2026-01-01',
      coverage: {
        of: new Map([[ownsFiles, {kind: 'named', reason: null}]]),
        packages: {named: 1, listed: 0, unknown: 2, uncovered: 1},
        files: {named: 14, listed: 0, unknown: 0, uncovered: 1, unowned: 4},
      },
      packages: [ownsFiles],
      loaded: {
        command: ['docker-entrypoint.sh', 'app', '-c', 'x y'],
        program: 'usr/local/bin/app',
        files: ['usr/lib/rc/bin/tool3', 'usr/local/bin/app'],
        packages: ['libssl3'],
        reason: null,
      },
      matches: [
        matchOf({rating: ratingOf(9.8, {kev: true, epss: {score: 0.123, percentile: 0.95, date: '2024-10-15'}})}),
        matchOf({fix: {id: 'CVE-2024-0001', aliases: ['GHSA-aaaa-bbbb-cccc']}}),
        matchOf({fix: {id: 'CVE-2024-0002', origin: 'zlib'}, rating: ratingOf(0)}),
      ],
      keys: ['sgerrand.rsa.pub'],
      repositories: [repositoryOf({url: 'http://mirror.example/alpine/edge/testing', branch: 'edge', name: 'testing'})],
      elfFiles: [
        elfFileOf(),
        elfFileOf({path: 'usr/local/lib/a b.so', hardening: {nx: lacking}}),
        elfFileOf({
          path: 'usr/local/bin/su',
          mode: 0o4755,
          hardening: {pie: lacking, relro: {...lacking, value: 'none'}},
        }),
        elfFileOf({path: 'usr/local/bin/app', language: 'go', hardening: {pie: lacking}}),
        ...Array.from({length: 14}, (_, n) =>
          elfFileOf({path: `usr/lib/rc/bin/tool${n}`, package: ownsFiles.name, hardening: {stackProtector: lacking}}),
        ),
      ],
    }),
  ],
  [
    'unscored',
    reportOf({matches: [matchOf({rating: ratingOf(null)}), matchOf({rating: ratingOf(null), note: 'odd'})]}),
  ],
  ['twins', reportOf({matches: [matchOf(), matchOf()]})],
  [
    'another distribution',
    reportOf({
      release: releaseOf({id: 'wolfi', version: '20230201', branch: null, prettyName: 'Wolfi'}),
      database: databaseOf({branch: null, advisories: 0}),
      alpine: null,
    }),
  ],
  [
    'incomplete',
    reportOf(
      {matches: [matchOf()]},
      {
        complete: false,
        warnings: [{code: 'ELF_TRUNCATED', message: '12 bytes at 64 of 70', path: 'usr/lib/x.so', hides: true}],
      },
    ),
  ],
  [
    'decided',
    reportOf(
      {matches: [matchOf()]},
      {
        baseline: {name: 'base.json', known: 2, gone: 1},
        suppressed: [
          decided('ignore', {reason: 'Client only.', expires: '2026-12-31', from: '.piton.yaml:12'}),
          decided('vex', {justification: 'component_not_present', from: 'app.vex.json, statement 1'}),
          decided(
            'baseline',
            {from: 'base.json'},
            {family: 'hardening', rule: 'PT2001', ruleID: 'PT2001', origin: null, packages: [], path: 'usr/bin/a'},
          ),
          ...hostileNames.map(name =>
            decided(
              'ignore',
              {reason: name, from: name},
              {rule: name || 'ID', origin: name, path: name, names: [name]},
            ),
          ),
        ],
      },
    ),
  ],
  ['partly hidden', reportOf({}, {hidden: {critical: 0, high: 0, medium: 0, low: 3, note: 2}})],
  ['hostile', hostile()],
]
