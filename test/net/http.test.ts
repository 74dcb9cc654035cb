import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer as createProxyServer} from 'node:http'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {netLimits} from '../../src/model/limits.js'
import {Secret} from '../../src/model/secret.js'
import {HttpClient, type HttpOptions} from '../../src/net/http.js'
import {failureOf, quick} from '../support/pull.js'
import {basic, type Handler, serve, type TestServer} from '../support/registry-server.js'
import {selfSigned, tlsServer} from '../support/tls.js'

const certificate = selfSigned()

function client(options: Partial<HttpOptions> = {}): HttpClient {
  const limits = {...netLimits, ...quick}
  const http = new HttpClient({userAgent: 'piton/test', env: {}, plainHosts: [], limits, ...options})
  onTestFinished(() => http.close())
  return http
}

async function serveTls(handle: Handler): Promise<TestServer> {
  const server = await serve(handle, tlsServer(certificate))
  return {...server, url: `https://${server.host}`}
}

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'piton-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  const path = join(folder, 'ca.pem')
  writeFileSync(path, text)
  return path
}

const get = (http: HttpClient, url: string, authorization?: Secret) =>
  http.getBytes(new URL(url), 1000, {authorization}).then(answer => Buffer.from(answer.bytes).toString())

describe('certificates', () => {
  test('of authorities that nobody trusts are refused, with what to do', async () => {
    const {url} = await serveTls((_, response) => response.end('secure'))
    expect(await failureOf(get(client(), url))).toMatch(/^NET_TLS: .*certificate is not trusted/)
  })

  test('of an authority in SSL_CERT_FILE are trusted', async () => {
    const {url} = await serveTls((_, response) => response.end('secure'))
    expect(await get(client({env: {SSL_CERT_FILE: fileWith(certificate.cert)}}), url)).toBe('secure')
  })

  test('of one in NODE_EXTRA_CA_CERTS stay trusted beside SSL_CERT_FILE', async () => {
    const {url} = await serveTls((_, response) => response.end('secure'))
    const env = {SSL_CERT_FILE: fileWith(selfSigned().cert), NODE_EXTRA_CA_CERTS: fileWith(certificate.cert)}
    expect(await get(client({env}), url)).toBe('secure')
  })

  for (const [name, file] of [
    ['is not there', () => '/nonexistent/ca.pem'],
    ['is a folder', () => tmpdir()],
  ] as const) {
    test(`in a file that ${name} are an error, not ignored`, async () => {
      const {url} = await serveTls((_, response) => response.end('secure'))
      expect(await failureOf(get(client({env: {SSL_CERT_FILE: file()}}), url))).toMatch(
        /^NET_CERTIFICATES: SSL_CERT_FILE/,
      )
    })
  }

  test('are asked of a server that speaks plain HTTP', async () => {
    const {host} = await serve((_, response) => response.end('plain'))
    expect(await failureOf(get(client(), `https://${host}/`))).toMatch(/^NET_(?:TLS|CUT): /)
  })
})

describe('redirects', () => {
  test('from TLS to plain HTTP are not followed, not even to this machine', async () => {
    const plain = await serve((_, response) => response.end('plain'))
    const {url} = await serveTls((_, response) =>
      response.writeHead(302, {location: `${plain.url}/x?sig=s1gned`}).end(),
    )
    const http = client({env: {SSL_CERT_FILE: fileWith(certificate.cert)}})
    const said = await failureOf(get(http, url))
    expect(said).toMatch(/^NET_INSECURE: .*not HTTPS/)
    expect(said).not.toMatch(/s1gned/)
    expect(plain.seen).toEqual([])
  })

  test('keep the credentials on their origin and lose them for good elsewhere', async () => {
    const elsewhere: TestServer = await serve((_, response) =>
      response.writeHead(302, {location: `${home.url}/back`}).end(),
    )
    const home: TestServer = await serve((_, response, {path}) => {
      if (path === '/start') response.writeHead(307, {location: '/next'}).end()
      else if (path === '/next') response.writeHead(302, {location: elsewhere.url}).end()
      else response.end('done')
    })
    expect(await get(client(), `${home.url}/start`, new Secret('Basic x'))).toBe('done')
    expect(elsewhere.seen.map(({authorization}) => authorization)).toEqual([undefined])
    expect(home.seen.map(({path, authorization}) => [path, authorization])).toEqual([
      ['/start', 'Basic x'],
      ['/next', 'Basic x'],
      ['/back', undefined],
    ])
  })

  for (const there of ['127.0.0.1', '[::1]', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]', '2130706433']) {
    test(`from another host to this machine, as ${there}, are not followed`, async () => {
      const {url} = await serve((_, response) =>
        response.writeHead(302, {location: `http://${there}:1/x?k=s1gned`}).end(),
      )
      const http = client({env: {HTTP_PROXY: url}, plainHosts: ['registry.invalid']})
      const said = await failureOf(get(http, 'http://registry.invalid/'))
      expect(said).toMatch(/^NET_REDIRECT: http:\/\/registry\.invalid\/ redirects to this machine, .*not followed$/)
      expect(said).not.toMatch(/s1gned/)
    })
  }

  test('of a form are not followed', async () => {
    const elsewhere = await serve((_, response) => response.end('caught'))
    const {url, seen} = await serve((_, response) => response.writeHead(307, {location: elsewhere.url}).end())
    const answer = await client().postForm(new URL(url), new URLSearchParams({refresh_token: 's3cret'}), 1000)
    expect(answer.status).toBe(307)
    expect(seen[0]?.body).toBe('refresh_token=s3cret')
    expect(elsewhere.seen).toEqual([])
  })
})

test('plain HTTP is for this machine and hosts that were named', async () => {
  const http = client({plainHosts: ['registry.invalid:5000']})
  expect(await failureOf(get(http, 'http://registry.invalid/'))).toMatch(
    /^NET_INSECURE: http:\/\/registry.invalid\/ is not asked/,
  )
})

/** A proxy that opens tunnels, and fetches what is asked for in plain, whatever host was asked for. */
async function proxy(target: string, allows: (authorization: string | undefined) => boolean = () => true) {
  const tunnels: string[] = []
  const server = await serve(
    (_, response, {path}) => response.end(`fetched ${path}`),
    listener => {
      const made = createProxyServer(listener)
      made.on('connect', (request, socket) => {
        tunnels.push(request.url ?? '')
        if (!allows(request.headers['proxy-authorization'])) {
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
          return
        }
        const [host = '', port = ''] = target.split(':')
        const upstream = connect(Number(port), host, () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
          upstream.pipe(socket).pipe(upstream)
        })
        for (const end of [upstream, socket]) end.on('error', () => {})
      })
      return made
    },
  )
  return {...server, tunnels}
}

describe('a proxy', () => {
  test('is asked for a tunnel, with its own credentials', async () => {
    const {host, seen} = await serveTls((_, response) => response.end('secure'))
    const through = await proxy(host, authorization => authorization === basic('user:p@ss'))
    const env = {HTTPS_PROXY: `http://user:p%40ss@${through.host}`, SSL_CERT_FILE: fileWith(certificate.cert)}
    // The certificate is for 127.0.0.1, which is never reached through a proxy: that it was shown is enough.
    expect(await failureOf(get(client({env}), 'https://registry.invalid/'))).toMatch(/^NET_TLS: .*another host/)
    expect(through.tunnels[0]).toBe('registry.invalid:443')
    expect(seen).toEqual([])
  })

  test('that wants other credentials is named, they are not', async () => {
    const through = await proxy('127.0.0.1:1', () => false)
    const env = {HTTPS_PROXY: `http://user:s3cret@${through.host}`}
    const said = await failureOf(get(client({env}), 'https://registry.invalid/'))
    expect(said).toMatch(/^NET_PROXY: the proxy does not let piton through to registry.invalid/)
    expect(said).not.toMatch(/s3cret/)
  })

  test('takes over requests in plain HTTP', async () => {
    const through = await proxy('127.0.0.1:1')
    const http = client({env: {HTTP_PROXY: through.url}, plainHosts: ['registry.invalid']})
    expect(await get(http, 'http://registry.invalid/v2/')).toBe('fetched http://registry.invalid/v2/')
    expect(through.tunnels).toEqual([])
  })
})

test('a body of a refusal is read only so far', async () => {
  const {url} = await serve((_, response) => response.writeHead(404).end('x'.repeat(1 << 20)))
  const answer = await client().getBytes(new URL(url), 10)
  expect(answer.status).toBe(404)
  expect(answer.bytes.length).toBeLessThanOrEqual(64 * 1024)
})

test('a secret prints as stars', () => {
  const secret = new Secret('s3cret')
  expect([`${secret}`, JSON.stringify({secret}), String(secret)]).toEqual(['***', '{"secret":"***"}', '***'])
})

test('keys of a service go to it, and are not given to where it redirects', async () => {
  const keys: unknown[] = []
  const elsewhere = await serve((request, response) => {
    keys.push(request.headers['apikey'])
    response.end('done')
  })
  const home: TestServer = await serve((request, response, {path}) => {
    keys.push(request.headers['apikey'])
    response.writeHead(302, {location: path === '/a' ? '/b' : elsewhere.url}).end()
  })
  const answer = await client().getBytes(new URL(`${home.url}/a`), 1000, {secrets: {apiKey: new Secret('s3cret')}})
  expect(Buffer.from(answer.bytes).toString()).toBe('done')
  expect(keys).toEqual(['s3cret', 's3cret', undefined])
})
