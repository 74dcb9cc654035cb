import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {onTestFinished} from 'vitest'
import {digestOf, type ImageParts, ociFiles} from './images.js'

/** A request as a server saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly range: string | undefined
  readonly userAgent: string | undefined
  readonly accept: string | undefined
  readonly body: string
}

/** A server on a free port of this machine, until the test is over. */
export interface TestServer {
  /** `127.0.0.1:port` */
  readonly host: string
  readonly url: string
  readonly seen: readonly Seen[]
}

export type Handler = (request: IncomingMessage, response: ServerResponse, seen: Seen) => void

/** Makes the server for {@link serve}, which hears it. */
export type MakeServer = (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server

export async function serve(handle: Handler, make: MakeServer = plain): Promise<TestServer> {
  const seen: Seen[] = []
  const server = make((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const {authorization, range, accept, 'user-agent': userAgent} = request.headers
      const {method = '', url: path = ''} = request
      const one = {method, path, authorization, range, accept, userAgent, body: Buffer.concat(chunks).toString()}
      seen.push(one)
      handle(request, response, one)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {host, url: `http://${host}`, seen}
}

const plain: MakeServer = listener => createServer(listener)

/** What a registry holds, all under the repository that is asked for. */
export interface Content {
  /** By tag and by digest. */
  readonly manifests: Map<string, {readonly type: string; readonly bytes: Buffer}>
  readonly blobs: Map<string, Buffer>
  /** Descriptors by the digest that they refer to; without it the registry does not know how to list them. */
  readonly referrers?: Map<string, object[]>
}

const indexType = 'application/vnd.oci.image.index.v1+json'
const manifestType = 'application/vnd.oci.image.manifest.v1+json'

/** One image under `tag`, or, of several, an index. */
export function contentOf(tag: string, ...images: readonly ImageParts[]): Content {
  const files = ociFiles(...images)
  const index = files.get('index.json') as Buffer
  const listed: readonly {readonly digest: string}[] = JSON.parse(index.toString()).manifests
  const manifests: Content['manifests'] = new Map()
  const blobs: Content['blobs'] = new Map()
  for (const [path, bytes] of files) {
    const digest = `sha256:${path.slice('blobs/sha256/'.length)}`
    if (listed.some(descriptor => descriptor.digest === digest)) manifests.set(digest, {type: manifestType, bytes})
    else if (path.startsWith('blobs/')) blobs.set(digest, bytes)
  }
  const only = manifests.get(listed[0]?.digest ?? '')
  const top = images.length === 1 && only !== undefined ? only : {type: indexType, bytes: index}
  manifests.set(tag, top)
  manifests.set(digestOf(top.bytes), top)
  return {manifests, blobs}
}

/** Who may pull, and how the registry asks. */
export type Auth =
  | {readonly kind: 'none'}
  | {readonly kind: 'basic'; readonly userinfo: string}
  /** `realm` is where tokens are given; `token` is the one that is accepted. */
  | {readonly kind: 'token'; readonly realm: () => string; readonly token: () => string; readonly scope?: string}

/**
 * Answers a request instead of the registry; false leaves it to the registry.
 * @param count how often this path was asked for, this time included
 */
export type Intercept = (seen: Seen, response: ServerResponse, count: number) => unknown

/** A registry as the distribution specification has it, with what a test wants to be otherwise; `image` is in it. */
export async function registryServer(
  content: Content,
  auth: Auth = {kind: 'none'},
  intercept: Intercept = () => false,
  make: MakeServer = plain,
): Promise<TestServer & {readonly image: string}> {
  const counts = new Map<string, number>()
  const server = await serve((_request, response, seen) => {
    const count = (counts.get(seen.path) ?? 0) + 1
    counts.set(seen.path, count)
    if (intercept(seen, response, count) !== false) return
    const challenge = challengeFor(auth, seen)
    if (challenge !== null) {
      refuse(response, 401, 'UNAUTHORIZED', {'www-authenticate': challenge})
      return
    }
    const [, kind, name = ''] = /\/(manifests|blobs|referrers)\/([^/]+)$/.exec(seen.path) ?? []
    const manifest = kind === 'manifests' ? content.manifests.get(name) : undefined
    const blob = kind === 'blobs' ? content.blobs.get(name) : undefined
    if (manifest !== undefined) {
      const headers = {'content-type': manifest.type, 'docker-content-digest': digestOf(manifest.bytes)}
      response.writeHead(200, headers).end(manifest.bytes)
    } else if (blob !== undefined) sendBlob(response, blob, seen)
    else if (kind === 'referrers' && content.referrers !== undefined) {
      const list = {schemaVersion: 2, mediaType: indexType, manifests: content.referrers.get(name) ?? []}
      response.writeHead(200, {'content-type': indexType}).end(JSON.stringify(list))
    } else refuse(response, 404, 'MANIFEST_UNKNOWN')
  }, make)
  return {...server, image: `${server.host}/team/app`}
}

export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify({errors: [{code, message: 'as the test wants it'}]})
  response.writeHead(status, {'content-type': 'application/json', ...headers}).end(body)
}

/** A blob, or the part of it that is asked for. */
export function sendBlob(response: ServerResponse, blob: Buffer, {range}: Seen): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  const part = blob.subarray(start)
  const contentRange = start === 0 ? {} : {'content-range': `bytes ${start}-${blob.length - 1}/${blob.length}`}
  response.writeHead(start === 0 ? 200 : 206, {'content-length': part.length, ...contentRange}).end(part)
}

/** Sends the first `bytes` of a blob, claims that there is more, and cuts the connection. */
export function sendCut(response: ServerResponse, blob: Buffer, seen: Seen, bytes: number): void {
  const start = Number(/^bytes=(\d+)-$/.exec(seen.range ?? '')?.[1] ?? 0)
  const contentRange = start === 0 ? {} : {'content-range': `bytes ${start}-${blob.length - 1}/${blob.length}`}
  response.writeHead(start === 0 ? 200 : 206, {'content-length': blob.length - start, ...contentRange})
  response.write(blob.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 5))
}

export const basic = (userinfo: string): string => `Basic ${Buffer.from(userinfo).toString('base64')}`

function challengeFor(auth: Auth, {authorization, path}: Seen): string | null {
  switch (auth.kind) {
    case 'none':
      return null
    case 'basic':
      return authorization === basic(auth.userinfo) ? null : 'Basic realm="test"'
    case 'token': {
      if (authorization === `Bearer ${auth.token()}`) return null
      const repository = /^\/v2\/(.*)\/(?:manifests|blobs|referrers)\//.exec(path)?.[1]
      const scope = auth.scope ?? `repository:${repository}:pull`
      return `Bearer realm="${auth.realm()}",service="test-registry",scope="${scope}"`
    }
    default:
      return null
  }
}
