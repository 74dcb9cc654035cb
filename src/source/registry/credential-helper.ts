import {type ExecFileException, execFile} from 'node:child_process'
import {RegistryError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {Secret} from '../../model/secret.js'
import {type JsonValue, parseJson} from '../json.js'
import type {Credentials} from './credentials.js'

/** The user name by which a helper says that the secret is an identity token. */
const identityUser = '<token>'

/**
 * Asks `docker-credential-NAME`, which must be in the path, for the credentials of one server. It runs without a shell;
 * what it prints reaches no message.
 * @returns null where the helper has none
 * @throws {RegistryError} REGISTRY_CREDENTIALS where the helper cannot be asked
 * @see docker-credential-helpers, "Development"
 */
export async function askHelper(
  name: string,
  server: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Credentials | null> {
  if (!/^[a-z0-9-]+$/.test(name)) throw failed(`${JSON.stringify(name)} is not the name of a credential helper`)
  const program = `docker-credential-${name}`
  const {failure, output} = await run(program, server, env, timeoutMs, signal)
  if (failure !== null) {
    if (/^credentials not found/.test(output)) return null
    throw failed(`the credential helper ${program} failed: ${failure}`)
  }
  return parseAnswer(output, program)
}

interface Ran {
  /** null: it ended as it should. */
  readonly failure: string | null
  readonly output: string
}

function run(
  program: string,
  server: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Ran> {
  return new Promise(resolve => {
    const options = {
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: limits.helperOutputBytes,
      windowsHide: true,
      ...(signal && {signal}),
    } as const
    const child = execFile(program, ['get'], options, (error, output) =>
      resolve({failure: error === null ? null : reasonOf(error, timeoutMs), output}),
    )
    child.stdin?.on('error', () => {
      // It ended without reading: its exit code says more.
    })
    child.stdin?.end(server)
  })
}

function reasonOf(error: ExecFileException, timeoutMs: number): string {
  if (error.name === 'AbortError') return 'it was ended'
  if (error.code === 'ENOENT') return 'it is not installed'
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it prints too much'
  if (error.killed === true) return `it did not end within ${timeoutMs / 1000} s`
  return typeof error.code === 'number' ? `exit code ${error.code}` : `${error.signal ?? error.code}`
}

function parseAnswer(output: string, program: string): Credentials | null {
  let answer: JsonValue
  let username: string
  let secret: string
  try {
    answer = parseJson(Buffer.from(output), program)
    username = answer.field('Username').text()
    secret = answer.field('Secret').text()
  } catch {
    throw failed(`the credential helper ${program} does not answer as it should`)
  }
  if (secret === '') return null
  const kept = new Secret(secret)
  return username === identityUser
    ? {kind: 'identity-token', token: kept, origin: program}
    : {kind: 'password', username, password: kept, origin: program}
}

function failed(message: string): RegistryError {
  return new RegistryError('REGISTRY_CREDENTIALS', message, {
    hint: 'Docker’s configuration names it in credHelpers or credsStore: install it, or log in again.',
  })
}
