// Not the whole library: most of it are WebSocket, fetch, caches and mocks, which cost half of the time to load it.
import api from 'undici/lib/api/index.js'
import Agent from 'undici/lib/dispatcher/agent.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js'
import type {NetLimits} from '../model/limits.js'
import {trusted} from './certificates.js'
import {type HttpProxy, proxyFor} from './proxy.js'

/** A connection that somebody has set up on purpose: without a proxy, and where there is no TLS, without. */
export interface DirectConnection {
  /** A Unix socket of this machine, instead of host and port. */
  readonly socketPath?: string
  /** For TLS: whom to trust instead of the usual authorities, and who piton is. */
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

// As the library does where all of it is loaded: proxies need it.
Object.assign(Dispatcher.prototype, api)

/** Keeps connections open between requests: one pool for each way out of here. */
export class Connections {
  readonly #env: NodeJS.ProcessEnv
  readonly #limits: NetLimits
  readonly #direct: DirectConnection | null
  readonly #pools = new Map<string, Dispatcher>()

  constructor(env: NodeJS.ProcessEnv, limits: NetLimits, direct?: DirectConnection) {
    this.#direct = direct ?? null
    this.#env = env
    this.#limits = limits
  }

  /** @throws {NetError} NET_PROXY, NET_CERTIFICATES where the environment names what cannot be used */
  for(url: URL): Dispatcher {
    const proxy = this.#direct === null ? proxyFor(url, this.#env) : null
    const key = `${url.protocol} ${proxy?.url.href ?? 'direct'}`
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    const pool = this.#open(url.protocol === 'https:', proxy)
    this.#pools.set(key, pool)
    return pool
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.destroy().catch(() => {})
    this.#pools.clear()
  }

  #open(isTls: boolean, proxy: HttpProxy | null): Dispatcher {
    const {connectMs, idleMs} = this.#limits
    const times = {headersTimeout: 0, bodyTimeout: idleMs}
    const trust = this.#direct ?? this.#trust(isTls || proxy?.url.protocol === 'https:')
    const connect = {timeout: connectMs, ...trust}
    if (proxy === null) return new Agent({...times, connect})
    return new ProxyAgent({
      ...times,
      uri: proxy.url.href,
      ...(proxy.authorization === null ? {} : {token: proxy.authorization.reveal()}),
      requestTls: connect,
      proxyTls: connect,
      // Proxies open tunnels to ports of TLS; a plain request they take over themselves.
      proxyTunnel: isTls,
    })
  }

  #trust(isTls: boolean) {
    const secureContext = isTls ? trusted(this.#env) : undefined
    return secureContext === undefined ? {} : {secureContext}
  }
}
