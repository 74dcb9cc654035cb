import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {createSign, X509Certificate} from 'node:crypto'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import {type AddressInfo, connect, createServer as createTcpServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {selfSigned} from './tls.js'

/** The registry of the distribution project, on a free port of this machine. */
export interface DockerRegistry {
  /** `127.0.0.1:port` */
  readonly host: string
  /** Its data, as `docker/registry/v2/…`. */
  readonly data: string
  /** At once, in the middle of whatever it does. */
  kill(): void
  close(): void
}

export const user = {name: 'alice', password: 's3cret'}

/** `htpasswd -Bbn -C 5 alice s3cret` */
const htpasswd = 'alice:$2y$05$XwGUg1k8dbuf36vrHpBY4Od82t8J4o96HMsRob5EZsCqLwwftKIWm\n'

/** @param auth what stands under `auth:` in its configuration, for files in `folder` */
async function start(auth: (folder: string) => Readonly<Record<string, unknown>>): Promise<DockerRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'piton-registry-'))
  const host = `127.0.0.1:${await freePort()}`
  const settings = auth(folder)
  const configuration = {
    version: 0.1,
    log: {level: 'error', accesslog: {disabled: true}},
    storage: {filesystem: {rootdirectory: join(folder, 'data')}},
    http: {addr: host},
    ...(Object.keys(settings).length === 0 ? {} : {auth: settings}),
  }
  // YAML takes JSON as it is.
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(configuration))
  const server = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {stdio: 'ignore'})
  await untilItAnswers(host, server)
  return {
    host,
    data: join(folder, 'data'),
    kill: () => server.kill('SIGKILL'),
    close() {
      server.kill('SIGKILL')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

export const openRegistry = (): Promise<DockerRegistry> => start(() => ({}))

export function passwordRegistry(): Promise<DockerRegistry> {
  return start(folder => {
    writeFileSync(join(folder, 'htpasswd'), htpasswd)
    return {htpasswd: {realm: 'test', path: join(folder, 'htpasswd')}}
  })
}

/** A registry with a token server beside it: strangers get `pull` on `public/…`, {@link user} what is asked for. */
export async function tokenRegistry(): Promise<DockerRegistry> {
  const issuer = selfSigned()
  const tokens = createServer((request, response) => {
    const {searchParams} = new URL(request.url ?? '', 'http://127.0.0.1')
    const userinfo = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString()
    if (userinfo !== '' && userinfo !== `${user.name}:${user.password}`) {
      response.writeHead(401).end()
      return
    }
    const scopes = searchParams.getAll('scope').flatMap(scope => scope.split(' '))
    const access = scopes.map(scope => accessTo(scope, userinfo !== ''))
    response.end(JSON.stringify({token: jsonWebToken(searchParams.get('service') ?? '', access, issuer)}))
  })
  await new Promise<void>(resolve => tokens.listen(0, '127.0.0.1', resolve))
  const registry = await start(folder => {
    writeFileSync(join(folder, 'token.crt'), issuer.cert)
    const realm = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`
    return {token: {realm, service: 'test-registry', issuer: 'test-issuer', rootcertbundle: join(folder, 'token.crt')}}
  })
  return {
    ...registry,
    close() {
      tokens.close()
      registry.close()
    },
  }
}

function accessTo(scope: string, isUser: boolean) {
  const [type = '', name = '', actions = ''] = scope.split(':')
  const allowed = actions.split(',').filter(action => isUser || (action === 'pull' && name.startsWith('public/')))
  return {type, name, actions: allowed}
}

/** Distribution, "Token Authentication Implementation"; the certificate goes along in `x5c`. */
function jsonWebToken(audience: string, access: unknown, {key, cert}: ReturnType<typeof selfSigned>): string {
  const now = Math.floor(Date.now() / 1000)
  const head = {typ: 'JWT', alg: 'ES256', x5c: [new X509Certificate(cert).raw.toString('base64')]}
  const times = {exp: now + 300, nbf: now - 10, iat: now}
  const claims = {iss: 'test-issuer', sub: '', aud: audience, jti: `${now}`, ...times, access}
  const text = [head, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = createSign('sha256').update(text).sign({key, dsaEncoding: 'ieee-p1363'})
  return `${text}.${signature.toString('base64url')}`
}

/** Pushes an image: `skopeo copy FLAGS SOURCE docker://DESTINATION`. */
export async function push(source: string, destination: string, ...flags: readonly string[]): Promise<void> {
  await skopeo('copy', '--quiet', '--dest-tls-verify=false', ...flags, source, `docker://${destination}`)
}

/** A manifest or index, as the registry gives it. */
export function inspect(reference: string): Promise<string> {
  return skopeo('inspect', '--raw', '--tls-verify=false', `docker://${reference}`)
}

/** Not synchronously: this process is the token server. */
async function skopeo(...flags: readonly string[]): Promise<string> {
  return (await promisify(execFile)('skopeo', ['--insecure-policy', ...flags])).stdout
}

/** Stands before a server and cuts the first connection that has carried `bytes` from it. */
export async function cuttingProxy(target: string, bytes: number): Promise<{readonly host: string; close(): void}> {
  const [targetHost = '', port = ''] = target.split(':')
  let hasCut = false
  const server = createTcpServer(socket => {
    const upstream = connect(Number(port), targetHost)
    let passed = 0
    for (const end of [socket, upstream]) end.on('error', () => {})
    socket.pipe(upstream)
    socket.on('close', () => upstream.destroy())
    upstream.on('data', chunk => {
      passed += chunk.length
      socket.write(chunk)
      if (hasCut || passed < bytes) return
      hasCut = true
      socket.destroy()
    })
    upstream.on('end', () => socket.end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close()}
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function untilItAnswers(host: string, server: ChildProcess): Promise<void> {
  for (let round = 0; round < 200; round++) {
    if (server.exitCode !== null) throw new Error(`docker-registry ended with ${server.exitCode}`)
    const answered = await fetch(`http://${host}/v2/`).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  server.kill('SIGKILL')
  throw new Error('docker-registry does not answer')
}
