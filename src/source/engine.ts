import {EngineError, NetError, UsageError} from '../model/errors.js'
import type {OnEvent} from '../model/event.js'
import type {Image, Platform} from '../model/image.js'
import {engineTimes, limits, type NetLimits, netLimits} from '../model/limits.js'
import {shorten} from '../model/text.js'
import {withDeadline} from '../net/deadline.js'
import {HttpClient, type HttpHead} from '../net/http.js'
import {isTag} from './docker-archive.js'
import {type Endpoint, type EngineName, endpointsOf, engines} from './engine/endpoint.js'
import {findEndpoint} from './engine/reachable.js'
import {JsonValue, parseJson} from './json.js'
import {kindOf} from './kind.js'
import {imageOf} from './plan.js'
import {type OpenBytes, type ReceiveLimits, receive} from './receive.js'
import type {RegistryOptions} from './registry.js'
import {openTar} from './tar-store.js'
import {isDockerArchive, isOciArchive, planDockerOrOci} from './which-archive.js'

export interface EngineOptions {
  readonly platform: Platform | null
  readonly verify: boolean
  /** Then only a socket of this machine is asked. */
  readonly offline: boolean
  readonly connection: RegistryOptions
  readonly receiveLimits: Partial<ReceiveLimits> | undefined
  readonly on: OnEvent | undefined
}

/** An image as the engine knows it. */
interface Known {
  readonly id: string
  readonly tags: readonly string[]
}

/**
 * Opens an image of the local engine: asks for it, and takes in the archive that the engine makes of it.
 * @param name whatever the engine knows it by: `app:1.2`, an ID
 * @throws {EngineError}, {NetError}, {ImageError}
 */
export async function openInEngine(engine: EngineName, name: string, options: EngineOptions): Promise<Image> {
  checkName(engine, name)
  const {env = process.env, userAgent = 'piton', limits: changed = {}, signal: ending} = options.connection
  const times: NetLimits = {...netLimits, ...engineTimes, ...changed}
  const endpoint = await findEndpoint(engine, allowed(engine, name, endpointsOf(engine, env), options), times.connectMs)
  const http = new HttpClient({userAgent, env, plainHosts: [], limits: times, direct: directOf(endpoint)})
  const asked = new Asked(engine, name, endpoint, http)
  try {
    const known = await asked.inspect()
    const take = (signal: AbortSignal) => asked.save(known, signal, options)
    const bytes = await withDeadline(times.layersMs, `${engine}:${name}`, take, ending)
    return await opened(bytes, engine, name, known, options)
  } finally {
    http.close()
  }
}

/** It becomes part of an address: only what names of images have in them. */
function checkName(engine: EngineName, name: string): void {
  const isName = /^[A-Za-z0-9][A-Za-z0-9_.:@/-]{0,511}$/.test(name)
  if (isName && name.split('/').every(part => part !== '' && part !== '.' && part !== '..')) return
  throw new UsageError('USAGE_REFERENCE', `${JSON.stringify(name.slice(0, 200))} does not name an image`, {
    hint: `For example ${engine}:app:1.2, as ${engine} images lists it.`,
  })
}

function allowed(
  engine: EngineName,
  name: string,
  endpoints: readonly Endpoint[],
  {offline}: EngineOptions,
): readonly Endpoint[] {
  const remote = endpoints.find(({kind}) => kind === 'tcp')
  if (!offline || remote === undefined) return endpoints
  throw new NetError('NET_OFFLINE', `${engine}:${name} is at ${remote.shown}, and --offline allows no network`, {
    hint: `Use a socket of this machine, or save the image: ${engine} save ${name} -o image.tar`,
  })
}

function directOf(endpoint: Endpoint) {
  if (endpoint.kind === 'socket') return {socketPath: endpoint.path}
  const {ca, cert, key} = endpoint.tls ?? {}
  return {...(ca && {ca}), ...(cert && {cert}), ...(key && {key})}
}

/** The requests for one image. */
class Asked {
  readonly #engine: EngineName
  readonly #name: string
  readonly #endpoint: Endpoint
  readonly #http: HttpClient

  constructor(engine: EngineName, name: string, endpoint: Endpoint, http: HttpClient) {
    this.#engine = engine
    this.#name = name
    this.#endpoint = endpoint
    this.#http = http
  }

  async inspect(): Promise<Known> {
    const answer = await this.#worded(() => this.#http.getBytes(this.#url(`${this.#name}/json`), limits.jsonBytes))
    if (answer.status !== 200) throw this.#refusal(answer, answer.bytes)
    const json = this.#json(answer.bytes)
    try {
      const id = json.field('Id').text()
      const tags = json
        .field('RepoTags')
        .items()
        .map(tag => tag.text())
      if (/^(?:sha256:)?[0-9a-f]{64}$/.test(id)) return {id, tags}
    } catch {
      // It is no image either.
    }
    throw this.#odd('does not say what the image is')
  }

  /** By its ID: a name may come to mean another image meanwhile, and one without a tag means all tags here. */
  async save({id}: Known, signal: AbortSignal, {platform, receiveLimits, on}: EngineOptions): Promise<OpenBytes> {
    const url = this.#url(`${id}/get`)
    if (platform !== null) url.searchParams.set('platform', JSON.stringify(platform))
    const answer = await this.#worded(() => this.#http.get(url, {signal}))
    if (answer.status !== 200) {
      answer.discard()
      throw this.#refusal(answer)
    }
    const name = `${this.#engine}:${this.#name}`
    const check = (head: Uint8Array) => {
      if (head.length === 0 || !isArchive(head, name)) throw this.#odd('does not answer with an archive')
    }
    return this.#worded(() => receive(answer.body, {name, check, on, limits: receiveLimits}))
  }

  #url(path: string): URL {
    return new URL(`/images/${path}`, this.#endpoint.kind === 'socket' ? 'http://localhost/' : this.#endpoint.url)
  }

  #json(bytes: Uint8Array): JsonValue {
    try {
      return parseJson(bytes, this.#who)
    } catch {
      return new JsonValue(undefined, this.#who)
    }
  }

  get #who(): string {
    return `${engines[this.#engine].title} at ${this.#endpoint.shown}`
  }

  #refusal({status}: HttpHead, bytes?: Uint8Array): EngineError {
    if (status === 404) {
      return new EngineError('ENGINE_NOT_FOUND', `${this.#who} has no image ${this.#name}`, {
        hint: `See ${this.#engine} images; pull it (${this.#engine} pull ${this.#name}), or scan it where it is: registry:${this.#name}`,
      })
    }
    return this.#odd(`does not give ${this.#name} (${[status, ...this.#words(bytes)].join(', ')})`)
  }

  /** What the engine says of its refusal. */
  #words(bytes: Uint8Array | undefined): readonly string[] {
    if (bytes === undefined) return []
    try {
      const text = this.#json(bytes).field('message').text()
      return text === '' ? [] : [shorten(text, 200)]
    } catch {
      return []
    }
  }

  #odd(what: string): EngineError {
    return new EngineError('ENGINE_BAD_RESPONSE', `${this.#who} ${what}`, {
      hint: `Save the image and scan that: ${this.#engine} save ${this.#name} -o image.tar`,
    })
  }

  /** Says of a connection that fails whose it was: its address means nothing to anybody. */
  async #worded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof NetError)) throw error
      const text = failures.get(error.code) ?? `cannot be asked: ${error.message}`
      throw new NetError(error.code, `${this.#who} ${text}`, {
        hint: `Try again, or save the image and scan that: ${this.#engine} save ${this.#name} -o image.tar`,
        cause: error,
      })
    }
  }
}

const failures: ReadonlyMap<string, string> = new Map([
  ['NET_TIMEOUT', 'does not answer in time'],
  ['NET_CUT', 'ends the connection before its answer is complete'],
  ['NET_PROTOCOL', 'does not speak HTTP: it is no engine'],
  ['NET_REDIRECT', 'sends piton somewhere else: it is no engine'],
])

function isArchive(head: Uint8Array, name: string): boolean {
  try {
    return kindOf(head, name) === 'archive'
  } catch {
    return false
  }
}

async function opened(
  bytes: OpenBytes,
  engine: EngineName,
  name: string,
  {tags}: Known,
  {platform, verify, on}: EngineOptions,
): Promise<Image> {
  try {
    const archive = await openTar(bytes, `${engine}:${name}`, on)
    if (!isDockerArchive(archive) && !isOciArchive(archive)) {
      const text = `what ${engines[engine].title} gives for ${name} is no image`
      throw new EngineError('ENGINE_BAD_RESPONSE', text, {hint: 'Save the image to a file, and look at that.'})
    }
    const plan = await planDockerOrOci(archive, platform)
    const called = tags.find(tag => isTag(tag, name)) ?? tags[0] ?? plan.name
    return imageOf({...plan, name: called}, archive, `${engine}:${name}`, verify)
  } catch (error) {
    bytes.close()
    throw error
  }
}
