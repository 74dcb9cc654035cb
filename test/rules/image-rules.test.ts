import {expect, test} from 'vitest'
import type {Coverage, CoverageKind} from '../../src/model/coverage.js'
import type {Facts, ModifiedFile} from '../../src/model/facts.js'
import {rules} from '../../src/rules/index.js'
import {
  alpine319,
  alpine321,
  databaseOf,
  elfFileOf,
  factsOf,
  packageOf,
  releaseOf,
  repositoryOf,
} from '../support/facts.js'

function coverageOf(...kinds: readonly CoverageKind[]): Coverage {
  const of = new Map(kinds.map((kind, n) => [packageOf({name: `p${n}`, origin: 'p'}), {kind, reason: null}]))
  const none = {named: 0, listed: 0, unknown: 0, uncovered: 0}
  return {of, packages: none, files: {...none, unowned: 0}}
}

const ownsFiles = [packageOf({files: [{path: 'lib/libssl.so.3', checksum: null, owner: null}]})]
const edge = {url: 'https://dl-cdn.alpinelinux.org/alpine/edge/testing', branch: 'edge', name: 'testing', line: 3}
const onEdge = releaseOf({version: '3.22.0_alpha20250108', branch: 'edge'})

function modified(overrides: Partial<ModifiedFile> = {}): ModifiedFile {
  const expected = {algorithm: 'sha1', hex: 'a'.repeat(40)} as const
  const path = 'usr/lib/libssl.so.3'
  return {path, layer: 1, package: 'libssl3', isLink: false, expected, actual: 'b'.repeat(40), ...overrides}
}

/** Each finding as `severity, words of the message, command`. */
type Expected = readonly [severity: string, message: string, command?: string]

const cases: [rule: string, name: string, facts: Partial<Facts>, expected: readonly Expected[]][] = [
  ['PT1001', 'a supported release', {}, []],
  ['PT1001', '61 days before the last one', {today: '2025-09-01'}, []],
  [
    'PT1001',
    '60 days before',
    {today: '2025-09-02'},
    [['note', "gets fixes until '2025-11-01', 60 days from now. After that", 'FROM alpine:3.21']],
  ],
  ['PT1001', 'the last day with fixes', {today: '2025-11-01'}, [['note', 'which is today', 'FROM alpine:3.21']]],
  [
    'PT1001',
    'the day after',
    {today: '2025-11-02'},
    [['high', "'v3.19' has had no fixes since '2025-11-01', 1 day ago, and its advisories list", 'FROM alpine:3.21']],
  ],
  ['PT1001', 'when no known release is supported', {today: '2030-01-01'}, [['high', 'no fixes since']]],
  ['PT1001', 'a branch that the table does not have', {alpine: null, today: '2030-01-01'}, []],
  [
    'PT1001',
    'a future release is not suggested',
    {today: '2024-11-30', alpine: {...alpine319, endOfLife: '2024-11-01'}, releases: [alpine321]},
    [['high', 'no fixes since']],
  ],

  ['PT1002', 'a database of 30 days', {today: '2025-02-03'}, []],
  ['PT1002', '31 days', {today: '2025-02-04'}, [['low', "of '2025-01-04', 31 days ago", 'piton db update']]],
  ['PT1002', 'a week where a week may be', {today: '2025-01-11', maxDatabaseAge: 7}, []],
  [
    'PT1002',
    'older than somebody said that it may be',
    {today: '2025-01-12', maxDatabaseAge: 7},
    [['medium', "of '2025-01-04', 8 days ago", 'piton db update']],
  ],
  ['PT1002', 'not yet as old as somebody said that it may be', {today: '2025-03-04', maxDatabaseAge: 90}, []],
  [
    'PT1002',
    'an old database of a branch that had ended before it, which is complete',
    {today: '2030-01-01', alpine: {...alpine319, endOfLife: '2025-01-01'}},
    [],
  ],
  ['PT1002', 'no database was used', {database: null, today: '2030-01-01'}, []],
  [
    'PT1002',
    'a branch that the database does not have',
    {database: databaseOf({branch: null, advisories: 0}), release: releaseOf({version: '3.30.0', branch: 'v3.30'})},
    [['low', "has nothing for Alpine 'v3.30'. No package was checked", 'piton db update']],
  ],
  [
    'PT1002',
    'another distribution, which no update would help',
    {database: databaseOf({branch: null}), release: releaseOf({id: 'wolfi', branch: null})},
    [],
  ],

  [
    'PT1003',
    'main and community of the release',
    {repositories: [repositoryOf(), repositoryOf({name: 'community'})]},
    [],
  ],
  [
    'PT1003',
    'edge beside a stable branch',
    {repositories: [repositoryOf(), repositoryOf({...edge, name: 'main'})]},
    [['medium', "Line 3 of 'etc/apk/repositories' adds 'edge/main' to Alpine 'v3.19'. apk may take any package"]],
  ],
  [
    'PT1003',
    'a tagged repository, which gives only what is pinned',
    {
      repositories: [repositoryOf({...edge, tag: 'edge'})],
      packages: [packageOf(), packageOf({name: 'gosu', repositoryTag: 'edge'})],
    },
    [['low', "Packages pinned to '@edge' come from there: 1 package now."]],
  ],
  [
    'PT1003',
    'a tagged repository, of which only world asks for a package',
    {
      repositories: [repositoryOf({...edge, tag: 'edge', line: 3})],
      packages: [packageOf(), packageOf({name: 'gosu'}), packageOf({name: 'runc', repositoryTag: 'edge'})],
      database: databaseOf({
        others: [{branch: 'edge', reason: 'it is so', line: 'etc/apk/repositories:3', packages: ['gosu', 'runc']}],
      }),
    },
    [['low', "come from there: 2 packages now. 2 packages are held against the advisories of 'edge' too."]],
  ],
  [
    'PT1003',
    'another stable branch',
    {repositories: [repositoryOf({branch: 'v3.18'})]},
    [['medium', "adds 'v3.18/main'"]],
  ],
  ['PT1003', 'edge and testing on edge', {release: onEdge, repositories: [repositoryOf(edge)]}, []],
  [
    'PT1003',
    'packages that are held against that branch too',
    {
      repositories: [repositoryOf({...edge, name: 'main'})],
      database: databaseOf({
        others: [{branch: 'edge', reason: 'it is so', line: 'etc/apk/repositories:3', packages: ['libssl3']}],
      }),
    },
    [['medium', "any package from there. 1 package is held against the advisories of 'edge' too."]],
  ],
  ['PT1003', 'testing', {repositories: [repositoryOf(edge)]}, [['medium', 'Packages of testing have no advisories.']]],
  [
    'PT1003',
    'packages of a branch that no line names any more',
    {database: databaseOf({others: [{branch: 'edge', reason: 'it is so', line: null, packages: ['libssl3']}]})},
    [['medium', "Package 'libssl3' comes from 'edge', as far as anything tells. 1 package is held against"]],
  ],
  [
    'PT1003',
    'a tag that nothing explains',
    {packages: [packageOf({name: 'x', repositoryTag: 'corp'}), packageOf({name: 'y', repositoryTag: 'corp'})]},
    [['low', "Packages 'x' and 'y' are pinned to '@corp', and no repository has that tag: where they come from"]],
  ],
  [
    'PT1003',
    'a repository that is not one of Alpine',
    {repositories: [repositoryOf({url: 'https://u:p@apk.example.com/stable', branch: null, name: null, line: 2})]},
    [['low', "Line 2 of 'etc/apk/repositories' adds 'https://apk.example.com/stable', which by its address is no"]],
  ],
  [
    'PT1003',
    'one of another section of the own branch',
    {repositories: [repositoryOf({url: 'https://apk.example.com/v3.19/corp', name: 'corp', tag: 'corp'})]},
    [['low', "only packages pinned to '@corp' do."]],
  ],
  [
    'PT1003',
    'a mirror, where apk trusts the key of somebody else',
    {
      repositories: [repositoryOf(), repositoryOf({url: 'https://nginx.example/packages/alpine/v3.19/main'})],
      keys: ['nginx_signing.rsa.pub'],
    },
    [['note', "If 'nginx.example' signs with 'nginx_signing.rsa.pub', which apk trusts too, it is not"]],
  ],
  [
    'PT1003',
    'whatever is the newest release',
    {repositories: [repositoryOf({url: 'https://m.example/alpine/latest-stable/main', branch: null})]},
    [['medium', "adds the newest stable release, which is 'v3.21' now, to Alpine 'v3.19'."]],
  ],
  ['PT1003', 'a folder', {repositories: [repositoryOf({url: '/media/cdrom/apks', branch: null, name: null})]}, []],
  ['PT1003', 'a system whose branch is not known', {release: null, repositories: [repositoryOf(edge)]}, []],

  ['PT1004', 'https and the keys of Alpine', {}, []],
  [
    'PT1004',
    'http, once for each host',
    {
      repositories: [
        repositoryOf({url: 'http://dl-cdn.alpinelinux.org/alpine/v3.19/main'}),
        repositoryOf({url: 'http://dl-cdn.alpinelinux.org/alpine/v3.19/community', line: 2}),
      ],
    },
    [['low', "The package index of 'dl-cdn.alpinelinux.org' is fetched without TLS. Signatures still protect"]],
  ],
  ['PT1004', 'http to the machine itself', {repositories: [repositoryOf({url: 'http://localhost:8080/x'})]}, []],
  ['PT1004', 'a mirror with the keys of Alpine', {repositories: [repositoryOf({url: 'https://mirror.example/a'})]}, []],
  ['PT1004', 'a folder', {repositories: [repositoryOf({url: '/media/cdrom/apks'})]}, []],
  [
    'PT1004',
    'a key of somebody else',
    {keys: ['sgerrand.rsa.pub']},
    [['medium', "apk trusts the key 'sgerrand.rsa.pub'"]],
  ],
  [
    'PT1004',
    'the keys of another distribution',
    {release: releaseOf({id: 'wolfi'}), keys: ['wolfi-signing.rsa.pub']},
    [],
  ],

  ['PT1005', 'Alpine', {}, []],
  ...['wolfi', 'chainguard', 'minimos'].map((id): (typeof cases)[number] => [
    'PT1005',
    id,
    {release: releaseOf({id, branch: null, prettyName: ''}), database: databaseOf({branch: null})},
    [['note', `The database has no advisories for '${id}'. No package was checked`, `piton db update --only ${id}`]],
  ]),
  [
    'PT1005',
    'a system with a feed of its own that was fetched',
    {release: releaseOf({id: 'wolfi', branch: null}), database: databaseOf({branch: 'wolfi'})},
    [],
  ],
  [
    'PT1005',
    'a system that takes packages from Alpine',
    {release: releaseOf({id: 'postmarketos', branch: null, prettyName: 'pmOS'})},
    [['note', "'pmOS' takes packages from Alpine 'v3.19': all were held against its advisories. There are no"]],
  ],
  ...['openwrt', 'postmarketos', 'debian'].map((id): (typeof cases)[number] => [
    'PT1005',
    id,
    {release: releaseOf({id, branch: null, prettyName: ''}), database: databaseOf({branch: null})},
    [['note', `There are no advisories for '${id}'. No package was checked`]],
  ]),
  [
    'PT1005',
    'an apk database and no os-release',
    {release: null, database: null},
    [['note', 'There is an apk database']],
  ],
  ['PT1005', 'nothing at all', {release: null, database: null, databasePath: null, packages: []}, []],
  [
    'PT1005',
    'an Alpine without a usable version',
    {release: releaseOf({version: 'next', branch: null}), database: null},
    [['note', "The version of Alpine is 'next', which names no release branch."]],
  ],

  ['PT1006', 'nothing was changed, or nobody asked', {}, []],
  [
    'PT1006',
    'a file with other content',
    {modifiedFiles: [modified()]},
    [
      [
        'high',
        "'usr/lib/libssl.so.3' is not the file that package 'libssl3' installed.",
        'apk fix --reinstall libssl3',
      ],
    ],
  ],
  [
    'PT1006',
    'a link that leads elsewhere',
    {modifiedFiles: [modified({isLink: true})]},
    [['low', "leads elsewhere than the link that package 'libssl3' installed", 'apk fix --reinstall libssl3']],
  ],
  [
    'PT1006',
    'only a package name gets into a command',
    {modifiedFiles: [modified({package: '$(reboot)'})]},
    [['high', "package '$(reboot)'"]],
  ],
  [
    'PT1007',
    'a file that no package owns',
    {packages: ownsFiles, elfFiles: [elfFileOf()]},
    [['note', "No package owns 'usr/local/bin/app', so"]],
  ],
  ['PT1007', 'a file that a package owns', {packages: ownsFiles, elfFiles: [elfFileOf({package: 'libssl3'})]}, []],
  ['PT1007', 'a hard link to another', {packages: ownsFiles, elfFiles: [elfFileOf({sameAs: 'bin/busybox'})]}, []],
  ['PT1007', 'an object file', {packages: ownsFiles, elfFiles: [elfFileOf({type: 'relocatable'})]}, []],
  ['PT1007', 'a database without file lists', {elfFiles: [elfFileOf()]}, []],
  ['PT1008', 'packages that the advisories name, or may', {coverage: coverageOf('named', 'listed', 'unknown')}, []],
  [
    'PT1008',
    'packages that no advisories are about, once for each origin',
    {coverage: coverageOf('named', 'uncovered', 'uncovered')},
    [['note', "No advisories cover 'p1' and 'p2': that no vulnerability of them is reported means nothing."]],
  ],
  [
    'PT1008',
    'a branch without advisories, which other rules tell',
    {coverage: coverageOf('uncovered'), database: databaseOf({branch: null})},
    [],
  ],
  ['PT1007', 'no database', {packages: [], elfFiles: [elfFileOf()]}, []],
]

for (const [id, name, facts, expected] of cases) {
  test(`${id}: ${name}`, () => {
    const rule = rules.find(rule => rule.id === id)
    const drafts = [...(rule?.check(factsOf(facts)) ?? [])]
    expect(drafts.map(({severity}) => severity ?? rule?.severity)).toEqual(expected.map(([severity]) => severity))
    for (const [index, [, message, command]] of expected.entries()) {
      expect(drafts[index]?.message).toContain(message)
      expect(drafts[index]?.fix.command ?? undefined).toBe(command)
    }
  })
}

test('the user and password of a private repository stay out of the report', () => {
  const repositories = [repositoryOf({url: 'http://user:secret@host.example/alpine/edge/main', branch: 'edge'})]
  const drafts = rules.flatMap(rule => [...rule.check(factsOf({repositories}))])
  expect(drafts).toHaveLength(2)
  expect(JSON.stringify(drafts)).not.toContain('secret')
})
