import {setTimeout as pause} from 'node:timers/promises'
import {NetError, UsageError} from '../../model/errors.js'
import type {NetLimits} from '../../model/limits.js'
import {withDeadline} from '../../net/deadline.js'
import {HttpClient} from '../../net/http.js'
import type {FeedDocument} from '../feeds/feed.js'
import {feedLimits} from '../limits.js'
import {download} from './download.js'
import type {Fetched, Origin, Validators} from './origin.js'

export interface HttpOriginOptions {
  /** Base address of a mirror; null for the services themselves. */
  readonly mirror: string | null
  readonly userAgent: string
  readonly env: NodeJS.ProcessEnv
  readonly limits: NetLimits
}

/** Hosts that could not be reached this often in a row are left alone for the rest of the update. */
const failuresPerHost = 3

/** The services, or a mirror of them, over HTTPS. */
export class HttpOrigin implements Origin {
  readonly name: string
  readonly isService: boolean
  readonly #base: URL | null
  readonly #http: HttpClient
  readonly #limits: NetLimits
  readonly #hosts = new Map<string, {failures: number; error: unknown; nextMs: number}>()

  /** @throws {UsageError} for what is no address */
  constructor({mirror, userAgent, env, limits}: HttpOriginOptions) {
    this.#base = mirror === null ? null : parseBase(mirror)
    this.name = this.#base === null ? 'the services' : this.#base.href.replace(/\/$/, '')
    this.isService = this.#base === null
    this.#limits = limits
    this.#http = new HttpClient({userAgent, env, plainHosts: [], limits})
  }

  addressOf({path, place, url}: FeedDocument): string | null {
    return this.#base === null ? url : new URL(place ?? path, this.#base).href
  }

  names(): null {
    return null
  }

  async fetch(document: FeedDocument, known: Validators | null, file: string, signal: AbortSignal): Promise<Fetched> {
    const url = new URL(this.addressOf(document) ?? '')
    const host = this.#hosts.get(url.host) ?? {failures: 0, error: null, nextMs: 0}
    this.#hosts.set(url.host, host)
    if (host.failures >= failuresPerHost) throw explained(host.error)
    if (this.isService) await this.#turn(host, document.paceMs ?? 0, signal)
    try {
      const fetched = await withDeadline(
        feedLimits.documentMs,
        `fetching ${url.origin}${url.pathname}`,
        inner => download({http: this.#http, url, document, known, file, limits: this.#limits, signal: inner}),
        signal,
      )
      host.failures = 0
      return fetched
    } catch (error) {
      if (error instanceof NetError && !signal.aborted) {
        host.failures++
        host.error = error
      }
      throw explained(error)
    }
  }

  close(): void {
    this.#http.close()
  }

  /** Waits until the service may be asked again. */
  async #turn(host: {nextMs: number}, paceMs: number, signal: AbortSignal): Promise<void> {
    if (paceMs === 0) return
    const now = performance.now()
    const at = Math.max(now, host.nextMs)
    host.nextMs = at + paceMs
    await pause(at - now, undefined, {signal})
  }
}

function parseBase(mirror: string): URL {
  const url = URL.canParse(mirror) ? new URL(mirror) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.search !== '') {
    throw new UsageError('USAGE', `--mirror ${JSON.stringify(mirror)} is no address of a mirror`, {
      hint: 'For example https://mirror.example/piton; a folder is named with --from.',
    })
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

const hints: Readonly<Partial<Record<NetError['code'], string>>> = {
  NET_INSECURE: 'A feed decides what is reported: serve the mirror over HTTPS, or copy it here and use --from DIR.',
  NET_TLS: 'Name the authority that signed it, as a PEM file, in SSL_CERT_FILE; or use a mirror: --mirror URL.',
}

/** The words of the network are about images; here it is a feed. */
function explained(error: unknown): unknown {
  if (!(error instanceof NetError)) return error
  const hint = error.code === 'NET_PROXY' || error.code === 'NET_CERTIFICATES' ? error.hint : hints[error.code]
  return new NetError(error.code, error.message, {
    hint: hint ?? 'Try again later, or use a mirror: --mirror URL.',
    cause: error,
  })
}
