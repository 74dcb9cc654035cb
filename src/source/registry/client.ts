import {checkDigest} from '../../bytes/digest.js'
import {type Digest, parseDigest} from '../../model/digest.js'
import {NetError, RegistryError} from '../../model/errors.js'
import {limits, type NetLimits} from '../../model/limits.js'
import type {Secret} from '../../model/secret.js'
import {isPassing} from '../../net/failure.js'
import type {HttpAnswer, HttpClient, HttpHead, HttpStream} from '../../net/http.js'
import type {Reference} from '../reference.js'
import type {Authorizer} from './authorizer.js'
import {refusal, unauthorized} from './refusal.js'

const indexType = 'application/vnd.oci.image.index.v1+json'
/** All four kinds of document, or a registry converts to what is older. */
const accept = [
  indexType,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** A blob as a manifest names it. */
export interface StoredBlob {
  readonly digest: Digest
  readonly sizeBytes: number
}

/** How registries refuse what they have never heard of. */
const unknownStatuses: ReadonlySet<number> = new Set([400, 404, 405, 406])

/** One page of a list. */
export interface ListPage {
  readonly bytes: Uint8Array
  /** Where it goes on; null where it ends. */
  readonly next: URL | null
}

/**
 * Reads one repository of a registry. Nothing that it gives is verified here: who reads knows the digest.
 * @see OCI distribution specification, "Pull"
 */
export class RegistryClient {
  readonly #http: HttpClient
  readonly #base: URL
  readonly #reference: Reference
  readonly #authorizer: Authorizer
  readonly #limits: NetLimits

  /** @param base `https://host/` */
  constructor(http: HttpClient, base: URL, reference: Reference, authorizer: Authorizer, limits: NetLimits) {
    this.#http = http
    this.#base = base
    this.#reference = reference
    this.#authorizer = authorizer
    this.#limits = limits
  }

  /** A manifest or index, by tag or digest. */
  async manifest(name: string, what: string, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.#document(this.#url('manifests', name), what, {accept}, signal)
  }

  /**
   * What a tag names, if there is such a tag, compared with the digest that comes with it.
   * @returns null where there is none
   */
  async tagged(tag: string, what: string, signal?: AbortSignal): Promise<Uint8Array | null> {
    const answer = await this.#answer(this.#url('manifests', tag), what, {accept}, signal)
    if (answer.status === 404) return null
    const {bytes, header} = accepted(answer, what)
    const stated = header('docker-content-digest')
    if (stated !== undefined) checkDigest(bytes, parseDigest(stated, `Docker-Content-Digest of ${what}`), what)
    return bytes
  }

  /**
   * What refers to a manifest.
   * @param page where the list goes on; null for its beginning
   * @returns null where the registry does not know how to list it
   */
  async referrers(digest: Digest, page: URL | null, what: string, signal?: AbortSignal): Promise<ListPage | null> {
    const start = this.#url('referrers', digest)
    const answer = await this.#answer(page ?? start, what, {accept: indexType}, signal)
    if (unknownStatuses.has(answer.status)) return null
    const {bytes, header} = accepted(answer, what)
    return {bytes, next: nextPage(header('link'), start, what)}
  }

  /** A small blob. */
  async blob(digest: Digest, what: string, signal?: AbortSignal): Promise<Uint8Array> {
    return (await this.#document(this.#url('blobs', digest), what, {}, signal)).bytes
  }

  /** A blob as it comes; where the connection is cut, it is taken up again from there. */
  async *stream(blob: StoredBlob, what: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let at = 0
    for (let cuts = 1; ; cuts++) {
      const answer = await this.#open(blob, at, what, signal)
      try {
        for await (const chunk of bodyFrom(answer, at, blob, what)) {
          at += chunk.length
          yield chunk
        }
        return
      } catch (error) {
        if (!isPassing(error) || signal.aborted || cuts > this.#limits.resumes) throw error
      }
      await this.#http.pause(cuts, signal)
    }
  }

  close(): void {
    this.#http.close()
  }

  async #open({digest}: StoredBlob, start: number, what: string, signal: AbortSignal): Promise<HttpStream> {
    const url = this.#url('blobs', digest)
    const headers: Record<string, string> = start === 0 ? {} : {range: `bytes=${start}-`}
    const answer = await this.#authorized(
      authorization => this.#http.get(url, {headers, authorization, signal}),
      what,
      stream => stream.discard(),
    )
    if (answer.status === 200 || (answer.status === 206 && start > 0)) return answer
    answer.discard()
    throw refusal(answer, what)
  }

  async #document(
    url: URL,
    what: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    return accepted(await this.#answer(url, what, headers, signal), what)
  }

  #answer(
    url: URL,
    what: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    return this.#authorized(
      authorization => this.#http.getBytes(url, limits.jsonBytes, {headers, authorization, signal}),
      what,
    )
  }

  /** Sends a request, and once more if the registry, not somebody it redirects to, asks who is there. */
  async #authorized<T extends HttpHead>(
    send: (authorization: Secret | undefined) => Promise<T>,
    what: string,
    discard = (_: T) => {},
  ): Promise<T> {
    const sent = this.#authorizer.header
    const first = await send(sent)
    if (!this.#asks(first)) return first
    discard(first)
    await this.#authorizer.answer(first.header('www-authenticate'), sent)
    const second = await send(this.#authorizer.header)
    if (!this.#asks(second)) return second
    discard(second)
    throw unauthorized(this.#base.host, what, await this.#authorizer.shown())
  }

  #asks({status, url}: HttpHead): boolean {
    return status === 401 && url.origin === this.#base.origin
  }

  #url(kind: 'manifests' | 'blobs' | 'referrers', name: string): URL {
    return new URL(`/v2/${this.#reference.repository}/${kind}/${name}`, this.#base)
  }
}

/** @throws {RegistryError} for anything but the document that was asked for */
function accepted(answer: HttpAnswer, what: string): HttpAnswer {
  if (answer.status !== 200) throw refusal(answer, what)
  const type = answer.header('content-type') ?? ''
  if (/^\s*text\/html/i.test(type)) {
    throw new RegistryError('REGISTRY_BAD_RESPONSE', `${answer.url.host} gives a web page instead of ${what}`, {
      hint: 'Check that it is a registry; a proxy or a login page may stand in between.',
    })
  }
  return answer
}

/**
 * The page that a `Link` header names: of the same list, as credentials go with the request.
 * @see RFC 8288; OCI distribution specification, "Listing Referrers"
 */
function nextPage(link: string | undefined, list: URL, what: string): URL | null {
  const target = /<([^<>]*)>\s*;\s*rel="?next\b/i.exec(link ?? '')?.[1]
  if (target === undefined) return null
  const next = URL.canParse(target, list.href) ? new URL(target, list) : null
  if (next?.origin === list.origin && next.pathname === list.pathname) return next
  throw new RegistryError('REGISTRY_BAD_RESPONSE', `${list.host} says that ${what} goes on somewhere else`, {
    hint: 'The registry is set up wrongly, or is not what it should be.',
  })
}

/** The bytes of a blob from `start` to its end, and not one more. */
async function* bodyFrom(
  answer: HttpStream,
  start: number,
  {sizeBytes}: StoredBlob,
  what: string,
): AsyncGenerator<Uint8Array> {
  // A server that knows no ranges begins anew: what is known already is passed over.
  let at = answer.status === 200 ? 0 : start
  if (at > 0 && !isRange(answer, start, sizeBytes)) throw wrongSize(answer, `another part than it should of ${what}`)
  for await (const chunk of answer.body) {
    if (at + chunk.length > sizeBytes)
      throw wrongSize(answer, `more than the ${sizeBytes} bytes that the manifest states for ${what}`)
    const news = chunk.subarray(Math.min(chunk.length, Math.max(0, start - at)))
    at += chunk.length
    if (news.length > 0) yield news
  }
  if (at < sizeBytes) {
    const {host} = answer.url
    throw new NetError('NET_CUT', `${host} ends ${what} after ${at} of ${sizeBytes} bytes`, {hint: 'Try again.'})
  }
}

function isRange(answer: HttpHead, start: number, sizeBytes: number): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '')
  return range?.[1] === String(start) && (range[2] === '*' || range[2] === String(sizeBytes))
}

function wrongSize({url}: HttpHead, given: string): RegistryError {
  return new RegistryError('REGISTRY_BAD_RESPONSE', `${url.host} gives ${given}`, {
    hint: 'The registry is damaged, or is not what it should be.',
  })
}
