import {NetError, RegistryError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {Secret} from '../../model/secret.js'
import {spoken} from '../../net/host.js'
import type {HttpAnswer, HttpClient} from '../../net/http.js'
import {type JsonValue, parseJson} from '../json.js'
import type {Reference} from '../reference.js'
import {type Challenge, parseChallenges} from './challenge.js'
import type {Credentials} from './credentials.js'
import {refusal, unauthorized} from './refusal.js'

/** A token for a header: visible ASCII. What else a server sends would be refused by HTTP, in other words. */
const tokenPattern = /^[\x21-\x7e]{1,131072}$/

/**
 * Proves to one registry who is asking, when it wants to know: nothing is sent unasked, credentials are not even looked
 * for before. Its answers are shared by all requests to the registry.
 * @see distribution, "Token Authentication Specification"; RFC 7617 for Basic
 */
export class Authorizer {
  readonly #http: HttpClient
  readonly #registry: URL
  readonly #reference: Reference
  readonly #find: () => Promise<Credentials | null>
  #credentials: Promise<Credentials | null> | null = null
  #header: Secret | undefined
  #answering: Promise<Secret> | null = null

  /** @param find looks for credentials; asked once at most */
  constructor(http: HttpClient, registry: URL, reference: Reference, find: () => Promise<Credentials | null>) {
    this.#http = http
    this.#registry = registry
    this.#reference = reference
    this.#find = find
  }

  /** The `Authorization` header of the next request; undefined until the registry has asked for one. */
  get header(): Secret | undefined {
    return this.#header
  }

  /** Where the credentials came from that the registry was shown; null where there were none. */
  async shown(): Promise<string | null> {
    return (await this.#credentials)?.origin ?? null
  }

  /**
   * Makes a new {@link header}, as the registry asked for it.
   * @param refused what was sent and not accepted; requests that were refused together are answered once
   * @throws {RegistryError}
   */
  async answer(challenge: string | undefined, refused: Secret | undefined): Promise<void> {
    if (this.#header !== refused) return
    this.#answering ??= this.#meet(parseChallenges(challenge ?? ''))
    try {
      this.#header = await this.#answering
    } finally {
      this.#answering = null
    }
  }

  async #meet(challenges: readonly Challenge[]): Promise<Secret> {
    const bearer = challenges.find(({scheme}) => scheme === 'bearer')
    const basic = challenges.find(({scheme}) => scheme === 'basic')
    this.#credentials ??= this.#find()
    const credentials = await this.#credentials
    if (bearer !== undefined) return this.#token(bearer, credentials)
    if (basic !== undefined && credentials?.kind === 'password') return basicHeader(credentials)
    const {registry, name} = this.#reference
    if (basic !== undefined) throw unauthorized(registry, name, credentials?.origin ?? null)
    throw new RegistryError('REGISTRY_UNAUTHORIZED', `${registry} asks for credentials in no way that piton knows`, {
      hint: 'piton knows Bearer (tokens) and Basic.',
    })
  }

  /** Asks the server that the registry names for a token. */
  async #token({parameters}: Challenge, credentials: Credentials | null): Promise<Secret> {
    const {registry, repository, name} = this.#reference
    const realm = parameters.get('realm') ?? ''
    if (!URL.canParse(realm)) throw badAnswer(registry, 'names no token server')
    const url = new URL(realm)
    if (this.#registry.protocol === 'https:' && url.protocol !== 'https:') throw insecureRealm(registry, url)
    const query = new URLSearchParams({scope: parameters.get('scope') ?? `repository:${repository}:pull`})
    const service = parameters.get('service')
    if (service !== undefined) query.set('service', service)
    const answer = await this.#ask(url, query, credentials)
    if (answer.status === 401 || (answer.status === 403 && credentials !== null))
      throw unauthorized(url.host, name, credentials?.origin ?? null)
    if (answer.status !== 200) throw refusal(answer, `a token for ${name}`)
    return new Secret(`Bearer ${tokenIn(answer)}`)
  }

  #ask(url: URL, query: URLSearchParams, credentials: Credentials | null): Promise<HttpAnswer> {
    if (credentials?.kind === 'identity-token') {
      query.set('grant_type', 'refresh_token')
      query.set('refresh_token', credentials.token.reveal())
      query.set('client_id', 'piton')
      return this.#http.postForm(url, query, limits.tokenBytes)
    }
    for (const [key, value] of query) url.searchParams.set(key, value)
    const authorization = credentials === null ? undefined : basicHeader(credentials)
    return this.#http.getBytes(url, limits.tokenBytes, {authorization})
  }
}

function basicHeader({username, password}: Credentials & {readonly kind: 'password'}): Secret {
  return new Secret(`Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`)
}

function tokenIn({bytes, url}: HttpAnswer): string {
  let token: string
  try {
    const json: JsonValue = parseJson(bytes, url.host)
    token = json.field('token').text() || json.field('access_token').text()
  } catch {
    // Not as a cause: a JSON parser quotes what it stumbles over.
    throw badAnswer(url.host, 'gives no token: it does not answer in JSON')
  }
  if (!tokenPattern.test(token)) throw badAnswer(url.host, 'gives no token')
  return token
}

function insecureRealm(registry: string, realm: URL): NetError {
  return new NetError('NET_INSECURE', `${registry} sends piton to ${spoken(realm)} for a token, which is not HTTPS`, {
    hint: 'The registry is set up wrongly, or is not what it should be.',
  })
}

function badAnswer(host: string, what: string): RegistryError {
  return new RegistryError('REGISTRY_BAD_RESPONSE', `${host} ${what}`, {
    hint: 'It is set up wrongly, or is no registry; a proxy or a login page may stand in between.',
  })
}
