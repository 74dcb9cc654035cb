import {createHash} from 'node:crypto'
import {chmodSync, readdirSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {createServer as createTlsServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {afterEach, describe, expect, onTestFinished, test} from 'vitest'
import {PitonError} from '../../src/model/errors.js'
import type {Image} from '../../src/model/image.js'
import {type Collector, mergeLayers} from '../../src/rootfs/index.js'
import {openSource, type SourceOptions} from '../../src/source/index.js'
import {parsePlatform} from '../../src/source/platform.js'
import {engineID, engineListener, engineServer, type Intercept, sendJson} from '../support/engine-server.js'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive, ociArchive} from '../support/images.js'
import {treeOf} from '../support/layers.js'
import {quick} from '../support/pull.js'
import {file, tarOf} from '../support/tar.js'
import {selfSigned} from '../support/tls.js'

const layers = [tarOf([file('which', 'base')]), tarOf([file('other', 'top')])]
const archive = dockerArchive({layers, tags: ['app:1.0']})
const tree = ['other = top', 'which = base']

const content: Collector<string> = {
  name: 'content',
  wants: () => true,
  limitBytes: 10,
  read: body => Buffer.from(body.read(0, 5)).toString('latin1'),
}

type Env = Readonly<Record<string, string>>

/** Nothing of this machine: no socket is looked for where one may be. */
const nowhere: Env = {HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent'}

async function opened<T>(
  target: string,
  env: Env,
  use: (image: Image) => T | Promise<T>,
  options: Partial<SourceOptions> = {},
): Promise<T> {
  const registry = {env: {...nowhere, ...env}, limits: options.registry?.limits ?? {}}
  const image = await openSource(target, {platform: null, verify: false, ...options, registry})
  try {
    return await use(image)
  } finally {
    image.close()
  }
}

const read = (target: string, env: Env, options: Partial<SourceOptions> = {}): Promise<string[]> =>
  opened(target, env, async image => treeOf(await mergeLayers(image, [content], () => {}), content), options)

function refusal(target: string, env: Env, options: Partial<SourceOptions> = {}): Promise<PitonError> {
  return read(target, env, options).then(
    said => Promise.reject(new Error(`was read: ${said}`)),
    error => {
      if (error instanceof PitonError) return error
      throw error
    },
  )
}

/** Times that are over at once, where it is the engine that takes its time. */
const impatient = (code: string): Partial<SourceOptions> =>
  code === 'NET_TIMEOUT' ? {registry: {limits: {...quick, connectMs: 10_000}}} : {}

const at = (socket: string): Env => ({DOCKER_HOST: `unix://${socket}`, CONTAINER_HOST: `unix://${socket}`})

describe('an image of an engine', () => {
  const names: [target: string, name: string | null][] = [
    ['docker:app:1.0', 'registry.example/team/app:1.0'],
    ['podman:app:1.0', 'registry.example/team/app:1.0'],
    ['docker:app', 'registry.example/team/app:1.0'],
    [`docker:${engineID}`, 'registry.example/team/app:1.0'],
  ]
  for (const [target, name] of names) {
    test(target, async () => {
      const {socket, seen} = await engineServer(['app', 'app:1.0', 'registry.example/team/app:1.0'].reverse(), archive)
      const found = await opened(target, at(socket), image => ({name: image.name, reference: image.reference}))
      expect(found).toEqual({name, reference: target})
      expect(seen).toEqual([`/images/${target.replace(/^[a-z]+:/, '')}/json`, `/images/${engineID}/get`])
    })
  }

  const archives: [name: string, bytes: Uint8Array][] = [
    ['as docker save writes it', archive],
    ['as an OCI archive', ociArchive({layers})],
  ]
  for (const [name, bytes] of archives) {
    for (const [where, receiveLimits] of [
      ['in memory', {}],
      ['in a file', {receivedMemoryBytes: 0}],
    ] as const) {
      test(`is read ${name}, ${where}`, async () => {
        const {socket} = await engineServer(['app:1.0'], bytes)
        expect(await read('docker:app:1.0', at(socket), {receiveLimits})).toEqual(tree)
      })
    }
  }

  test('is asked for the platform that was asked for', async () => {
    const {socket, seen} = await engineServer(['app:1.0'], archive)
    expect(await read('docker:app:1.0', at(socket), {platform: parsePlatform('linux/amd64')})).toEqual(tree)
    const query = new URL(seen[1] ?? '', 'http://localhost').searchParams.get('platform')
    expect(JSON.parse(query ?? '')).toEqual({os: 'linux', architecture: 'amd64'})
    const error = await refusal('docker:app:1.0', at(socket), {platform: parsePlatform('linux/s390x')})
    expect(error).toMatchObject({code: 'IMAGE_NO_PLATFORM', message: expect.stringMatching(/^docker:app:1\.0 has no/)})
  })

  test('is no network: a socket is used offline', async () => {
    const {socket} = await engineServer(['app:1.0'], archive)
    expect(await read('docker:app:1.0', at(socket), {offline: true})).toEqual(tree)
  })
})

describe('where the engine is looked for', () => {
  test.skipIf(process.platform === 'win32')('the sockets of the user', async () => {
    const [home, runtime] = [temporaryFolder(), temporaryFolder()]
    const places: [target: string, path: string][] = [
      ['docker:app:1.0', join(runtime, 'docker.sock')],
      ['docker:app:1.0', join(home, '.docker/run/docker.sock')],
      ['podman:app:1.0', join(runtime, 'podman/podman.sock')],
    ]
    for (const [target, path] of places) {
      writeFiles(join(path, '..'), [['.keep', '']])
      const server = createServer(engineListener(['app:1.0'], archive))
      await new Promise<void>(resolve => server.listen(path, resolve))
      expect(await read(target, {HOME: home, XDG_RUNTIME_DIR: runtime})).toEqual(tree)
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  })

  test('the context that is chosen', async () => {
    const {socket} = await engineServer(['app:1.0'], archive)
    const id = createHash('sha256').update('mine').digest('hex')
    const meta = JSON.stringify({Name: 'mine', Endpoints: {docker: {Host: `unix://${socket}`}}})
    const config = writeFiles(temporaryFolder(), [
      ['config.json', JSON.stringify({currentContext: 'mine'})],
      [`contexts/meta/${id}/meta.json`, meta],
    ])
    expect(await read('docker:app:1.0', {DOCKER_CONFIG: config})).toEqual(tree)
    const other = await refusal('docker:app:1.0', {DOCKER_CONFIG: config, DOCKER_CONTEXT: 'other'})
    expect(other).toMatchObject({
      code: 'ENGINE_HOST',
      message: expect.stringMatching(/context "other" names no engine/),
    })
  })

  test('a host, in plain HTTP or with TLS, but not offline', async () => {
    const {cert, key} = selfSigned()
    const folder = writeFiles(temporaryFolder(), [
      ['ca.pem', cert],
      ['cert.pem', cert],
      ['key.pem', key],
    ])
    const listener = engineListener(['app:1.0'], archive)
    const servers: [server: ReturnType<typeof createServer>, env: Env][] = [
      [createServer(listener), {}],
      [
        // It asks who is there, as an engine does that is open to a network.
        createTlsServer({cert, key, ca: cert, requestCert: true, rejectUnauthorized: true}, listener) as never,
        {DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder},
      ],
    ]
    for (const [server, env] of servers) {
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => {
        server.closeAllConnections()
        server.close()
      })
      const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
      expect(await read('docker:app:1.0', {DOCKER_HOST: host, ...env})).toEqual(tree)
      const offline = await refusal('docker:app:1.0', {DOCKER_HOST: host, ...env}, {offline: true})
      expect(offline).toMatchObject({code: 'NET_OFFLINE', message: expect.stringContaining(host)})
    }
  })

  test('an engine with a certificate of somebody else', async () => {
    const [own, other] = [selfSigned(), selfSigned()]
    const folder = writeFiles(temporaryFolder(), [['ca.pem', other.cert]])
    const server = createTlsServer({cert: own.cert, key: own.key}, engineListener(['app:1.0'], archive))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const port = (server.address() as AddressInfo).port
    const env = {DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder}
    expect(await refusal('docker:app:1.0', env)).toMatchObject({code: 'NET_TLS'})
  })

  const hosts: [host: string, message: RegExp][] = [
    ['ssh://somebody@example.org', /behind SSH/],
    ['somewhere', /does not name an engine: "somewhere"/],
    ['unix://relative.sock', /does not name an engine/],
    ['npipe:////./pipe/docker_engine', /does not name an engine/],
    ['tcp://:secret@[', /does not name an engine/],
  ]
  for (const [host, message] of hosts) {
    test(`refused: ${host}`, async () => {
      const error = await refusal('docker:app', {DOCKER_HOST: host})
      expect(error).toMatchObject({code: 'ENGINE_HOST', message: expect.stringMatching(message)})
      expect(error.message).not.toContain('secret')
    })
  }
})

describe('an engine that is not there', () => {
  test('no socket', async () => {
    const error = await refusal('podman:app', {CONTAINER_HOST: 'unix:///nonexistent/podman.sock'})
    expect(error).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: 'Podman does not answer: /nonexistent/podman.sock (not there)',
      hint: expect.stringContaining('systemctl --user start podman.socket'),
    })
  })

  test('a socket that nobody listens at', async () => {
    const path = join(temporaryFolder(), 'a.sock')
    writeFileSync(path, '')
    expect(await refusal('docker:app', at(path))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringMatching(/nobody listens|no socket/),
    })
  })

  test.skipIf(process.getuid?.() === 0)('a socket that is not for this user', async () => {
    const {socket} = await engineServer(['app:1.0'], archive)
    chmodSync(socket, 0)
    expect(await refusal('docker:app:1.0', at(socket))).toMatchObject({
      code: 'ENGINE_DENIED',
      hint: expect.stringContaining('sudo docker save'),
    })
  })
})

describe('an engine that does not do its part', () => {
  const html = '<html>hello</html>'
  const cases: [name: string, intercept: Intercept, code: string, message: RegExp][] = [
    [
      'no such image',
      (_, response) => sendJson(response, 404, {message: 'no'}),
      'ENGINE_NOT_FOUND',
      /has no image app:1\.0/,
    ],
    [
      'an error',
      (_, response) => sendJson(response, 500, {message: 'disk\u001b[31m full'}),
      'ENGINE_BAD_RESPONSE',
      /\(500, disk/,
    ],
    ['an error without words', (_, response) => response.writeHead(503).end(html), 'ENGINE_BAD_RESPONSE', /\(503\)/],
    ['a web page', (_, response) => response.end(html), 'ENGINE_BAD_RESPONSE', /does not say what the image is/],
    [
      'an ID that is none',
      (_, response) => sendJson(response, 200, {Id: '../../x'}),
      'ENGINE_BAD_RESPONSE',
      /does not say/,
    ],
    [
      'tags that are none',
      (_, response) => sendJson(response, 200, {Id: engineID, RepoTags: [{}]}),
      'ENGINE_BAD_RESPONSE',
      /does not say/,
    ],
    ['an array', (_, response) => sendJson(response, 200, []), 'ENGINE_BAD_RESPONSE', /does not say/],
    [
      'another address',
      (_, response) => response.writeHead(302, {location: 'http://127.0.0.1:1/'}).end(),
      'NET_REDIRECT',
      /no engine/,
    ],
    ['a description without an end', endless, 'NET_TOO_LARGE', /more than/],
    ['no answer', () => true, 'NET_TIMEOUT', /does not answer in time/],
    ['a cut', (_, response) => response.destroy(), 'NET_CUT', /ends the connection/],
    ['no HTTP', (_, response) => response.socket?.end('hello\n'), 'NET_PROTOCOL', /does not speak HTTP/],
  ]
  for (const [name, intercept, code, message] of cases) {
    test(`asked what the image is: ${name}`, async () => {
      const {socket} = await engineServer(['app:1.0'], archive, intercept)
      const error = await refusal('docker:app:1.0', at(socket), impatient(code))
      expect(error).toMatchObject({code, message: expect.stringMatching(message)})
      expect(error.message).toMatch(/^(?:Docker at|http:)/)
    })
  }

  const onGet =
    (answer: Intercept): Intercept =>
    (path, response, request) =>
      path.includes('/get') ? answer(path, response, request) : false
  const gets: [name: string, intercept: Intercept, code: string, message: RegExp][] = [
    ['it is gone', (_, response) => sendJson(response, 404, {}), 'ENGINE_NOT_FOUND', /has no image/],
    [
      'an error',
      (_, response) => response.writeHead(500).end('x'),
      'ENGINE_BAD_RESPONSE',
      /does not give app:1\.0 \(500\)/,
    ],
    ['nothing', (_, response) => response.end(), 'ENGINE_BAD_RESPONSE', /does not answer with an archive/],
    [
      'JSON',
      (_, response) => response.end('{"message": "x"}'),
      'ENGINE_BAD_RESPONSE',
      /does not answer with an archive/,
    ],
    ['another archive', (_, response) => response.end(tarOf([file('a', 'b')])), 'ENGINE_BAD_RESPONSE', /is no image/],
    [
      'half of it',
      (_, response) => response.end(archive.subarray(0, 3000)),
      'ARCHIVE_TRUNCATED',
      /docker:app:1\.0 ends inside/,
    ],
    ['half of it, and a cut', cut, 'NET_CUT', /ends the connection before its answer is complete/],
    ['half of it, and silence', (_, response) => response.write(archive.subarray(0, 3000)), 'NET_TIMEOUT', /in time/],
    ['silence', () => true, 'NET_TIMEOUT', /in time/],
    ['no end', endless, 'SOURCE_LIMIT', /more than 5000000 bytes/],
  ]
  for (const [name, intercept, code, message] of gets) {
    test(`asked for the image: ${name}`, async () => {
      const {socket} = await engineServer(['app:1.0'], archive, onGet(intercept))
      const folder = temporaryFolder()
      process.env['TMPDIR'] = folder
      const receiveLimits = {receivedBytes: 5_000_000, receivedMemoryBytes: 0}
      const error = await refusal('docker:app:1.0', at(socket), {...impatient(code), receiveLimits})
      expect(error).toMatchObject({code, message: expect.stringMatching(message)})
      expect(readdirSync(folder)).toEqual([])
    })
  }
})

const realFolder = process.env['TMPDIR']
afterEach(() => {
  if (realFolder === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = realFolder
})

describe('names that no image has', () => {
  for (const name of ['../x', 'a//b', 'a/./b', 'a?b', 'a b', '-a', 'a\u0000', '', `${'a'.repeat(600)}`]) {
    test(JSON.stringify(name.slice(0, 20)), async () => {
      const {socket, seen} = await engineServer(['app'], archive)
      const error = await refusal(`docker:${name}`, at(socket))
      expect(error.code).toMatch(/^USAGE/)
      expect(seen).toEqual([])
    })
  }
})

/** A file that never ends, in an archive that is well-formed as far as it goes. */
const endless: Intercept = (_, response) => {
  const head = tarOf([file('large', '', {size: 2 ** 33 - 1})]).subarray(0, 512)
  const chunk = Buffer.alloc(65_536, 'x')
  const more = () => {
    while (response.writable && response.write(chunk));
    if (response.writable) response.once('drain', more)
  }
  response.write(head)
  more()
}

const cut: Intercept = (_, response) =>
  response.write(archive.subarray(0, 3000), () => setTimeout(() => response.destroy(), 5))
