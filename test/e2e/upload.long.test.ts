import {execFileSync, spawnSync} from 'node:child_process'
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import type {Log} from 'sarif'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder} from '../support/files.js'
import {
  type GitHubParts,
  type GitHubTestServer,
  githubServer,
  refuse,
  testCommit,
  testToken,
} from '../support/github-server.js'
import {dockerArchive} from '../support/images.js'
import {oneErrorLine, piton, type Ran} from '../support/piton.js'
import {bytesOf, logOf, resultAt, resultOf, ruleOf, runOf} from '../support/sarif-log.js'
import {smallSystem} from '../support/small-system.js'
import {file, tarOf} from '../support/tar.js'

/** What the runner sets for a step of a workflow on main. */
const workflow = (server: GitHubTestServer): Record<string, string> => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: testCommit,
  GITHUB_API_URL: server.url,
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_TOKEN: testToken,
})

const sarif = (log: Log = logOf()): string => temporaryFile(bytesOf(log), 'a.sarif')
const failedLog = logOf(runOf({invocations: [{executionSuccessful: false}]}))

/** Runs in a folder that is no checkout. */
async function run(args: readonly string[], env: Record<string, string>, cwd = temporaryFolder()): Promise<Ran> {
  const ran = await piton(args, {env, cwd})
  expect(ran.stdout + ran.stderr).not.toContain(testToken)
  return ran
}

describe('piton upload', () => {
  test('sends a file from a workflow, and says what became of it', async () => {
    const server = await githubServer()
    const path = sarif()
    const {code, stdout, stderr} = await run(['upload', path], workflow(server))
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/a\.sarif: \d+ bytes compressed$/),
      '  1 result of 1 rule by piton, category piton/web/linux-amd64',
      `to o/r, refs/heads/main at aaaaaaaaaaaa (${server.url})`,
      'GitHub has the file, and processes it.',
      'GitHub has processed 17 results of 5 rules by piton, category piton/web/linux-amd64.',
      'https://github.com/o/r/security/code-scanning?query=is%3Aopen+branch%3Amain+tool%3Apiton',
      '',
    ])
    expect(server.uploads).toMatchObject([
      {commit_sha: testCommit, ref: 'refs/heads/main', tool_name: 'piton', text: JSON.stringify(logOf())},
    ])
    expect(server.uploads[0]).not.toHaveProperty('checkout_uri')
  })

  test.skipIf(spawnSync('git', ['--version']).status !== 0)('sends a file from a checkout', async () => {
    const server = await githubServer({repository: 'team/web'})
    const folder = temporaryFolder()
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        cwd: folder,
        encoding: 'utf8',
      }).trim()
    git('init', '--quiet', '--initial-branch', 'topic/1')
    git('commit', '--quiet', '--allow-empty', '--message', 'x')
    git('remote', 'add', 'origin', 'https://user:s3cret@github.com/team/web.git')
    const path = sarif(logOf(runOf({results: [resultAt('file:///src/a.c')]})))
    const {code, stdout, stderr} = await run(
      ['upload', path],
      {GITHUB_API_URL: server.url, GH_TOKEN: testToken},
      folder,
    )
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^piton: warning: runs\[0\]\.results\[0\]\S+: 'file:\/\/\/src\/a\.c' is a path of the machine/,
      ),
    ])
    expect(stdout).toContain('to team/web, refs/heads/topic/1 at ')
    expect(server.uploads).toMatchObject([
      {
        ref: 'refs/heads/topic/1',
        commit_sha: git('rev-parse', 'HEAD'),
        checkout_uri: expect.stringMatching(/^file:\/\/\/.*\/$/),
      },
    ])
    expect(stdout + stderr).not.toContain('s3cret')
  })

  test('sends nothing with --dry-run, and needs neither token nor network', async () => {
    const server = await githubServer()
    const {GITHUB_TOKEN: _, ...env} = workflow(server)
    const {code, stdout, stderr} = await run(['upload', '--dry-run', '--offline', sarif()], env)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n').slice(1)).toEqual([
      '  1 result of 1 rule by piton, category piton/web/linux-amd64',
      `would go to o/r, refs/heads/main at aaaaaaaaaaaa (${server.url}); no token is set (GITHUB_TOKEN, GH_TOKEN)`,
      'Nothing was sent (--dry-run).',
      '',
    ])
    expect(server.seen).toEqual([])
  })

  test('checks a file where nothing is known of a repository', async () => {
    const {code, stdout} = await run(['upload', '--dry-run', sarif()], {})
    expect(code).toBe(0)
    expect(stdout).toContain('would go nowhere: it is not known which repository the results belong to.')
  })

  test('names what GitHub would reject, and sends nothing, however it is asked', async () => {
    const server = await githubServer()
    const rules = [ruleOf({properties: {'security-severity': null}})]
    const path = sarif(logOf(runOf({tool: {driver: {name: 'piton', rules}}, results: [resultOf({locations: []})]})))
    const {code, stdout, stderr} = await run(['upload', path, '--quiet', '--force'], workflow(server))
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /^piton: error: runs\[0\]\.tool\.driver\.rules\[0\]\.properties\['security-severity'\]: is null; GitHub rejects/,
      ),
      expect.stringMatching(/^piton: error: runs\[0\]\.results\[0\]\.locations: there is none; GitHub rejects/),
      expect.stringMatching(
        /^piton: \S+a\.sarif is not uploaded: GitHub would reject it for 2 errors\. Nothing was sent\.$/,
      ),
      '',
    ])
    expect(server.seen).toEqual([])
  })

  test('does not send what a scan wrote that did not see everything', async () => {
    const server = await githubServer()
    const {code, stdout, stderr} = await run(['upload', '-q', sarif(failedLog)], workflow(server))
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(oneErrorLine)
    expect(stderr).toContain('its scan did not see everything, and GitHub would close the alerts that it missed')
    expect(server.seen).toEqual([])
  })

  test('sends it with --force, as complete, and says what that closes', async () => {
    const server = await githubServer()
    const {code, stderr} = await run(['upload', '--force', sarif(failedLog)], workflow(server))
    expect([code, stderr]).toEqual([
      0,
      'piton: warning: --force sends the file as if the scan had seen everything: GitHub closes as fixed every alert of piton, category piton/web/linux-amd64, that is not in it\n',
    ])
    expect(JSON.parse(server.uploads[0]?.text ?? '')).toEqual(logOf())
  })

  test('gives runs another category', async () => {
    const server = await githubServer()
    const {code, stdout} = await run(['upload', sarif(), '--category', 'nightly/web'], workflow(server))
    expect(code).toBe(0)
    expect(stdout).toContain('  1 result of 1 rule by piton, category nightly/web\n')
    expect(JSON.parse(server.uploads[0]?.text ?? '')).toEqual(logOf(runOf({automationDetails: {id: 'nightly/web/'}})))
  })

  const refusals: [
    name: string,
    args: readonly string[],
    env: (server: GitHubTestServer) => Record<string, string>,
    intercept: GitHubParts['intercept'],
    said: RegExp,
  ][] = [
    [
      'no token',
      [],
      server => ({...workflow(server), GITHUB_TOKEN: ''}),
      undefined,
      /there is no token for https:\/\/github\.com: GITHUB_TOKEN and GH_TOKEN are not set\. Give the step env:/,
    ],
    [
      'another repository',
      ['--repository', 'o/s', '--ref', 'main', '--commit', testCommit],
      workflow,
      undefined,
      /https:\/\/github\.com has no repository o\/s that this token may see \(404: Not Found\)/,
    ],
    [
      'no rights',
      [],
      workflow,
      (_, response) => refuse(response, 403, 'Resource not accessible by integration'),
      /GitHub does not let this token upload results to o\/r .*permissions: security-events: write/,
    ],
    [
      '--offline',
      ['--offline'],
      workflow,
      undefined,
      /results are uploaded over the network, and --offline allows none/,
    ],
  ]
  for (const [name, args, env, intercept, said] of refusals) {
    test(`is refused in one line: ${name}`, async () => {
      const server = await githubServer(intercept === undefined ? {} : {intercept})
      const {code, stderr} = await run(['upload', sarif(), ...args], env(server))
      expect(code).toBe(2)
      expect(stderr).toMatch(oneErrorLine)
      expect(stderr).toMatch(said)
      expect(server.uploads).toEqual([])
    })
  }

  test('shows no token in a stack trace either', async () => {
    const server = await githubServer({intercept: (_, response) => refuse(response, 400, testToken)})
    const {code, stderr} = await run(['upload', '--debug', sarif()], workflow(server))
    expect(code).toBe(2)
    expect(stderr).toContain('(400: ***)')
  })

  const files: [name: string, path: () => string, said: string][] = [
    ['a folder', () => temporaryFolder(), 'is not a regular file.'],
    ['no file', () => '/nonexistent.sarif', '/nonexistent.sarif does not exist.'],
    [
      'words under a name with commands in it',
      () => temporaryFile('x', 'a\u001b[2J.sarif'),
      'a\\u{1b}[2J.sarif is not JSON. Nothing was sent.',
    ],
  ]
  for (const [name, path, said] of files) {
    test(`is no SARIF file: ${name}`, async () => {
      const {code, stdout, stderr} = await run(['upload', path()], {})
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(oneErrorLine)
      expect(stderr).toContain(said)
    })
  }
})

describe('piton scan --upload', () => {
  let built = {folder: '', database: ''}
  beforeAll(async () => {
    built = await tinyDatabase()
  })
  afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

  const image = () => temporaryFile(dockerArchive({layers: [tarOf(smallSystem)], tags: ['app:1.0']}))
  const scan = (args: readonly string[], env: Record<string, string>, cwd?: string) =>
    run(['scan', '--db', built.database, '--at', '2026-01-20', ...args], env, cwd)

  test('uploads what -o sarif writes, after the reports, and keeps the exit code of the gate', async () => {
    const server = await githubServer()
    const [folder, path] = [temporaryFolder(), image()]
    const args = [path, '--upload', '--fail-on', 'high', '-o', 'json', '-o', `sarif=${join(folder, 'a.sarif')}`]
    const {code, stdout, stderr} = await scan(args, workflow(server), folder)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({schemaVersion: 1})
    expect(stderr).toMatch(
      /piton: uploads \d+ results of \d+ rules by piton, category piton\/app\/linux-amd64 to o\/r, refs\/heads\/main at aaaaaaaaaaaa/,
    )
    expect(stderr).toContain('piton: GitHub has processed 17 results of 5 rules by piton')
    expect(stderr).toContain('piton: https://github.com/o/r/security/code-scanning?query=')
    expect(stderr).not.toMatch(/piton: (?:error|warning): /)
    expect(server.uploads).toMatchObject([
      {tool_name: 'piton', started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)},
    ])
    const written = readFileSync(join(folder, 'a.sarif'), 'utf8')
    expect(server.uploads[0]?.text).toBe(written)
  })

  test('is quiet when asked to', async () => {
    const server = await githubServer()
    expect(await scan([image(), '--upload', '-q', '-o', 'json'], workflow(server))).toMatchObject({code: 0, stderr: ''})
    expect(server.uploads).toHaveLength(1)
  })

  test('ends in 2 when GitHub refuses, with the reports written', async () => {
    const server = await githubServer({intercept: (_, response) => refuse(response, 404, 'Not Found')})
    const {code, stdout, stderr} = await scan(
      [image(), '--upload', '--fail-on', 'low', '-q', '-o', 'json'],
      workflow(server),
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(oneErrorLine)
    expect(JSON.parse(stdout)).toMatchObject({schemaVersion: 1})
  })

  test('does not begin a scan whose results it could not upload', async () => {
    const server = await githubServer()
    const env = workflow(server)
    for (const [args, changed, said] of [
      [[], {GITHUB_TOKEN: ''}, 'there is no token'],
      [[], {GITHUB_REPOSITORY: ''}, 'it is not known which repository'],
    ] as const) {
      const {code, stdout, stderr} = await scan([image(), '--upload', ...args], {...env, ...changed})
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(oneErrorLine)
      expect(stderr).toContain(said)
    }
    expect(server.seen).toEqual([])
  })

  /** An ELF file that is cut short: the scan is not complete. */
  const damaged = () =>
    temporaryFile(
      dockerArchive({
        layers: [tarOf([...smallSystem, file('usr/lib/x.so', '\u007fELF\u0002\u0001\u0001 cut short')])],
        tags: ['app:1.0'],
      }),
    )

  test('does not upload a scan that did not see everything, unless forced', async () => {
    const server = await githubServer()
    const refused = await scan([damaged(), '--upload', '-q', '-o', 'json'], workflow(server))
    expect(JSON.parse(refused.stdout)).toMatchObject({complete: false})
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/^piton: the report is not uploaded: .* send it all the same with --force-upload\.\n$/),
    ])
    expect(server.seen).toEqual([])
    const forced = await scan([damaged(), '--upload', '--force-upload', '-o', 'json'], workflow(server))
    expect(forced.code).toBe(0)
    expect(forced.stderr).toContain('piton: warning: --force-upload sends the file as if the scan had seen everything')
    expect(server.uploads).toHaveLength(1)
  })

  test('is what its flags are for', async () => {
    for (const flag of [['--ref', 'main']]) {
      const {code, stderr} = await scan([image(), ...flag], {})
      expect([code, stderr]).toEqual([
        2,
        `piton: ${flag[0]} says how results are uploaded, and --upload is missing. Add --upload, or leave it out.\n`,
      ])
    }
  })
})
