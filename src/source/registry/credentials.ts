import {homedir} from 'node:os'
import {join} from 'node:path'
import {RegistryError} from '../../model/errors.js'
import {Secret} from '../../model/secret.js'
import type {Reference} from '../reference.js'
import {bareKey, type CredentialFile, readCredentialFile} from './credential-file.js'
import {askHelper} from './credential-helper.js'

/** What proves to a registry who is asking. */
export type Credentials = {
  /** Where they were found, for messages. */
  readonly origin: string
} & (
  | {readonly kind: 'password'; readonly username: string; readonly password: Secret}
  /** A token that buys other tokens: OAuth 2 calls it a refresh token. */
  | {readonly kind: 'identity-token'; readonly token: Secret}
)

/** The names under which Docker keeps the credentials of Docker Hub; the first is what its helpers know. */
const hubKeys = ['https://index.docker.io/v1/', 'docker.io', 'registry-1.docker.io'] as const

/**
 * The credentials for the registry of `reference`; null where there are none. In this order:
 * `PITON_REGISTRY_USERNAME` and `PITON_REGISTRY_PASSWORD`; the file that `REGISTRY_AUTH_FILE` names, else Docker's
 * configuration (`config.json` in `DOCKER_CONFIG` or `~/.docker`), and in it the helper for the registry, the helper for
 * all, what is written there.
 * @throws {RegistryError} REGISTRY_CREDENTIALS where there are some that cannot be used
 */
export async function findCredentials(
  reference: Reference,
  env: NodeJS.ProcessEnv,
  helperMs: number,
  signal?: AbortSignal,
): Promise<Credentials | null> {
  const stated = credentialsOf(env)
  if (stated !== null) return stated
  const named = env['REGISTRY_AUTH_FILE']
  const file = named || join(env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker'), 'config.json')
  const config = readCredentialFile(file)
  if (config === null) {
    if (!named) return null
    throw new RegistryError('REGISTRY_CREDENTIALS', `REGISTRY_AUTH_FILE names ${named}, which does not exist`, {
      hint: 'Log in with it, or unset it to pull without credentials.',
    })
  }
  const keys = reference.registry === 'docker.io' ? hubKeys : [reference.registry]
  const helper = keys.map(key => config.helpers.get(key)).find(name => name !== undefined) ?? config.store
  const kept = helper === '' ? null : await askHelper(helper, keys[0] as string, env, helperMs, signal)
  return kept ?? writtenIn(config, keys, reference)
}

/** @throws {RegistryError} where one of the two is missing */
function credentialsOf(env: NodeJS.ProcessEnv): Credentials | null {
  const [user, word] = ['PITON_REGISTRY_USERNAME', 'PITON_REGISTRY_PASSWORD']
  const [username, password] = [env[user] ?? '', env[word] ?? '']
  if (username === '' && password === '') return null
  if (username !== '' && password !== '')
    return {kind: 'password', username, password: new Secret(password), origin: user}
  throw new RegistryError('REGISTRY_CREDENTIALS', `${username === '' ? user : word} is not set, and its companion is`, {
    hint: `Set ${user} and ${word}, or neither.`,
  })
}

/** Of the entries for a registry that which names most of the path: `host/team` serves `host/team/app`. */
function writtenIn(
  {auths}: CredentialFile,
  keys: readonly string[],
  {registry, repository}: Reference,
): Credentials | null {
  const path = repository.split('/')
  const scoped = path.map((_, index) => [registry, ...path.slice(0, path.length - index)].join('/'))
  const found = [...scoped, ...keys].map(key => auths.get(bareKey(key))).find(entry => entry !== undefined)
  return found ?? null
}
