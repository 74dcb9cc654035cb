import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {gzipSync} from 'node:zlib'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Destination} from '../../src/github/destination.js'
import {githubLimits} from '../../src/github/limits.js'
import {type SarifUpload, type UploadOptions, type UploadOutcome, uploadSarif} from '../../src/github/upload.js'
import {PitonError} from '../../src/model/errors.js'
import {Secret} from '../../src/model/secret.js'
import {temporaryFile} from '../support/files.js'
import {
  analysis,
  answer,
  complete,
  failed,
  type GitHubParts,
  type GitHubTestServer,
  githubServer,
  pending,
  refuse,
  testCommit,
  testToken,
  uploadID,
} from '../support/github-server.js'
import {serve} from '../support/registry-server.js'
import {selfSigned, tlsServer} from '../support/tls.js'

/** Pauses of milliseconds where there would be seconds. */
const quick = {...githubLimits, waitUnitMs: 1, pollMs: 1}

const destination: Destination = {
  server: {api: '', web: 'https://github.com', tokenNames: ['GITHUB_TOKEN']},
  owner: 'o',
  name: 'r',
  ref: 'refs/heads/main',
  commit: testCommit,
  pullRequest: null,
}

function upload(
  server: {readonly url: string},
  overrides: Partial<SarifUpload> = {},
  options: Partial<UploadOptions> = {},
): Promise<UploadOutcome> {
  return uploadSarif(
    {
      destination: {...destination, server: {...destination.server, api: server.url}},
      gzip: gzipSync('{"runs": []}'),
      checkoutURI: null,
      startedAt: null,
      toolName: 'piton',
      ...overrides,
    },
    {token: new Secret(testToken), env: {}, userAgent: 'piton/test', limits: quick, ...options},
  )
}

/** `CODE: message. hint` */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof PitonError) return `${error.code}: ${error.message}. ${error.hint}`
    throw error
  }
  throw new Error('it did not fail')
}

const posts = ({seen}: GitHubTestServer): number => seen.filter(({method}) => method === 'POST').length

describe('a file that GitHub takes', () => {
  test('is sent as the REST description wants it, and followed until it is processed', async () => {
    const server = await githubServer({states: [pending, pending, complete]})
    const sent: string[] = []
    const outcome = await upload(
      server,
      {startedAt: '2026-01-20T08:00:00Z', checkoutURI: 'file:///src/'},
      {onSent: () => sent.push('sent')},
    )
    expect(outcome).toEqual({
      kind: 'complete',
      analyses: [{tool: 'piton', category: 'piton/web/linux-amd64', results: 17, rules: 5, warning: ''}],
    })
    expect(sent).toEqual(['sent'])
    expect(server.uploads).toEqual([
      {
        commit_sha: testCommit,
        ref: 'refs/heads/main',
        sarif: expect.stringMatching(/^H4sI/),
        text: '{"runs": []}',
        tool_name: 'piton',
        started_at: '2026-01-20T08:00:00Z',
        checkout_uri: 'file:///src/',
      },
    ])
    expect(server.seen.map(({method, path}) => `${method} ${path}`)).toEqual([
      'POST /repos/o/r/code-scanning/sarifs',
      ...Array(3).fill(`GET /repos/o/r/code-scanning/sarifs/${uploadID}`),
      `GET /repos/o/r/code-scanning/analyses?sarif_id=${uploadID}`,
    ])
    expect(server.seen[0]?.userAgent).toMatch(/^piton\/test octokit/)
  })

  test('names the version of the API, and nothing that was not asked for', async () => {
    const headers: unknown[] = []
    const server = await serve((request, response) => {
      headers.push(request.headers['x-github-api-version'])
      answer(response, request.method === 'POST' ? 202 : 200, request.method === 'POST' ? {id: uploadID} : complete)
    })
    await upload(server)
    expect(headers).toEqual(['2022-11-28', '2022-11-28', '2022-11-28'])
    expect(Object.keys(JSON.parse(server.seen[0]?.body ?? ''))).toEqual(['commit_sha', 'ref', 'sarif', 'tool_name'])
  })

  test('is not known at once, which is no refusal', async () => {
    const server = await githubServer({
      intercept: ({method}, response, count) =>
        method === 'GET' && count === 1 ? refuse(response, 404, 'Not Found') : false,
    })
    expect(await upload(server)).toMatchObject({kind: 'complete'})
  })

  test('may be processed later than anybody waits', async () => {
    const server = await githubServer({states: [pending]})
    expect(await upload(server, {}, {limits: {...quick, polls: 3}})).toEqual({kind: 'pending', why: null})
    expect(server.seen).toHaveLength(4)
  })

  test('and about which it then says no more is not lost', async () => {
    const server = await githubServer({
      intercept: ({method}, response) =>
        method === 'GET' ? refuse(response, 403, 'Resource not accessible by integration') : false,
    })
    const outcome = await upload(server)
    expect(outcome).toMatchObject({kind: 'pending', why: expect.stringContaining('Resource not accessible')})
    expect(server.seen).toHaveLength(2)
  })

  test('and whose counts it does not tell is complete all the same', async () => {
    const server = await githubServer({
      intercept: ({path}, response) =>
        path.includes('/analyses') ? refuse(response, 404, 'no analysis found') : false,
    })
    expect(await upload(server)).toEqual({kind: 'complete', analyses: null})
  })

  test('with a warning passes that on, one line, without control characters', async () => {
    const server = await githubServer({analyses: [{...analysis, warning: 'alerts\nof \u001b[31mmany rules.'}]})
    expect(await upload(server)).toMatchObject({analyses: [{warning: 'alerts of \\u{1b}[31mmany rules'}]})
  })

  test('of a repository that was renamed goes where that is now', async () => {
    const server = await githubServer({
      repository: 'o/new',
      intercept: ({path}, response) =>
        path.startsWith('/repos/o/r/')
          ? response.writeHead(307, {location: path.replace('/o/r/', '/o/new/')}).end()
          : false,
    })
    expect(await upload(server)).toMatchObject({kind: 'complete'})
    expect(server.uploads).toHaveLength(1)
  })
})

describe('what may pass is tried again', () => {
  const cases: [name: string, intercept: NonNullable<GitHubParts['intercept']>, posts: number][] = [
    ['502 from a proxy', (_, response) => response.writeHead(502).end('<html>'), 2],
    ['503', (_, response) => refuse(response, 503, 'Service Unavailable'), 2],
    ['a cut connection', (_, response) => response.destroy(), 2],
    [
      'an answer that breaks off',
      (_, response) =>
        response
          .writeHead(202, {'content-type': 'application/json', 'content-length': '100'})
          .write('{"id": "', () => response.destroy()),
      2,
    ],
    [
      'a secondary rate limit',
      (_, response) => refuse(response, 403, 'You have exceeded a secondary rate limit.', {'retry-after': '2'}),
      2,
    ],
    [
      'a secondary rate limit as 429',
      (_, response) => refuse(response, 429, 'You have exceeded a secondary rate limit.', {'retry-after': '2'}),
      2,
    ],
    [
      'a secondary rate limit without a time',
      (_, response) => refuse(response, 403, 'You have exceeded a secondary rate limit'),
      2,
    ],
    [
      'a rate limit that ends soon',
      (_, response) =>
        refuse(response, 403, 'API rate limit exceeded', {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': `${Math.floor(Date.now() / 1000) + 1}`,
        }),
      2,
    ],
    ['429 without words', (_, response) => response.writeHead(429, {'retry-after': '1'}).end(), 2],
  ]
  for (const [name, once, expected] of cases) {
    test(name, async () => {
      const server = await githubServer({
        intercept: (seen, response, count) =>
          seen.method === 'POST' && count === 1 ? once(seen, response, count) : false,
      })
      expect(await upload(server)).toMatchObject({kind: 'complete'})
      expect(posts(server)).toBe(expected)
    })
  }

  test('while it waits for the processing too', async () => {
    const server = await githubServer({
      states: [pending, complete],
      intercept: ({method}, response, count) =>
        method === 'GET' && count % 2 === 1 ? refuse(response, 502, 'Server Error') : false,
    })
    expect(await upload(server)).toMatchObject({kind: 'complete', analyses: [{results: 17}]})
  })
})

describe('what does not pass is given up after a few tries', () => {
  const cases: [name: string, intercept: NonNullable<GitHubParts['intercept']>, posts: number, said: string][] = [
    [
      '500',
      (_, response) => refuse(response, 500, 'Server Error'),
      4,
      'GITHUB_UNAVAILABLE: GitHub fails (500: Server Error). Try again later',
    ],
    [
      '503',
      (_, response) => refuse(response, 503, 'Service Unavailable'),
      4,
      'GITHUB_UNAVAILABLE: GitHub fails (503: Service Unavailable). Try again later',
    ],
    ['cut connections', (_, response) => response.destroy(), 4, 'GITHUB_UNREACHABLE: cannot read'],
    [
      'secondary rate limits',
      (_, response) => refuse(response, 403, 'You have exceeded a secondary rate limit.', {'retry-after': '3'}),
      3,
      'GITHUB_RATE_LIMITED: GitHub takes no more requests with this token for now (403: You have exceeded a secondary rate limit). Wait 3 seconds, then',
    ],
    [
      'secondary rate limits as 429',
      (_, response) => refuse(response, 429, 'You have exceeded a secondary rate limit.', {'retry-after': '3'}),
      3,
      'GITHUB_RATE_LIMITED',
    ],
    [
      'a secondary rate limit of an hour',
      (_, response) => refuse(response, 403, 'You have exceeded a secondary rate limit.', {'retry-after': '3600'}),
      1,
      'GITHUB_RATE_LIMITED: GitHub takes no more requests with this token for now (403: You have exceeded a secondary rate limit). Wait 60 minutes',
    ],
    [
      'a rate limit of an hour',
      (_, response) =>
        refuse(response, 403, 'API rate limit exceeded for installation', {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': `${Math.floor(Date.now() / 1000) + 3600}`,
        }),
      1,
      'GITHUB_RATE_LIMITED',
    ],
  ]
  for (const [name, always, expected, said] of cases) {
    test(name, async () => {
      const server = await githubServer({intercept: always})
      expect((await failureOf(upload(server))).slice(0, said.length)).toBe(said)
      expect(posts(server)).toBe(expected)
    })
  }

  test('silence', async () => {
    const server = await githubServer({intercept: () => true})
    const said = await failureOf(upload(server, {}, {limits: {...quick, requestMs: 150}}))
    expect(said).toMatch(/^GITHUB_UNREACHABLE: .* Try again; .*An upload that was taken twice is shown once\.$/)
    expect(posts(server)).toBe(2)
  })

  test('a head that comes without a body', async () => {
    const server = await githubServer({
      intercept: (_, response) => response.writeHead(202, {'content-length': '10'}).write('{'),
    })
    expect(await failureOf(upload(server, {}, {limits: {...quick, requestMs: 150}}))).toMatch(/^GITHUB_UNREACHABLE: /)
    expect(posts(server)).toBe(2)
  })

  test('a host that does not answer at all', async () => {
    const said = await failureOf(upload({url: 'http://127.0.0.1:1'}))
    expect(said).toMatch(/^GITHUB_UNREACHABLE: cannot read .*the connection was refused .* Check GITHUB_API_URL/)
  })
})

describe('what GitHub refuses is one sentence with the cure, and is not tried again', () => {
  const repository = 'GITHUB_FORBIDDEN: GitHub does not let this token upload results to o/r'
  const workflow = {GITHUB_ACTIONS: 'true'}
  const cases: [status: number, message: string, said: string, env?: NodeJS.ProcessEnv, fromFork?: boolean][] = [
    [
      400,
      'Invalid SARIF. JSON syntax error',
      'GITHUB_REJECTED: GitHub rejects the file (400: Invalid SARIF. JSON syntax error). https://docs.github.com/en/code-security/',
    ],
    [
      401,
      'Bad credentials',
      'GITHUB_UNAUTHORIZED: GitHub does not know the token (401: Bad credentials). It was mistyped',
    ],
    [
      403,
      'Resource not accessible by integration',
      `${repository} (403: Resource not accessible by integration). Give the job permissions: security-events: write`,
      workflow,
    ],
    [
      403,
      'Resource not accessible by integration',
      `${repository} (403: Resource not accessible by integration). Workflows of pull requests from forks`,
      workflow,
      true,
    ],
    [
      403,
      'Resource not accessible by integration',
      `${repository} (403: Resource not accessible by integration). Workflows that Dependabot starts`,
      {...workflow, GITHUB_ACTOR: 'dependabot[bot]'},
    ],
    [
      403,
      'Resource not accessible by personal access token',
      `${repository} (403: Resource not accessible by personal access token). Give the fine-grained token`,
    ],
    [
      403,
      'Must have admin rights to Repository.',
      `${repository} (403: Must have admin rights to Repository). The token needs the scope security_events (it has repo:status)`,
    ],
    [
      403,
      'Repository was archived so is read-only.',
      `${repository} (403: Repository was archived so is read-only). An archived repository is read-only: unarchive`,
    ],
    [
      403,
      'Advanced Security must be enabled for this repository to use code scanning.',
      `${repository} (403: Advanced Security must be enabled for this repository to use code scanning). Switch Code Security on`,
    ],
    [
      403,
      'Code Security must be enabled for this repository to use code scanning.',
      `${repository} (403: Code Security must be enabled for this repository to use code scanning). Switch Code Security on`,
    ],
    [
      403,
      'repository not enabled for code scanning',
      `${repository} (403: repository not enabled for code scanning). Switch Code Security on`,
      workflow,
    ],
    [
      403,
      'Resource protected by organization SAML enforcement.',
      `${repository} (403: Resource protected by organization SAML enforcement). Authorize the token`,
    ],
    [403, '', `${repository} (403). The token needs`],
    [
      404,
      'Not Found',
      'GITHUB_NOT_FOUND: https://github.com has no repository o/r that this token may see (404: Not Found). Check the name',
    ],
    [
      404,
      'commit not found',
      `GITHUB_REJECTED: o/r has no commit ${testCommit} (404: commit not found). Push the commit first`,
    ],
    [
      413,
      'Payload Too Large',
      'GITHUB_TOO_LARGE: the file is too large for GitHub (413: Payload Too Large). GitHub takes 10 MB',
    ],
    [
      422,
      'ref is not on commit',
      `GITHUB_REJECTED: GitHub does not take refs/heads/main at ${testCommit} of o/r (422: ref is not on commit). The commit must be pushed`,
    ],
    [451, 'Repository access blocked', 'GITHUB_BAD_ANSWER'],
    [418, "I'm a teapot", 'GITHUB_BAD_ANSWER: http'],
  ]
  for (const [status, message, said, env = {}, fromFork = false] of cases) {
    test(`${status} ${message} ${fromFork ? '(fork)' : ''}${env['GITHUB_ACTOR'] ?? ''}`, async () => {
      const server = await githubServer({
        intercept: (_, response) => refuse(response, status, message, {'x-oauth-scopes': 'repo:status'}),
      })
      const to = {
        ...destination,
        server: {...destination.server, api: server.url},
        pullRequest: {number: 7, head: 'b'.repeat(40), fromFork},
      }
      const failure = await failureOf(upload(server, {destination: to}, {env}))
      expect(failure.slice(0, said.length)).toBe(said)
      // 418 is none that the plugin knows to be for good.
      expect(posts(server)).toBe(status === 418 ? 4 : 1)
    })
  }

  test('the details of a validation are shown with it', async () => {
    const server = await githubServer({
      intercept: (_, response) =>
        answer(response, 422, {
          message: 'Validation Failed',
          errors: [{message: 'commit_sha is not a commit'}, 'ref is wrong'],
        }),
    })
    expect(await failureOf(upload(server))).toContain(
      '(422: Validation Failed: commit_sha is not a commit: ref is wrong)',
    )
  })

  test('a ref that it does not take, as it says itself', async () => {
    const server = await githubServer()
    const to = {...destination, server: {...destination.server, api: server.url}, ref: 'main'}
    expect(await failureOf(upload(server, {destination: to}))).toMatch(
      /^GITHUB_REJECTED: .*does not match.*Name the ref in full: --ref refs\/heads\/BRANCH\.$/,
    )
  })
})

describe('what could not be processed is one sentence with the cure', () => {
  const cases: [error: string, cure: string][] = [
    ['rejecting SARIF, as there are more runs than allowed (21 > 20)', 'GitHub takes 20 runs'],
    ['rejecting SARIF, as there are more results per run than allowed', 'https://docs.github.com/en/code-security/'],
    [
      'an invalid URI was provided as a SARIF location: parse "a:b": first path segment in URL cannot contain colon',
      'Locations must be paths relative',
    ],
    ['locationFromSarifResult: expected artifact location', 'Every result needs a location'],
    ['locationFromSarifResult: expected at least one location', 'Every result needs a location'],
    [
      'could not convert rules: invalid security severity value, is not a number: undefined',
      'security-severity of a rule must be',
    ],
    ['SARIF URI scheme "image" did not match the checkout URI scheme "file"', 'Locations must be paths relative'],
    ['A delivery cannot contain multiple runs with the same category. Please', 'Give each run an automationDetails.id'],
    [
      'CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled',
      'The file says that it is of CodeQL',
    ],
    ['expected a result message', 'Every result needs message.text'],
    ['unsuccessful execution', 'The file says that its scan did not succeed'],
    ['rejecting delivery as the repository has too many logical alerts', 'The repository has as many alerts'],
    ['something new', 'https://docs.github.com/en/code-security/'],
  ]
  for (const [error, cure] of cases) {
    test(error, async () => {
      const server = await githubServer({states: [pending, failed(error)]})
      const said = await failureOf(upload(server))
      expect(said.slice(0, 66)).toBe(
        `GITHUB_REJECTED: GitHub took the file and could not process it (${error.slice(0, 2)}`,
      )
      expect(said.split('). ').at(-1)).toContain(cure)
    })
  }

  test('an analysis that failed, although the file was processed', async () => {
    const server = await githubServer({analyses: [analysis, {...analysis, error: 'unsuccessful execution'}]})
    expect(await failureOf(upload(server))).toMatch(/could not process it \(unsuccessful execution\)/)
  })
})

describe('the other end is not trusted', () => {
  const strange: [name: string, intercept: NonNullable<GitHubParts['intercept']>, said: RegExp][] = [
    [
      'a page instead of an answer',
      (_, response) => response.writeHead(200, {'content-type': 'text/html'}).end('<html>Log in</html>'),
      /^GITHUB_BAD_ANSWER: .*gives no id/,
    ],
    [
      'no JSON',
      (_, response) => response.writeHead(202, {'content-type': 'application/json'}).end('{"id": '),
      /^GITHUB_BAD_ANSWER: .*gives no id/,
    ],
    [
      'an id that leads elsewhere',
      (_, response) => answer(response, 202, {id: '../../../user'}),
      /^GITHUB_BAD_ANSWER: .*gives no id/,
    ],
    ['an array', (_, response) => answer(response, 202, []), /^GITHUB_BAD_ANSWER/],
    [
      'an answer without an end',
      (_, response) => response.writeHead(202).end('x'.repeat(2_000_000)),
      /^GITHUB_UNREACHABLE: .*gives more than/,
    ],
    ['a status of its own', (_, response) => response.writeHead(799).end(), /^GITHUB_UNREACHABLE: .*status 799/],
    [
      'a redirect to another server',
      (_, response) => response.writeHead(307, {location: 'https://evil.example/x'}).end(),
      /^GITHUB_UNREACHABLE: .*redirects to https:\/\/evil\.example, where the token does not belong/,
    ],
    [
      'redirects without an end',
      ({path}, response) => response.writeHead(307, {location: path}).end(),
      /redirects more than 3 times/,
    ],
    [
      'a redirect to what is no address',
      (_, response) => response.writeHead(301, {location: 'http://['}).end(),
      /redirects to what is no address/,
    ],
  ]
  for (const [name, intercept, said] of strange) {
    test(name, async () => {
      const server = await githubServer({intercept})
      expect(await failureOf(upload(server))).toMatch(said)
    })
  }

  test('its words are one short line without control characters, and never show the token', async () => {
    const said: string[] = []
    for (const status of [400, 401, 403, 404, 413, 418, 422, 500]) {
      const message = `${'x'.repeat(250)}\u001b[2J\r\n\u202e${testToken} token ${testToken}${'y'.repeat(100_000)}`
      const server = await githubServer({
        intercept: (_, response) =>
          answer(response, status, {message, errors: [{message}]}, {location: `/${testToken}`}),
      })
      said.push(await failureOf(upload(server)))
    }
    expect(said.join('')).not.toContain(testToken)
    expect(said.join('')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
    expect(Math.max(...said.map(text => text.length))).toBeLessThan(1_000)
  })

  test('a redirect goes nowhere else with the token', async () => {
    const elsewhere = await serve((_, response) => answer(response, 202, {id: uploadID}))
    const server = await githubServer({
      intercept: (_, response) => response.writeHead(307, {location: `${elsewhere.url}/x`}).end(),
    })
    expect(await failureOf(upload(server))).toMatch(/^GITHUB_UNREACHABLE/)
    expect(elsewhere.seen).toEqual([])
  })
})

test('the proxy of the environment is used, as everywhere', async () => {
  const tunnels: string[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void proxy.close())
  const env = {HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`}
  const said = await failureOf(upload({url: 'https://api.github.example'}, {}, {env}))
  expect(said).toMatch(/^GITHUB_UNREACHABLE: the proxy does not let piton through/)
  expect(tunnels).toEqual(['api.github.example:443'])
})

test('the authority of the environment is trusted, as everywhere', async () => {
  const certificate = selfSigned()
  const server = await githubServer({make: tlsServer(certificate)})
  const secure = {url: `https://${server.host}`}
  expect(await failureOf(upload(secure))).toMatch(/^GITHUB_UNREACHABLE: .*certificate is not trusted.*SSL_CERT_FILE/)
  const env = {SSL_CERT_FILE: temporaryFile(certificate.cert, 'ca.pem')}
  expect(await upload(secure, {}, {env})).toMatchObject({kind: 'complete'})
})
