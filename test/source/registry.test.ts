import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openSource} from '../../src/source/index.js'
import {digestOf, type ImageParts} from '../support/images.js'
import {failureOf, pull} from '../support/pull.js'
import {
  type Auth,
  basic,
  contentOf,
  type Intercept,
  refuse,
  registryServer,
  sendBlob,
  serve,
} from '../support/registry-server.js'
import {file, tarOf} from '../support/tar.js'
import {selfSigned, tlsServer} from '../support/tls.js'

const tars = [tarOf([file('etc/base', 'base'.repeat(5000))]), tarOf([file('etc/app', 'app')])]
const layers = tars.map(digestOf)
const app: ImageParts = {layers: tars, compress: tar => gzipSync(tar)}
const content = contentOf('1.0', app)
const top = digestOf(content.manifests.get('1.0')?.bytes ?? Buffer.alloc(0))

const registry = (auth?: Auth, intercept?: Intercept, held = content) => registryServer(held, auth, intercept)

/** A token server; `valid` says which requests it gives `token` to. */
function tokenServer(
  token: string,
  isValid: (authorization: string | undefined) => boolean = () => true,
  field = 'token',
) {
  return serve((_, response, {authorization}) => {
    if (!isValid(authorization)) refuse(response, 401, 'UNAUTHORIZED')
    else response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({[field]: token}))
  })
}

const alice = {HOME: '/nonexistent', PITON_REGISTRY_USERNAME: 'alice', PITON_REGISTRY_PASSWORD: 's3cret'}
const isAlice = (authorization: string | undefined) => authorization === basic('alice:s3cret')

describe('an image is pulled', () => {
  const references: [name: string, suffix: string][] = [
    ['by tag', ':1.0'],
    ['by digest', `@${top}`],
    ['by digest, whatever the tag', `:gone@${top}`],
  ]
  for (const [name, suffix] of references) {
    test(name, async () => {
      const {image, seen, host} = await registry()
      const pulled = await pull(`${image}${suffix}`)
      expect(pulled.layers).toEqual(layers)
      expect(pulled).toMatchObject({
        name: `${image}${suffix}`,
        reference: `registry:${image}${suffix}`,
        manifestDigest: top,
        platform: 'amd64',
      })
      expect(seen.map(({path}) => path).filter(path => !path.startsWith('/v2/team/app/'))).toEqual([])
      expect(seen[0]).toMatchObject({authorization: undefined, userAgent: 'piton', method: 'GET'})
      expect(seen[0]?.accept?.split(', ')).toHaveLength(4)
      expect(host).toMatch(/^127/)
    })
  }

  test('from an index, for the platform that is asked for', async () => {
    const arm: ImageParts = {layers: [tarOf([file('arm')])], architecture: 'arm64'}
    const {image, seen} = await registry(undefined, undefined, contentOf('1.0', app, arm))
    const pulled = await pull(`${image}:1.0`, {}, 'linux/arm64')
    expect(pulled.layers).toEqual(arm.layers.map(digestOf))
    // What a tag named is asked for by digest from then on, and nothing is fetched twice.
    expect(seen.filter(({path}) => path.endsWith('/1.0'))).toHaveLength(1)
    expect(new Set(seen.map(({path}) => path)).size).toBe(seen.length)
  })

  test('and what has no such platform says what there is', async () => {
    const {image} = await registry()
    expect(await failureOf(pull(`${image}:1.0`, {}, 'linux/s390x'))).toMatch(/^IMAGE_NO_PLATFORM: .* linux\/s390x/)
  })

  test('with six layers, four at a time', async () => {
    let open = 0
    let most = 0
    const many = {layers: Array.from({length: 6}, (_, index) => tarOf([file(`file-${index}`)]))}
    const held = contentOf('1.0', many)
    const {image} = await registry(
      undefined,
      (seen, response) => {
        const blob = held.blobs.get(seen.path.split('/').at(-1) ?? '')
        if (blob === undefined || seen.path.includes(digestOf(held.blobs.values().next().value ?? Buffer.alloc(0))))
          return false
        most = Math.max(most, ++open)
        setTimeout(() => {
          open--
          sendBlob(response, blob, seen)
        }, 30)
        return true
      },
      held,
    )
    expect((await pull(`${image}:1.0`)).layers).toEqual(many.layers.map(digestOf))
    expect(most).toBe(4)
  })

  test('layers that others hold are asked from the registry, never from their urls', async () => {
    const elsewhere = await serve((_, response) => response.end('caught'))
    const held = contentOf('1.0', app)
    const manifest = JSON.parse(held.manifests.get('1.0')?.bytes.toString() ?? '')
    manifest.layers[0].mediaType = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
    manifest.layers[0].urls = [`${elsewhere.url}/layer`]
    held.manifests.set('1.0', {
      type: 'application/vnd.docker.distribution.manifest.v2+json',
      bytes: Buffer.from(JSON.stringify(manifest)),
    })
    const {image} = await registry(undefined, undefined, held)
    expect((await pull(`${image}:1.0`)).layers).toEqual(layers)
    expect(elsewhere.seen).toEqual([])
  })
})

describe('who is asked who is there', () => {
  test('answers with a user name and password (Basic)', async () => {
    const {image, seen} = await registry({kind: 'basic', userinfo: 'alice:s3cret'})
    expect((await pull(`${image}:1.0`, {env: alice})).layers).toEqual(layers)
    expect(seen[0]?.authorization).toBeUndefined()
    expect(seen.slice(1).every(({authorization}) => isAlice(authorization))).toBe(true)
  })

  for (const field of ['token', 'access_token']) {
    test(`gets a token for its credentials (${field})`, async () => {
      const tokens = await tokenServer('t0ken', isAlice, field)
      const realm = () => `${tokens.url}/token?account=x`
      const {image, seen} = await registry({kind: 'token', realm, token: () => 't0ken'})
      expect((await pull(`${image}:1.0`, {env: alice})).layers).toEqual(layers)
      expect(tokens.seen).toHaveLength(1)
      const query = new URL(tokens.seen[0]?.path ?? '', tokens.url).searchParams
      expect(Object.fromEntries(query)).toEqual({
        account: 'x',
        service: 'test-registry',
        scope: 'repository:team/app:pull',
      })
      expect(seen.some(({authorization}) => authorization?.startsWith('Basic'))).toBe(false)
    })
  }

  test('gets a token as a stranger where it has no credentials', async () => {
    const tokens = await tokenServer('t0ken', authorization => authorization === undefined)
    const {image} = await registry({kind: 'token', realm: () => `${tokens.url}/token`, token: () => 't0ken'})
    expect((await pull(`${image}:1.0`)).layers).toEqual(layers)
  })

  test('gets another token when one has run out', async () => {
    let serial = 0
    let valid = ''
    const tokens = await serve((_, response) => {
      valid = `t0ken-${++serial}`
      response.end(JSON.stringify({token: valid}))
    })
    const runOut: Intercept = ({path}) => {
      if (path.includes('/blobs/') && serial === 1) valid = 'run out'
      return false
    }
    const {image} = await registry({kind: 'token', realm: () => `${tokens.url}/token`, token: () => valid}, runOut)
    expect((await pull(`${image}:1.0`)).layers).toEqual(layers)
    expect(serial).toBe(2)
  })

  const refusals: [
    name: string,
    auth: Auth['kind'],
    env: NodeJS.ProcessEnv,
    accepts: string,
    says: RegExp,
    requests: number,
  ][] = [
    ['a stranger where names are asked for', 'basic', {}, '', /^REGISTRY_UNAUTHORIZED: .* to strangers/, 1],
    [
      'a wrong password',
      'basic',
      {...alice, PITON_REGISTRY_PASSWORD: 'wr0ng'},
      '',
      /^REGISTRY_UNAUTHORIZED: .*credentials of PITON_REGISTRY_USERNAME/,
      2,
    ],
    ['a token for nothing', 'token', {}, 'other', /^REGISTRY_UNAUTHORIZED: .* to strangers/, 2],
    [
      'a token that is not enough',
      'token',
      alice,
      'other',
      /^REGISTRY_UNAUTHORIZED: .*credentials of PITON_REGISTRY_USERNAME/,
      2,
    ],
    [
      'a wrong password for a token',
      'token',
      {...alice, PITON_REGISTRY_PASSWORD: 'wr0ng'},
      't0ken',
      /^REGISTRY_UNAUTHORIZED: .*credentials of PITON_REGISTRY_USERNAME/,
      1,
    ],
  ]
  for (const [name, kind, env, accepts, says, requests] of refusals) {
    test(`${name}: ends at once`, async () => {
      const tokens = await tokenServer('t0ken', authorization => authorization === undefined || isAlice(authorization))
      const auth: Auth =
        kind === 'basic'
          ? {kind, userinfo: 'alice:s3cret'}
          : {kind: 'token', realm: () => `${tokens.url}/token`, token: () => accepts}
      const {image, seen} = await registry(auth)
      const said = await failureOf(pull(`${image}:1.0`, {env: {HOME: '/nonexistent', ...env}}))
      expect(said).toMatch(says)
      expect(said).not.toMatch(/s3cret|wr0ng|t0ken/)
      expect(seen).toHaveLength(requests)
    })
  }
})

const answers: [name: string, intercept: Intercept, says: RegExp, requests: number][] = [
  [
    '404',
    (_, response) => refuse(response, 404, 'MANIFEST_UNKNOWN'),
    /^REGISTRY_NOT_FOUND: .*does not have .*app:1.0 \(404, MANIFEST_UNKNOWN\)/,
    1,
  ],
  ['403', (_, response) => refuse(response, 403, 'DENIED'), /^REGISTRY_DENIED: .*\(403, DENIED\)/, 1],
  ['429 for ever', (_, response) => refuse(response, 429, 'TOOMANYREQUESTS'), /^REGISTRY_RATE_LIMITED: /, 3],
  [
    '429 with a long Retry-After',
    (_, response) => refuse(response, 429, 'TOOMANYREQUESTS', {'retry-after': '3600'}),
    /^REGISTRY_RATE_LIMITED: /,
    1,
  ],
  ['500 for ever', (_, response) => refuse(response, 500, 'UNKNOWN'), /^REGISTRY_UNAVAILABLE: /, 3],
  ['501', (_, response) => refuse(response, 501, 'UNSUPPORTED'), /^REGISTRY_UNAVAILABLE: /, 1],
  ['418', (_, response) => refuse(response, 418, 'no code\u001b[31m'), /^REGISTRY_BAD_RESPONSE: .*\(418\)$/, 1],
]
for (const [name, intercept, says, requests] of answers) {
  test(`a registry that answers ${name}`, async () => {
    const {image, seen} = await registry(undefined, intercept)
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(says)
    expect(seen).toHaveLength(requests)
  })
}

const passing: [name: string, intercept: Intercept][] = [
  [
    '429 with Retry-After: 0',
    (_, response, count) => count < 3 && refuse(response, 429, 'TOOMANYREQUESTS', {'retry-after': '0'}),
  ],
  ['503', (_, response, count) => count < 3 && refuse(response, 503, 'UNAVAILABLE')],
  ['a cut before the head', (_, response, count) => count < 3 && response.destroy()],
  [
    'a cut in a document',
    ({path}, response, count) =>
      path.endsWith('1.0') &&
      count < 3 &&
      response.writeHead(200, {'content-length': 500}).write('{"sch', () => response.destroy()),
  ],
  ['a silent server', ({path}, _, count) => path.endsWith('1.0') && count === 1 && 'nothing'],
]
for (const [name, intercept] of passing) {
  test(`what passes is tried again: ${name}`, async () => {
    const {image} = await registry(undefined, intercept)
    expect((await pull(`${image}:1.0`)).layers).toEqual(layers)
  })
}

test('Retry-After is honoured', async () => {
  const {image} = await registry(
    undefined,
    ({path}, response, count) =>
      path.endsWith('1.0') && count === 1 && refuse(response, 429, 'TOOMANYREQUESTS', {'retry-after': '1'}),
  )
  const started = performance.now()
  await pull(`${image}:1.0`)
  expect(performance.now() - started).toBeGreaterThan(950)
})

test('an identity token buys a token with a form', async () => {
  const tokens = await serve((_, response) => response.end(JSON.stringify({access_token: 't0ken'})))
  const folder = mkdtempSync(join(tmpdir(), 'piton-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const {image, host} = await registry({kind: 'token', realm: () => `${tokens.url}/token`, token: () => 't0ken'})
  writeFileSync(join(folder, 'config.json'), JSON.stringify({auths: {[host]: {identitytoken: 'r3fresh'}}}))
  expect((await pull(`${image}:1.0`, {env: {DOCKER_CONFIG: folder}})).layers).toEqual(layers)
  expect(tokens.seen).toHaveLength(1)
  expect(tokens.seen[0]).toMatchObject({method: 'POST', path: '/token', authorization: undefined})
  expect(Object.fromEntries(new URLSearchParams(tokens.seen[0]?.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'r3fresh',
    client_id: 'piton',
    service: 'test-registry',
    scope: 'repository:team/app:pull',
  })
})

test('a registry on this machine may use TLS, and is verified then', async () => {
  const certificate = selfSigned()
  const {image} = await registryServer(content, undefined, undefined, tlsServer(certificate))
  expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^NET_TLS: .*not trusted/)
  const folder = mkdtempSync(join(tmpdir(), 'piton-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  writeFileSync(join(folder, 'ca.pem'), certificate.cert)
  const env = {HOME: folder, SSL_CERT_FILE: join(folder, 'ca.pem')}
  expect((await pull(`${image}:1.0`, {env})).layers).toEqual(layers)
  expect(await failureOf(pull(`${image}:1.0`, {env, insecure: ['127.0.0.1']}))).toMatch(/^NET_CUT: |^REGISTRY_/)
})

describe('what the person typed', () => {
  const options = {platform: null, verify: false, offline: true}

  test('is an image where it can be no file', async () => {
    expect(await failureOf(openSource('alpine:3.20', options))).toBe(
      'NET_OFFLINE: alpine:3.20 is in a registry, and --offline allows no network',
    )
  })

  const files: [text: string, says: RegExp][] = [
    ['./app', /^SOURCE_NOT_FOUND: .\/app does not exist/],
    ['app.tar', /^SOURCE_NOT_FOUND: app.tar does not exist/],
    ['app.tar.gz:1.0', /^SOURCE_NOT_FOUND: app.tar.gz:1.0 does not exist/],
    ['My App', /^SOURCE_NOT_FOUND: there is no such file, and "My App" does not name an image in a registry/],
    ['registry:My App', /^USAGE_REFERENCE: "My App" does not name an image/],
    ['registry:app.tar', /^NET_OFFLINE: app.tar:latest is in a registry/],
  ]
  for (const [text, says] of files) {
    test(`${text} is not pulled`, async () => expect(await failureOf(openSource(text, options))).toMatch(says))
  }
})
