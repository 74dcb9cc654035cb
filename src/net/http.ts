import {setTimeout as pause} from 'node:timers/promises'
import type {Dispatcher} from 'undici'
import {NetError} from '../model/errors.js'
import {limits, type NetLimits} from '../model/limits.js'
import type {Secret} from '../model/secret.js'
import {Connections, type DirectConnection} from './connections.js'
import {withDeadline} from './deadline.js'
import {failureOf, isPassing, tooLate} from './failure.js'
import {hostnameOf, isAmongHosts, isLoopback, leadsHome, spoken} from './host.js'
import {backoffMs, isBusy, retryAfterMs} from './retry.js'

export interface HttpOptions {
  /** `piton/1.0` */
  readonly userAgent: string
  /** Where proxies and certificate authorities are named. */
  readonly env: NodeJS.ProcessEnv
  /** Hosts that may be spoken to in plain HTTP, besides this machine: `host` or `host:port`. */
  readonly plainHosts: readonly string[]
  readonly limits: NetLimits
  /** The one way to the one server, where it is known. */
  readonly direct?: DirectConnection
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>
  /** Value of the `Authorization` header. It goes to the origin of the request and to no other. */
  readonly authorization?: Secret | undefined
  /** Other headers that go no further than it: keys of services, by name. */
  readonly secrets?: Readonly<Record<string, Secret>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** The head of an answer. */
export interface HttpHead {
  readonly status: number
  /** Who answered, after redirects. */
  readonly url: URL
  /** By lower-case name; of several the values are joined by a comma. */
  header(name: string): string | undefined
}

/** An answer whose body is still to come: it must be read to its end, or discarded. */
export interface HttpStream extends HttpHead {
  readonly body: AsyncIterable<Uint8Array>
  discard(): void
}

/** An answer that is all there. */
export interface HttpAnswer extends HttpHead {
  readonly bytes: Uint8Array
}

/** Bytes of a body that nobody wants which are read all the same, because a new connection costs more. */
const discardBytes = 16 * 1024

/**
 * HTTP for strangers: everything is bounded in time and size; what may pass is tried again; redirects are followed by
 * hand, never from TLS to plain HTTP, and without the credentials where they lead elsewhere.
 *
 * This module loads the HTTP library, which most runs of piton never need: import it where it is used.
 */
export class HttpClient {
  readonly #options: HttpOptions
  readonly #connections: Connections

  constructor(options: HttpOptions) {
    this.#options = options
    this.#connections = new Connections(options.env, options.limits, options.direct)
  }

  /**
   * The head of an answer and its body as it comes. A cut in the body is the reader's to deal with.
   * @throws {NetError}
   */
  get(url: URL, request: HttpRequest = {}): Promise<HttpStream> {
    return this.#patiently(
      () => this.#follow(url, request),
      request.signal,
      answer => answer.discard(),
    )
  }

  /**
   * A whole small answer.
   * @throws {NetError} NET_TOO_LARGE where the body of a success is larger than `limitBytes`, and others
   */
  getBytes(url: URL, limitBytes: number, request: HttpRequest = {}): Promise<HttpAnswer> {
    const once = async (signal: AbortSignal) => readAll(await this.#follow(url, {...request, signal}), limitBytes)
    return this.#within(url, request.signal, signal => this.#patiently(() => once(signal), signal))
  }

  /** Sends a form, once, to nobody but `url`. */
  postForm(url: URL, form: URLSearchParams, limitBytes: number): Promise<HttpAnswer> {
    const headers = {'content-type': 'application/x-www-form-urlencoded'}
    return this.once('POST', url, limitBytes, {headers}, form.toString())
  }

  /**
   * One request, sent once and as it is; a redirect is an answer like any other. For clients that have their own ways to
   * try again and to follow.
   * @throws {NetError}
   */
  once(
    method: 'GET' | 'POST',
    url: URL,
    limitBytes: number,
    request: HttpRequest = {},
    body?: string,
  ): Promise<HttpAnswer> {
    return this.#within(url, request.signal, async signal =>
      readAll(await this.#exchange(method, url, {...request, signal}, body), limitBytes),
    )
  }

  /** The pause after try number `attempt`. */
  async pause(attempt: number, signal?: AbortSignal): Promise<void> {
    await this.#wait(backoffMs(attempt, this.#options.limits), signal)
  }

  close(): void {
    this.#connections.close()
  }

  #within<T>(url: URL, parent: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(this.#options.limits.documentMs, `reading ${spoken(url)}`, work, parent)
  }

  /** Tries again what was cut, came too late, or was answered with "not now". */
  async #patiently<T extends HttpHead>(
    once: () => Promise<T>,
    signal: AbortSignal | undefined,
    discard = (_: T) => {},
  ): Promise<T> {
    const {attempts, longestRetryAfterMs} = this.#options.limits
    for (let attempt = 1; ; attempt++) {
      let waitMs = backoffMs(attempt, this.#options.limits)
      try {
        const answer = await once()
        if (!isBusy(answer.status) || attempt >= attempts) return answer
        waitMs = retryAfterMs(answer.header('retry-after')) ?? waitMs
        if (waitMs > longestRetryAfterMs) return answer
        discard(answer)
      } catch (error) {
        if (!isPassing(error) || attempt >= attempts || signal?.aborted === true) throw error
      }
      await this.#wait(waitMs, signal)
    }
  }

  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await pause(ms, undefined, signal === undefined ? {} : {signal})
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error
    }
  }

  async #follow(start: URL, request: HttpRequest): Promise<HttpStream> {
    let url = start
    let {authorization, secrets} = request
    for (let hops = 0; hops <= this.#options.limits.redirects; hops++) {
      const answer = await this.#exchange('GET', url, {...request, authorization, secrets})
      const location = answer.header('location')
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
      answer.discard()
      const next = redirected(location, url)
      if (next.origin !== url.origin) [authorization, secrets] = [undefined, undefined]
      url = next
    }
    throw new NetError('NET_REDIRECT', `${spoken(start)} redirects more than ${this.#options.limits.redirects} times`, {
      hint: 'The server is set up wrongly, or is not what it should be.',
    })
  }

  async #exchange(method: 'GET' | 'POST', url: URL, request: HttpRequest, body?: string): Promise<HttpStream> {
    this.#refusePlain(url)
    const {headers, authorization, secrets, signal} = request
    // The library starts its own timer anew with each line of a head.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(tooLate(url)), this.#options.limits.headMs)
    try {
      const response = await this.#connections.for(url).request({
        method,
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        headers: {
          'user-agent': this.#options.userAgent,
          ...headers,
          ...revealed(secrets),
          ...(authorization === undefined ? {} : {authorization: authorization.reveal()}),
        },
        ...(body === undefined ? {} : {body}),
        signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
      })
      return streamOf(response, url)
    } catch (error) {
      throw failureOf(error, url)
    } finally {
      clearTimeout(timer)
    }
  }

  /** @throws {NetError} NET_INSECURE */
  #refusePlain(url: URL): void {
    if (url.protocol === 'https:' || this.#options.direct !== undefined) return
    if (url.protocol === 'http:' && (isLoopback(hostnameOf(url)) || isAmongHosts(url, this.#options.plainHosts))) return
    throw new NetError('NET_INSECURE', `${spoken(url)} is not asked: it is not HTTPS`, {
      hint: `If you trust the network on the way, use --insecure-registry ${url.host}.`,
    })
  }
}

function revealed(secrets: HttpRequest['secrets']): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets ?? {}).map(([name, secret]) => [name, secret.reveal()]))
}

/** @throws {NetError} NET_REDIRECT, NET_INSECURE for what is not followed */
function redirected(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) {
    throw new NetError('NET_REDIRECT', `${spoken(from)} redirects to what is no address`)
  }
  const next = new URL(location, from)
  if (next.protocol !== 'https:' && next.protocol !== 'http:') {
    throw new NetError('NET_REDIRECT', `${spoken(from)} redirects to an address of ${next.protocol}: not followed`)
  }
  if (from.protocol === 'https:' && next.protocol !== 'https:') {
    throw new NetError('NET_INSECURE', `${spoken(from)} redirects to ${spoken(next)}, which is not HTTPS: not followed`)
  }
  // What listens on this machine alone takes those who can reach it for friends.
  if (leadsHome(hostnameOf(next)) && !leadsHome(hostnameOf(from))) {
    throw new NetError('NET_REDIRECT', `${spoken(from)} redirects to this machine, ${spoken(next)}: not followed`, {
      hint: `If ${from.host} is this machine, name it as localhost.`,
    })
  }
  return next
}

function streamOf({statusCode, headers, body}: Dispatcher.ResponseData, url: URL): HttpStream {
  return {
    status: statusCode,
    url,
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: translated(body, url),
    discard() {
      body.dump({limit: discardBytes}).catch(() => {
        // Nobody wanted it.
      })
    },
  }
}

async function* translated(body: AsyncIterable<Uint8Array>, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw failureOf(error, url)
  }
}

/** Reads a body to its end. Of a refusal a beginning is enough: it is only looked at for what it says. */
async function readAll(answer: HttpStream, limitBytes: number): Promise<HttpAnswer> {
  const {status, url, header} = answer
  const isRefusal = status >= 300
  const most = isRefusal ? limits.errorBodyBytes : limitBytes
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of answer.body) {
    sizeBytes += chunk.length
    if (sizeBytes > most) {
      if (isRefusal) break
      throw new NetError('NET_TOO_LARGE', `${spoken(url)} gives more than ${limitBytes} bytes`, {
        hint: 'That is far more than such a document has: the server is not what it should be.',
      })
    }
    chunks.push(chunk)
  }
  return {status, url, header, bytes: Buffer.concat(chunks)}
}
