import {readFileSync, statSync} from 'node:fs'
import {PitonError, RegistryError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {Secret} from '../../model/secret.js'
import {type JsonValue, parseJson} from '../json.js'
import type {Credentials} from './credentials.js'

/** What `docker login` and `podman login` write. */
export interface CredentialFile {
  /** Names of credential helpers by registry. */
  readonly helpers: ReadonlyMap<string, string>
  /** The helper for all others; '' for none. */
  readonly store: string
  /** Credentials by {@link bareKey}. */
  readonly auths: ReadonlyMap<string, Credentials>
}

/**
 * @returns null where there is no such file
 * @throws {RegistryError} REGISTRY_CREDENTIALS for one that cannot be read
 */
export function readCredentialFile(file: string): CredentialFile | null {
  try {
    const stat = statSync(file, {throwIfNoEntry: false})
    if (stat === undefined) return null
    if (stat.size > limits.credentialFileBytes) throw unusable(file, `it has ${stat.size} bytes`)
    return parse(parseJson(readFileSync(file), file), file)
  } catch (error) {
    if (error instanceof RegistryError) throw error
    // Not as a cause: a JSON parser quotes what it stumbles over.
    const isForm = error instanceof PitonError
    throw unusable(file, isForm ? 'it is not what docker login writes' : String((error as NodeJS.ErrnoException).code))
  }
}

function parse(config: JsonValue, file: string): CredentialFile {
  const auths = config.field('auths').entries()
  const helpers = config.field('credHelpers').entries()
  return {
    helpers: new Map(helpers.map(([registry, name]) => [registry, name.text()])),
    store: config.field('credsStore').text(),
    auths: new Map(
      auths.flatMap(([key, entry]) => {
        const credentials = parseEntry(entry, file)
        return credentials === null ? [] : [[bareKey(key), credentials]]
      }),
    ),
  }
}

/** An entry that only says that a helper knows more has no credentials. */
function parseEntry(entry: JsonValue, file: string): Credentials | null {
  const identityToken = entry.field('identitytoken').text()
  if (identityToken !== '') return {kind: 'identity-token', token: new Secret(identityToken), origin: file}
  const decoded = Buffer.from(entry.field('auth').text(), 'base64').toString()
  const colon = decoded.indexOf(':')
  if (colon < 1) return null
  const password = new Secret(decoded.slice(colon + 1))
  return {kind: 'password', username: decoded.slice(0, colon), password, origin: file}
}

/** A key without what people write around the host: `https://index.docker.io/v1/` is `index.docker.io`. */
export function bareKey(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '')
}

function unusable(file: string, reason: string): RegistryError {
  return new RegistryError('REGISTRY_CREDENTIALS', `cannot read registry credentials from ${file}: ${reason}`, {
    hint: 'Log in again, or name another file in REGISTRY_AUTH_FILE.',
  })
}
