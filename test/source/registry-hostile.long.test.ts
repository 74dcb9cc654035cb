import {createServer} from 'node:net'
import {inspect} from 'node:util'
import {gzipSync} from 'node:zlib'
import {describe, expect, onTestFinished, test} from 'vitest'
import {parseLimitSetting} from '../../src/policy/config/limit-settings.js'
import {digestOf, type ImageParts} from '../support/images.js'
import {failureOf, pull} from '../support/pull.js'
import {
  type Auth,
  basic,
  type Content,
  contentOf,
  type Intercept,
  refuse,
  registryServer,
  type Seen,
  sendBlob,
  sendCut,
  serve,
} from '../support/registry-server.js'
import {file, tarOf} from '../support/tar.js'

const tars = [tarOf([file('etc/base', Buffer.alloc(100_000, 'base'))]), tarOf([file('etc/app')])]
const layers = tars.map(digestOf)
const app: ImageParts = {layers: tars, compress: tar => gzipSync(tar, {level: 0})}
const content = contentOf('1.0', app)
const [configDigest, layerDigest] = [...content.blobs.keys()] as [string, string]
const layer = content.blobs.get(layerDigest) as Buffer
const alice = {HOME: '/nonexistent', PITON_REGISTRY_USERNAME: 'alice', PITON_REGISTRY_PASSWORD: 's3cret'}

const registry = (intercept?: Intercept, auth?: Auth, held = content) => registryServer(held, auth, intercept)
const isLayer = ({path}: Seen) => path.endsWith(layerDigest)

describe('credentials stay where they belong', () => {
  const auths: [name: string, auth: (tokens: string) => Auth][] = [
    ['Basic', () => ({kind: 'basic', userinfo: 'alice:s3cret'})],
    ['Bearer', tokens => ({kind: 'token', realm: () => `${tokens}/token`, token: () => 't0ken'})],
  ]
  for (const [name, auth] of auths) {
    test(`${name}: a redirect to another origin takes none along`, async () => {
      const tokens = await serve((_, response) => response.end(JSON.stringify({token: 't0ken'})))
      const store = await serve((_, response, seen) =>
        sendBlob(response, content.blobs.get(seen.path.slice(1)) as Buffer, seen),
      )
      const {image} = await registry(
        (seen, response) =>
          seen.authorization !== undefined &&
          seen.path.includes('/blobs/') &&
          response.writeHead(307, {location: `${store.url}/${seen.path.split('/').at(-1)}`}).end(),
        auth(tokens.url),
      )
      expect((await pull(`${image}:1.0`, {env: alice})).layers).toEqual(layers)
      expect(store.seen).toHaveLength(3)
      expect(store.seen.map(({authorization}) => authorization)).toEqual([undefined, undefined, undefined])
    })
  }

  test('somebody to whom the registry redirects cannot ask for them', async () => {
    const thief = await serve((_, response) =>
      refuse(response, 401, 'UNAUTHORIZED', {'www-authenticate': 'Basic realm="x"'}),
    )
    const {image} = await registry((_, response) => response.writeHead(302, {location: `${thief.url}/v2/`}).end())
    expect(await failureOf(pull(`${image}:1.0`, {env: alice}))).toMatch(/^REGISTRY_BAD_RESPONSE: /)
    expect(thief.seen.map(({authorization}) => authorization)).toEqual([undefined])
  })

  test('a token server that redirects elsewhere does not hand them on', async () => {
    const thief = await serve((_, response) => response.end(JSON.stringify({token: 't0ken'})))
    const tokens = await serve((_, response) => response.writeHead(302, {location: thief.url}).end())
    const auth: Auth = {kind: 'token', realm: () => `${tokens.url}/token`, token: () => 't0ken'}
    const {image} = await registry(undefined, auth)
    expect((await pull(`${image}:1.0`, {env: alice})).layers).toEqual(layers)
    expect(tokens.seen[0]?.authorization).toBe(basic('alice:s3cret'))
    expect(thief.seen.map(({authorization}) => authorization)).toEqual([undefined])
  })

  const plain: [name: string, intercept: Intercept][] = [
    [
      'a redirect to plain HTTP',
      (_, response) => response.writeHead(302, {location: 'http://registry.example/x?sig=s1gned'}).end(),
    ],
    [
      'a token server in plain HTTP',
      (_, response) =>
        refuse(response, 401, 'UNAUTHORIZED', {'www-authenticate': 'Bearer realm="http://auth.example/token"'}),
    ],
  ]
  for (const [name, intercept] of plain) {
    test(`${name} is not followed`, async () => {
      const {image} = await registry(intercept)
      const said = await failureOf(pull(`${image}:1.0`, {env: alice}))
      expect(said).toMatch(/^NET_INSECURE: /)
      expect(said).not.toMatch(/s1gned/)
    })
  }

  const secrets = /s3cret|s1gned|t0ken|YWxpY2U6czNjcmV0/
  const leaks: [name: string, intercept: Intercept][] = [
    [
      'a redirect to nobody',
      (_, response) => response.writeHead(302, {location: 'http://127.0.0.1:1/x?sig=s1gned'}).end(),
    ],
    [
      'a redirect with a password',
      (_, response) => response.writeHead(302, {location: 'http://u:s1gned@127.0.0.1:1/'}).end(),
    ],
    [
      'a redirect loop',
      ({path}, response) => response.writeHead(302, {location: `${path.split('?')[0]}?sig=s1gned`}).end(),
    ],
    [
      'an error that repeats what it was sent',
      ({authorization}, response) =>
        response.writeHead(400).end(JSON.stringify({errors: [{code: authorization, message: authorization}]})),
    ],
    ['a cut', (_, response) => response.destroy()],
    ['a refusal', (_, response) => refuse(response, 401, 'X', {'www-authenticate': 'Basic realm="s1gned"'})],
  ]
  for (const [name, misbehave] of leaks) {
    test(`no error shows a secret: ${name}`, async () => {
      const {image} = await registry(
        (seen, response, count) => seen.authorization !== undefined && misbehave(seen, response, count),
        {
          kind: 'basic',
          userinfo: 'alice:s3cret',
        },
      )
      const error = await pull(`${image}:1.0`, {env: alice}).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Error)
      expect(inspect(error, {depth: 20, showHidden: true})).not.toMatch(secrets)
    })
  }
})

describe('a layer that is cut', () => {
  const taken: [name: string, intercept: Intercept, requests: number][] = [
    [
      'is taken up again',
      (seen, response, count) => isLayer(seen) && count === 1 && sendCut(response, layer, seen, 40_000),
      2,
    ],
    [
      'twice is taken up twice',
      (seen, response, count) => isLayer(seen) && count < 3 && sendCut(response, layer, seen, 20_000),
      3,
    ],
    [
      'is passed over where the server knows no ranges',
      (seen, response, count) => {
        if (!isLayer(seen)) return false
        return count === 1
          ? sendCut(response, layer, seen, 40_000)
          : sendBlob(response, layer, {...seen, range: undefined})
      },
      2,
    ],
    [
      'without anybody saying so is taken up again',
      (seen, response, count) => isLayer(seen) && count === 1 && response.writeHead(200).end(layer.subarray(0, 1000)),
      2,
    ],
    [
      'by a server that stops sending is taken up again',
      (seen, response, count) => isLayer(seen) && count === 1 && response.writeHead(200).write(layer.subarray(0, 1000)),
      2,
    ],
  ]
  for (const [name, intercept, requests] of taken) {
    test(name, async () => {
      const {image, seen} = await registry(intercept)
      expect((await pull(`${image}:1.0`)).layers).toEqual(layers)
      expect(seen.filter(isLayer)).toHaveLength(requests)
      expect(seen.filter(isLayer).at(-1)?.range).toMatch(/^bytes=\d+-$/)
    })
  }

  test('for ever is given up', async () => {
    const {image, seen} = await registry((one, response) => isLayer(one) && sendCut(response, layer, one, 100))
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^NET_CUT: /)
    expect(seen.filter(isLayer)).toHaveLength(4)
  })

  test('and comes back as another part is refused', async () => {
    const {image} = await registry((seen, response, count) => {
      if (!isLayer(seen)) return false
      if (count === 1) return sendCut(response, layer, seen, 1000)
      return response.writeHead(206, {'content-range': `bytes 0-${layer.length - 1}/${layer.length}`}).end(layer)
    })
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^REGISTRY_BAD_RESPONSE: .*another part/)
  })

  test('and comes back changed is refused', async () => {
    const {image} = await registry((seen, response, count) => {
      if (!isLayer(seen)) return false
      return count === 1
        ? sendCut(response, layer, seen, 1000)
        : sendBlob(response, Buffer.alloc(layer.length, 7), seen)
    })
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^(?:IMAGE_DIGEST_MISMATCH|ARCHIVE_BAD_COMPRESSION): /)
  })
})

/** Sends `chunk` again and again, as fast as it is taken, or one each `everyMs`. */
function endless(response: Parameters<Intercept>[1], chunk: string, everyMs = 0): true {
  const next = () => {
    if (!response.destroyed) response.write(chunk, () => setTimeout(next, everyMs))
  }
  next()
  return true
}

const changed = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])])
const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const manifestOf = (change: (manifest: Record<string, unknown>) => unknown): Content => {
  const manifest = JSON.parse(content.manifests.get('1.0')?.bytes.toString() ?? '')
  return {
    ...content,
    manifests: new Map([['1.0', {type: manifestType, bytes: Buffer.from(JSON.stringify(change(manifest)))}]]),
  }
}

/** A gigabyte of blanks. Deflate writes its members one after another as it writes one: gzip, RFC 1952, 2.2. */
const bomb = Buffer.concat(new Array(64).fill(gzipSync(Buffer.alloc(1 << 24, ' '))))

/** A good manifest, named as another one. */
function serveOther(response: Parameters<Intercept>[1]): unknown {
  const {bytes} = content.manifests.get('1.0') as {bytes: Buffer}
  return response.writeHead(200, {'content-type': manifestType, 'docker-content-digest': configDigest}).end(bytes)
}

const lies: [name: string, intercept: Intercept, says: RegExp][] = [
  ['a redirect loop', (_, response) => response.writeHead(302, {location: '/v2/again'}).end(), /^NET_REDIRECT: /],
  ['a redirect to nowhere', (_, response) => response.writeHead(302, {location: 'http://['}).end(), /^NET_REDIRECT: /],
  [
    'a redirect to a file',
    (_, response) => response.writeHead(302, {location: 'file:///etc/passwd'}).end(),
    /^NET_REDIRECT: .*address of file:/,
  ],
  [
    'a redirect to data',
    (_, response) => response.writeHead(302, {location: 'data:application/json,{}'}).end(),
    /^NET_REDIRECT: .*address of data:/,
  ],
  [
    'two redirects at once',
    (_, response) =>
      response
        .setHeaders(new Map([['location', ['http://[', 'http://]']]]))
        .writeHead(302)
        .end(),
    /^NET_REDIRECT: /,
  ],
  [
    'a manifest that inflates to a gigabyte',
    (_, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end(bomb),
    /^IMAGE_BAD_JSON: /,
  ],
  [
    'a configuration that inflates to a gigabyte',
    ({path}, response) =>
      path.endsWith(configDigest) && response.writeHead(200, {'content-encoding': 'gzip'}).end(bomb),
    /^IMAGE_DIGEST_MISMATCH: /,
  ],
  [
    'an error that inflates to a gigabyte',
    (_, response) => response.writeHead(404, {'content-encoding': 'gzip'}).end(bomb),
    /^REGISTRY_NOT_FOUND: /,
  ],
  [
    'a layer that answers a question nobody asked',
    (seen, response) =>
      isLayer(seen) && response.writeHead(206, {'content-range': `bytes 0-9/${layer.length}`}).end(layer.subarray(10)),
    /^REGISTRY_BAD_RESPONSE: /,
  ],
  [
    'another manifest under its own digest',
    ({path}, response) => path.includes('/manifests/') && serveOther(response),
    /^IMAGE_DIGEST_MISMATCH: /,
  ],
  ['an endless manifest', (_, response) => endless(response, ' '.repeat(1 << 20)), /^NET_TOO_LARGE: /],
  ['an endless manifest, drop by drop', (_, response) => endless(response, ' ', 20), /^NET_TIMEOUT: .*not done within/],
  [
    'an endless error',
    (_, response) => response.writeHead(404) && endless(response, 'x'.repeat(1 << 16)),
    /^REGISTRY_NOT_FOUND: /,
  ],
  [
    'an endless configuration',
    ({path}, response) => path.endsWith(configDigest) && endless(response, ' '.repeat(1 << 20)),
    /^NET_TOO_LARGE: /,
  ],
  [
    'an endless layer',
    (seen, response) => {
      if (!isLayer(seen)) return false
      response.write(layer)
      return endless(response, 'x'.repeat(1 << 16))
    },
    /^REGISTRY_BAD_RESPONSE: .*more than the \d+ bytes/,
  ],
  [
    'a layer drop by drop',
    (seen, response) => isLayer(seen) && endless(response, 'x', 20),
    /^(?:NET_TIMEOUT|ARCHIVE_)/,
  ],
  [
    'a layer longer than it states',
    (seen, response) => isLayer(seen) && response.end(Buffer.concat([layer, layer])),
    /^REGISTRY_BAD_RESPONSE: .*more than/,
  ],
  [
    'a layer that is always too short',
    (seen, response) => isLayer(seen) && response.end(layer.subarray(0, 99)),
    /^NET_CUT: /,
  ],
  [
    'a changed layer',
    (seen, response) => isLayer(seen) && sendBlob(response, changed(layer), seen),
    /^IMAGE_DIGEST_MISMATCH: |^ARCHIVE_BAD_COMPRESSION: /,
  ],
  [
    'a changed configuration',
    ({path}, response) =>
      path.endsWith(configDigest) && response.end(changed(content.blobs.get(configDigest) as Buffer)),
    /^IMAGE_DIGEST_MISMATCH: /,
  ],
  [
    'a wrong Docker-Content-Digest',
    (_, response) => response.writeHead(200, {'docker-content-digest': layerDigest}).end('{}'),
    /^IMAGE_DIGEST_MISMATCH: /,
  ],
  [
    'a Docker-Content-Digest that is none',
    (_, response) => response.writeHead(200, {'docker-content-digest': 'sha256:x'}).end('{}'),
    /^IMAGE_BAD_DIGEST: /,
  ],
  [
    'a web page',
    (_, response) => response.writeHead(200, {'content-type': 'text/html'}).end('<html>Log in</html>'),
    /^REGISTRY_BAD_RESPONSE: .*web page/,
  ],
  [
    'a text',
    (_, response) => response.writeHead(200, {'content-type': 'text/plain'}).end('hello'),
    /^IMAGE_BAD_JSON: /,
  ],
  ['JSON that is nested too deep', (_, response) => response.end('['.repeat(10_000)), /^IMAGE_BAD_JSON: .*levels/],
  ['nothing', (_, response) => response.end(), /^IMAGE_BAD_JSON: /],
  ['no content', (_, response) => response.writeHead(204).end(), /^REGISTRY_BAD_RESPONSE: /],
  [
    'a huge head',
    (_, response) => response.writeHead(200, {'x-filler': 'x'.repeat(60_000)}).end(),
    /^NET_(?:TOO_LARGE|CUT): /,
  ],
  [
    'a challenge that is none',
    (_, response) => refuse(response, 401, 'UNAUTHORIZED', {'www-authenticate': '=,"'}),
    /^REGISTRY_UNAUTHORIZED: .*no way that piton knows/,
  ],
  [
    'no challenge',
    (_, response) => refuse(response, 401, 'UNAUTHORIZED'),
    /^REGISTRY_UNAUTHORIZED: .*no way that piton knows/,
  ],
  [
    'a token server that is no address',
    (_, response) => refuse(response, 401, 'UNAUTHORIZED', {'www-authenticate': 'Bearer realm="x"'}),
    /^REGISTRY_BAD_RESPONSE: .*names no token server/,
  ],
]
for (const [name, intercept, says] of lies) {
  test(`a registry that gives ${name}`, async () => {
    const {image} = await registry(intercept)
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(says)
  })
}

const forms: [name: string, held: Content, says: RegExp][] = [
  [
    'says no sizes',
    manifestOf(({layers: _, ...rest}) => ({...rest, layers: [{digest: layerDigest}, {digest: layerDigest}]})),
    /^IMAGE_BAD_MANIFEST: .*size of a layer/,
  ],
  [
    'says negative sizes',
    manifestOf(({layers: _, ...rest}) => ({
      ...rest,
      layers: [
        {digest: layerDigest, size: -1},
        {digest: layerDigest, size: 1e300},
      ],
    })),
    /^IMAGE_BAD_MANIFEST: .*number of bytes/,
  ],
  [
    'is an index and a manifest at once',
    manifestOf(manifest => ({...manifest, manifests: [{digest: layerDigest, size: 1}]})),
    /^IMAGE_BAD_MANIFEST: .*at once/,
  ],
  [
    'is of the old kind',
    manifestOf(() => ({schemaVersion: 1, name: 'x', fsLayers: []})),
    /^IMAGE_BAD_MANIFEST: .*names no configuration/,
  ],
  [
    'names a layer by a path',
    manifestOf(manifest => ({...manifest, layers: new Array(2).fill({digest: 'sha256:../../../etc/passwd', size: 1})})),
    /^IMAGE_BAD_DIGEST: /,
  ],
]
for (const [name, held, says] of forms) {
  test(`a manifest that ${name}`, async () => {
    const {image} = await registry(undefined, undefined, held)
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(says)
  })
}

test('a manifest that is not what its digest says', async () => {
  const {type, bytes} = content.manifests.get('1.0') as {type: string; bytes: Buffer}
  const held: Content = {...content, manifests: new Map([[digestOf(bytes), {type, bytes: changed(bytes)}]])}
  const {image} = await registry(undefined, undefined, held)
  expect(await failureOf(pull(`${image}@${digestOf(bytes)}`))).toMatch(/^IMAGE_DIGEST_MISMATCH: /)
})

test('indexes that name each other a million times over are given up early', async () => {
  const type = 'application/vnd.oci.image.index.v1+json'
  const held: Content = {blobs: content.blobs, manifests: new Map()}
  let bytes = Buffer.from(JSON.stringify({schemaVersion: 2, manifests: []}))
  for (let level = 0; level < 5; level++) {
    held.manifests.set(digestOf(bytes), {type, bytes})
    const descriptor = {mediaType: type, digest: digestOf(bytes), size: bytes.length}
    bytes = Buffer.from(JSON.stringify({schemaVersion: 2, manifests: new Array(500).fill(descriptor)}))
  }
  held.manifests.set('1.0', {type, bytes})
  const {image, seen} = await registry(undefined, undefined, held)
  expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^IMAGE_BAD_MANIFEST: .*more than 10000 manifests/)
  expect(seen.length).toBeLessThan(10)
})

test('a registry that accepts no token is not asked for ever', async () => {
  let given = 0
  const tokens = await serve((_, response) => response.end(JSON.stringify({token: `t0ken${++given}`})))
  const {image, seen} = await registry(undefined, {kind: 'token', realm: () => tokens.url, token: () => 'another'})
  expect(await failureOf(pull(`${image}:1.0`, {env: alice}))).toMatch(/^REGISTRY_UNAUTHORIZED: /)
  expect([seen.length, given]).toEqual([2, 1])
})

test('a registry that takes a token back before each layer is asked twice for each at most', async () => {
  let given = 0
  const tokens = await serve((_, response) => response.end(JSON.stringify({token: `t0ken${++given}`})))
  const {image, seen} = await registry(
    ({path}, response) =>
      path.includes('/blobs/') &&
      !path.endsWith(configDigest) &&
      refuse(response, 401, 'UNAUTHORIZED', {'www-authenticate': `Bearer realm="${tokens.url}"`}) === undefined,
  )
  expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^REGISTRY_UNAUTHORIZED: /)
  expect(seen.filter(({path}) => path.includes('/blobs/')).length).toBeLessThanOrEqual(1 + 2 * layers.length)
  expect(given).toBeLessThanOrEqual(layers.length)
})

/** After a cut, what is given instead of the rest. */
const rests: [name: string, intercept: Intercept, says: RegExp][] = [
  [
    'a part of something larger',
    (seen, response) =>
      response
        .writeHead(206, {'content-range': `bytes 1000-${layer.length - 1}/${layer.length + 1}`})
        .end(layer.subarray(Number(seen.range?.slice(6, -1)))),
    /^REGISTRY_BAD_RESPONSE: .*another part/,
  ],
  [
    'a part that says not where it begins',
    (_, response) => response.writeHead(206).end(layer.subarray(1000)),
    /^REGISTRY_BAD_RESPONSE: .*another part/,
  ],
  [
    'several parts',
    (_, response) => response.writeHead(206, {'content-type': 'multipart/byteranges; boundary=x'}).end('--x--'),
    /^REGISTRY_BAD_RESPONSE: .*another part/,
  ],
  [
    'more than the rest',
    (_, response) =>
      response
        .writeHead(206, {'content-range': `bytes 1000-${layer.length - 1}/${layer.length}`})
        .end(Buffer.alloc(layer.length)),
    /^REGISTRY_BAD_RESPONSE: .*more than/,
  ],
  ['no such range', (_, response) => response.writeHead(416).end(), /^REGISTRY_/],
  ['nothing new', (_, response) => response.writeHead(304).end(), /^REGISTRY_/],
  ['a web page', (_, response) => response.writeHead(200).end('<html>'), /^NET_CUT: /],
]
for (const [name, intercept, says] of rests) {
  test(`a layer that is cut, and then ${name}`, async () => {
    const {image} = await registry((seen, response, count) => {
      if (!isLayer(seen)) return false
      return count === 1 ? sendCut(response, layer, seen, 1000) : intercept(seen, response, count)
    })
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(says)
  })
}

const tokenAnswers: [name: string, body: string, says: RegExp][] = [
  ['a web page', '<html>', /^REGISTRY_BAD_RESPONSE: .*not answer in JSON/],
  ['nothing', '', /^REGISTRY_BAD_RESPONSE: .*not answer in JSON/],
  ['no token', '{}', /^REGISTRY_BAD_RESPONSE: .*gives no token/],
  ['a number', '{"token": 1}', /^REGISTRY_BAD_RESPONSE: .*not answer in JSON/],
  ['a token with a line break', '{"token": "a\\r\\nx-evil: 1"}', /^REGISTRY_BAD_RESPONSE: .*gives no token/],
  ['a token without end', `{"token": "${'x'.repeat(300_000)}"}`, /^NET_TOO_LARGE: /],
]
for (const [name, body, says] of tokenAnswers) {
  test(`a token server that gives ${name}`, async () => {
    const tokens = await serve((_, response) => response.end(body))
    const {image} = await registry(undefined, {kind: 'token', realm: () => tokens.url, token: () => 'x'})
    expect(await failureOf(pull(`${image}:1.0`))).toMatch(says)
  })
}

/** A server that writes these bytes to whoever comes, each after a pause. */
async function rawServer(parts: () => Iterable<string>, everyMs: number): Promise<string> {
  const server = createServer(socket => {
    const iterator = parts()[Symbol.iterator]()
    socket.on('error', () => {})
    const timer = setInterval(() => {
      const {value, done} = iterator.next()
      if (done === true) socket.end()
      else socket.write(value)
    }, everyMs)
    socket.on('close', () => clearInterval(timer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

function* slowHead(): Generator<string> {
  yield 'HTTP/1.1 200 OK\r\n'
  for (;;) yield 'x-slow: x\r\n'
}

function* endlessly(start: string, more: string): Generator<string> {
  yield start
  for (;;) yield more
}

/** What each time names the setting that waits longer, as `--limit` takes it. */
const waits: [name: string, setting: string, intercept: Intercept][] = [
  ['no head', 'answer-time', () => true],
  ['half a document, and silence', 'idle-time', (_, response) => response.writeHead(200).write('{')],
  [
    'a layer drop by drop',
    'download-time',
    (seen, response) => {
      if (!isLayer(seen)) return false
      let at = 0
      const next = () => {
        if (!response.destroyed) response.write(layer.subarray(at, ++at), () => setTimeout(next, 20))
      }
      next()
      return true
    },
  ],
]
for (const [name, setting, intercept] of waits) {
  test(`a registry that gives ${name} is given more time by --limit ${setting}`, async () => {
    const {image} = await registry(intercept)
    const error = await pull(`${image}:1.0`, {limits: {documentMs: 10_000, documentsMs: 20_000}}).catch(
      (thrown: unknown) => thrown as {code: string; hint: string},
    )
    expect(error).toMatchObject({code: 'NET_TIMEOUT'})
    const [, written = ''] = /--limit (\S+=\w+)/.exec((error as {hint: string}).hint) ?? []
    expect(parseLimitSetting(written, '--limit')[0]).toBe(setting)
  })
}

const strangers: [name: string, parts: () => Iterable<string>, says: RegExp][] = [
  ['a head that never ends', slowHead, /^NET_TIMEOUT: .*no answer in time/],
  ['another protocol', () => ['SSH-2.0-OpenSSH_9.2\r\n'], /^NET_PROTOCOL: .*does not speak HTTP/],
  ['a bad length', () => ['HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n'], /^NET_PROTOCOL: /],
  ['nothing, and goes away', () => [], /^NET_CUT: /],
  [
    'hints for ever',
    () => endlessly('', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'),
    /^NET_(?:TIMEOUT|PROTOCOL|CUT): /,
  ],
  [
    'a chunk whose head never ends',
    () => endlessly('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;', 'x'.repeat(100)),
    /^NET_(?:TIMEOUT|PROTOCOL|TOO_LARGE): /,
  ],
  [
    'empty chunks that are none',
    () => endlessly('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '00000000'),
    /^NET_(?:TIMEOUT|PROTOCOL): /,
  ],
  [
    'trailers for ever',
    () => endlessly('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', 'x: y\r\n'),
    /^NET_(?:TIMEOUT|PROTOCOL|TOO_LARGE): /,
  ],
  [
    'two lengths',
    () => ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    /^NET_(?:PROTOCOL|CUT): /,
  ],
  ['another protocol when asked for none', () => ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'], /^NET_/],
]
for (const [name, parts, says] of strangers) {
  test(`a server that sends ${name}`, async () => {
    const host = await rawServer(parts, 20)
    const started = performance.now()
    expect(await failureOf(pull(`${host}/app:1.0`))).toMatch(says)
    expect(performance.now() - started).toBeLessThan(4000)
  })
}

test('nobody there', async () => {
  expect(await failureOf(pull('127.0.0.1:1/app:1.0'))).toMatch(/^NET_UNREACHABLE: .*refused/)
})

test('one bad layer stops the others', async () => {
  const many = contentOf('1.0', {layers: Array.from({length: 4}, (_, at) => tarOf([file(`${at}`, 'x')]))})
  const [, first] = [...many.blobs.keys()]
  const {image} = await registry(
    ({path}, response) => {
      if (!path.includes('/blobs/') || path.endsWith([...many.blobs.keys()][0] ?? '')) return false
      return path.endsWith(first ?? '') ? response.end('short and wrong'.repeat(1000)) : endless(response, ' ', 50)
    },
    undefined,
    many,
  )
  const started = performance.now()
  expect(await failureOf(pull(`${image}:1.0`))).toMatch(/^REGISTRY_BAD_RESPONSE: /)
  expect(performance.now() - started).toBeLessThan(2000)
})
