import {inspect} from 'node:util'
import {describe, expect, test} from 'vitest'
import {
  type AskedDestination,
  alertsPage,
  type Checkout,
  findDestination,
  type Surroundings,
} from '../../src/github/destination.js'
import {type PullRequest, readPullRequest} from '../../src/github/pull-request.js'
import {parseRemote} from '../../src/github/remote.js'
import {serverOf} from '../../src/github/server.js'
import {tokenFor} from '../../src/github/token.js'
import {PitonError} from '../../src/model/errors.js'
import {temporaryFile} from '../support/files.js'

const [head, merge, base] = ['a', 'b', 'c'].map(digit => digit.repeat(40)) as [string, string, string]
const checkout: Checkout = {root: '/src', head, branch: 'refs/heads/topic', remote: 'git@github.com:o/r.git'}
const actions = {GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'o/r', GITHUB_REF: 'refs/heads/main', GITHUB_SHA: base}
const pull: PullRequest = {number: 12, head, fromFork: false}
const onPull = {...actions, GITHUB_REF: 'refs/pull/12/merge', GITHUB_SHA: merge}

/** `owner/name ref commit` or `CODE: message. hint` */
function found(asked: AskedDestination, around: Partial<Surroundings>): string {
  try {
    const {owner, name, ref, commit} = findDestination(asked, {env: {}, pullRequest: null, checkout: null, ...around})
    return `${owner}/${name} ${ref} ${commit.slice(0, 2)}`
  } catch (error) {
    if (error instanceof PitonError) return `${error.code}: ${error.message}. ${error.hint}`
    throw error
  }
}

describe('results belong', () => {
  const cases: [name: string, asked: AskedDestination, around: Partial<Surroundings>, found: string][] = [
    ['to what is checked out', {}, {checkout}, 'o/r refs/heads/topic aa'],
    ['to what the workflow runs for', {}, {env: actions}, 'o/r refs/heads/main cc'],
    ['to what the workflow runs for, not to the checkout', {}, {env: actions, checkout}, 'o/r refs/heads/main cc'],
    [
      'to what was asked for',
      {repository: 'x/y', ref: 'refs/tags/v1', commit: merge},
      {env: actions, checkout},
      'x/y refs/tags/v1 bb',
    ],
    ['to the ref that was asked for, at the known commit', {ref: 'main'}, {checkout}, 'o/r refs/heads/main aa'],
    [
      'to the commit that was asked for, on the known ref',
      {commit: base.toUpperCase()},
      {checkout},
      'o/r refs/heads/topic cc',
    ],
    [
      'to the merge of a pull request',
      {},
      {env: onPull, pullRequest: pull, checkout: {...checkout, head: merge}},
      'o/r refs/pull/12/merge bb',
    ],
    [
      'to the merge of a pull request without a checkout',
      {},
      {env: onPull, pullRequest: pull},
      'o/r refs/pull/12/merge bb',
    ],
    [
      'to the head of a pull request that was checked out',
      {},
      {env: onPull, pullRequest: pull, checkout: {...checkout, branch: null}},
      'o/r refs/pull/12/head aa',
    ],
    [
      'to the head of a pull request, not to its target',
      {},
      {env: actions, pullRequest: pull, checkout},
      'o/r refs/pull/12/head aa',
    ],
    [
      'to the target of a pull request that was checked out',
      {},
      {env: actions, pullRequest: pull, checkout: {...checkout, head: base}},
      'o/r refs/heads/main cc',
    ],
    [
      'to the head of a pull request that was asked for',
      {ref: 'refs/pull/12/head'},
      {env: onPull, pullRequest: pull},
      'o/r refs/pull/12/head aa',
    ],
    ['to a repository whatever its letters', {repository: 'O/R'}, {env: actions}, 'O/R refs/heads/main cc'],
    [
      'to a repository whose remote says nothing',
      {repository: 'o/r'},
      {checkout: {...checkout, remote: 'work:r'}},
      'o/r refs/heads/topic aa',
    ],
    [
      'to the checkout of another repository than the workflow',
      {repository: 'o/r'},
      {env: {...actions, GITHUB_REPOSITORY: 'p/q'}, checkout},
      'o/r refs/heads/topic aa',
    ],
    [
      'to the merge queue',
      {},
      {env: {...actions, GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-1-abc'}},
      'o/r refs/heads/gh-readonly-queue/main/pr-1-abc cc',
    ],
    [
      'nowhere without a repository',
      {},
      {},
      'GITHUB_DESTINATION: it is not known which repository the results belong to. Name it: --repository OWNER/NAME.',
    ],
    [
      'nowhere without a ref',
      {repository: 'o/r'},
      {},
      'GITHUB_DESTINATION: no branch of o/r is known that the results belong to. Name it: --ref refs/heads/main.',
    ],
    [
      'nowhere on a detached head',
      {},
      {checkout: {...checkout, branch: null}},
      'GITHUB_DESTINATION: no branch of o/r is known',
    ],
    ['nowhere without a commit', {repository: 'o/r', ref: 'main'}, {}, 'GITHUB_DESTINATION: no commit of o/r is known'],
    [
      'not to the commit of another repository',
      {repository: 'x/y', ref: 'main'},
      {env: actions, checkout},
      'GITHUB_DESTINATION: no commit of x/y is known',
    ],
    [
      'not to a tree, a blob, a search',
      {repository: 'o/r/s'},
      {},
      'GITHUB_DESTINATION: --repository "o/r/s" is no repository. Write it as OWNER/NAME.',
    ],
    ['not to a folder above', {repository: 'o/..'}, {}, 'GITHUB_DESTINATION: --repository "o/.." is no repository'],
    [
      'not to a strange name',
      {},
      {env: {GITHUB_REPOSITORY: 'o/r?x=y'}},
      'GITHUB_DESTINATION: GITHUB_REPOSITORY "o/r?x=y" is no repository',
    ],
    [
      'not to a short commit',
      {commit: 'abc123'},
      {checkout},
      'GITHUB_DESTINATION: "abc123" is no commit. Give all 40 digits',
    ],
    ...[
      'refs/changes/1',
      'refs/pull/x/head',
      'refs/pull/1/base',
      'a b',
      'a..b',
      'refs/heads/',
      'x\ny',
      'a.lock',
      '',
      'refs/heads/a//b',
    ].map((ref): [string, AskedDestination, Partial<Surroundings>, string] => [
      `not to the ref ${JSON.stringify(ref)}`,
      {ref},
      {checkout},
      `GITHUB_DESTINATION: --ref ${JSON.stringify(ref)} is no ref that takes results. GitHub takes refs/heads/BRANCH`,
    ]),
  ]
  for (const [name, asked, around, expected] of cases) {
    test(name, () => expect(found(asked, around).slice(0, expected.length)).toBe(expected))
  }
})

describe('a pull request is read from the event', () => {
  const event = (overrides: object = {}) => ({
    action: 'opened',
    pull_request: {
      number: 12,
      head: {sha: head, repo: {full_name: 'o/r'}},
      base: {repo: {full_name: 'o/r'}},
      ...overrides,
    },
  })
  const read = (text: string) => readPullRequest({GITHUB_EVENT_PATH: temporaryFile(text, 'event.json')})
  const cases: [name: string, text: string, read: PullRequest | null][] = [
    ['of the repository', JSON.stringify(event()), pull],
    ['of a fork', JSON.stringify(event({head: {sha: head, repo: {full_name: 'p/r'}}})), {...pull, fromFork: true}],
    ['of a fork that was deleted', JSON.stringify(event({head: {sha: head, repo: null}})), {...pull, fromFork: true}],
    ['of a push', '{"ref": "refs/heads/main", "after": "x"}', null],
    ['with a number that is none', JSON.stringify(event({number: '12'})), null],
    ['with a commit that is none', JSON.stringify(event({head: {sha: '--help'}})), null],
    ['that is no JSON', 'null}', null],
    ['that is null', 'null', null],
    ['that is nested', '['.repeat(100_000), null],
  ]
  for (const [name, text, expected] of cases) test(name, () => expect(read(text)).toEqual(expected))

  test('that is not there', () => {
    expect(readPullRequest({GITHUB_EVENT_PATH: '/nonexistent'})).toBeNull()
    expect(readPullRequest({})).toBeNull()
  })
})

const remotes: [address: string, remote: string | null][] = [
  ['https://github.com/o/r', 'github.com o/r'],
  ['https://github.com/o/r.git', 'github.com o/r'],
  ['https://github.com/o/r/', 'github.com o/r'],
  ['https://user:ghp_secret@GitHub.com/o/r.git', 'github.com o/r'],
  ['https://git.example:8443/o/r', 'git.example:8443 o/r'],
  ['git@github.com:o/r.git', 'github.com o/r'],
  ['github.com:o/r', 'github.com o/r'],
  ['ssh://git@git.example:2222/o/r.git', 'git.example o/r'],
  ['ssh://git@ssh.github.com:443/o/r.git', 'github.com o/r'],
  ['git://github.com/o/r.name.git', 'github.com o/r.name'],
  ['https://gitlab.example/group/sub/r', null],
  ['/srv/git/r.git', null],
  ['../r', null],
  ['C:\\git\\r', null],
  ['file:///srv/o/r', null],
  ['ext::sh -c x', null],
  ['', null],
]
for (const [address, expected] of remotes) {
  test(`the remote ${address}`, () => {
    const remote = parseRemote(address)
    expect(remote && `${remote.host} ${remote.owner}/${remote.name}`).toBe(expected)
  })
}

const servers: [env: Record<string, string>, host: string | null, api: string, web: string][] = [
  [{}, null, 'https://api.github.com', 'https://github.com'],
  [{}, 'github.com', 'https://api.github.com', 'https://github.com'],
  [{}, 'acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
  [{}, 'git.example:8443', 'https://git.example:8443/api/v3', 'https://git.example:8443'],
  [{GITHUB_API_URL: 'https://api.github.com/'}, 'git.example', 'https://api.github.com', 'https://github.com'],
  [{GITHUB_API_URL: 'https://api.acme.ghe.com'}, null, 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
  [{GITHUB_API_URL: 'https://git.example/api/v3'}, null, 'https://git.example/api/v3', 'https://git.example'],
  [{GITHUB_SERVER_URL: 'https://github.com'}, null, 'https://api.github.com', 'https://github.com'],
  [{GITHUB_SERVER_URL: 'https://acme.ghe.com'}, null, 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
  [{GITHUB_SERVER_URL: 'https://git.example'}, 'github.com', 'https://git.example/api/v3', 'https://git.example'],
  [
    {GITHUB_API_URL: 'http://127.0.0.1:8080', GITHUB_SERVER_URL: 'http://localhost:80'},
    null,
    'http://127.0.0.1:8080',
    'http://localhost',
  ],
]
for (const [env, host, api, web] of servers) {
  test(`the server of ${inspect(env)} and ${host}`, () => expect(serverOf(env, host)).toMatchObject({api, web}))
}

const badServers: [env: Record<string, string>, said: string][] = [
  [{GITHUB_API_URL: 'http://api.github.com'}, 'GITHUB_API_URL names http://api.github.com, which is not HTTPS'],
  [{GITHUB_SERVER_URL: 'http://git.example'}, 'GITHUB_SERVER_URL names http://git.example, which is not HTTPS'],
  [{GITHUB_API_URL: 'ftp://git.example'}, 'GITHUB_API_URL names'],
  [{GITHUB_API_URL: 'api.github.com'}, 'GITHUB_API_URL is not the address of a GitHub server'],
  [{GITHUB_API_URL: 'https://user:secret@git.example'}, 'GITHUB_API_URL is not the address of a GitHub server'],
  [{GITHUB_API_URL: 'https://git.example/?x'}, 'GITHUB_API_URL is not the address of a GitHub server'],
]
for (const [env, said] of badServers) {
  test(`no server: ${inspect(env)}`, () => {
    expect(() => serverOf(env, null)).toThrow(said)
    expect(() => serverOf(env, null)).not.toThrow('secret')
  })
}

describe('a token', () => {
  const cases: [name: string, host: string | null, env: Record<string, string>, token: string | RegExp][] = [
    ['is GITHUB_TOKEN', null, {GITHUB_TOKEN: ' ghs_1\n', GH_TOKEN: 'ghp_2'}, 'ghs_1'],
    ['is GH_TOKEN', null, {GITHUB_TOKEN: '', GH_TOKEN: 'ghp_2'}, 'ghp_2'],
    ['is GH_TOKEN for ghe.com', 'acme.ghe.com', {GH_TOKEN: 'ghp_2'}, 'ghp_2'],
    [
      'for github.com does not go where a remote of git leads',
      'git.example',
      {GITHUB_TOKEN: 'ghs_1', GH_TOKEN: 'ghp_2'},
      /^GITHUB_NO_TOKEN: there is no token for https:\/\/git\.example: GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN are not set/,
    ],
    ['for an enterprise does', 'git.example', {GH_ENTERPRISE_TOKEN: 'ghp_3'}, 'ghp_3'],
    [
      'goes where the environment leads',
      'x',
      {GITHUB_API_URL: 'https://git.example/api/v3', GITHUB_TOKEN: 'ghs_1'},
      'ghs_1',
    ],
    [
      'is missing',
      null,
      {},
      /^GITHUB_NO_TOKEN: there is no token for https:\/\/github\.com: GITHUB_TOKEN and GH_TOKEN are not set\. Set GITHUB_TOKEN to a token/,
    ],
    [
      'is missing in a workflow',
      null,
      {GITHUB_ACTIONS: 'true'},
      /^GITHUB_NO_TOKEN: .*Give the step env: GITHUB_TOKEN: \$\{\{ github\.token \}\}, and the job permissions: security-events: write\.$/,
    ],
    [
      'is two lines',
      null,
      {GITHUB_TOKEN: 'ghs_1\nX-Evil: 1'},
      /^GITHUB_NO_TOKEN: GITHUB_TOKEN holds no token: (?!.*ghs_1)/,
    ],
  ]
  for (const [name, host, env, expected] of cases) {
    test(name, () => {
      let said: string
      try {
        said = tokenFor(serverOf(env, host), env).reveal()
      } catch (error) {
        if (!(error instanceof PitonError)) throw error
        said = `${error.code}: ${error.message}. ${error.hint}`
      }
      expect(said).toMatch(expected)
    })
  }
})

const pages: [ref: string, tool: string, query: string][] = [
  ['refs/heads/main', 'piton', 'is:open branch:main tool:piton'],
  ['refs/pull/12/merge', 'piton', 'is:open pr:12 tool:piton'],
  ['refs/tags/v1', 'piton', 'is:open tool:piton'],
  ['refs/heads/a&b', 'My "Tool"', 'is:open branch:a&b tool:"My Tool"'],
  ['refs/heads/main', '', 'is:open branch:main'],
]
for (const [ref, tool, query] of pages) {
  test(`the alerts of ${tool} on ${ref}`, () => {
    const page = new URL(
      alertsPage({server: serverOf({}, null), owner: 'o', name: 'r', ref, commit: head, pullRequest: null}, tool),
    )
    expect(`${page.origin}${page.pathname}`).toBe('https://github.com/o/r/security/code-scanning')
    expect([...page.searchParams]).toEqual([['query', query]])
  })
}
