import {readFileSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {EngineError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {currentHost} from './context.js'

/** Engines whose images can be asked for; both speak Docker's API. */
export type EngineName = 'docker' | 'podman'

/** Where an engine may be listening. */
export type Endpoint =
  | {readonly kind: 'socket'; readonly path: string; readonly shown: string}
  | {
      readonly kind: 'tcp'
      readonly url: URL
      /** Certificates for TLS; null for plain HTTP. */
      readonly tls: Certificates | null
      readonly shown: string
    }

/** PEM files of `DOCKER_CERT_PATH`; undefined where one is not there. */
export interface Certificates {
  readonly ca: Buffer | undefined
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
}

/** How an engine is called, and the variable that says where it is. */
export const engines = {
  docker: {title: 'Docker', variable: 'DOCKER_HOST'},
  podman: {title: 'Podman', variable: 'CONTAINER_HOST'},
} as const satisfies Record<EngineName, object>

/**
 * Where to look for an engine, in this order: what its variable names (for Docker also the context that is chosen), else
 * the sockets of the system and of the user.
 * @throws {EngineError} ENGINE_HOST for what names a place that piton does not go to
 */
export function endpointsOf(engine: EngineName, env: NodeJS.ProcessEnv): readonly Endpoint[] {
  const {variable} = engines[engine]
  const stated = env[variable] || ''
  if (stated !== '') return [parseHost(stated, variable, env)]
  const home = env['HOME'] || homedir()
  if (engine === 'docker') {
    const context = currentHost(env)
    if (context !== null) return [parseHost(context.host, `the Docker context ${context.name}`, env)]
  }
  return socketsOf(engine, env, home).map(socketAt)
}

function socketsOf(engine: EngineName, env: NodeJS.ProcessEnv, home: string): readonly string[] {
  const user = process.getuid?.() ?? 0
  const runtime = env['XDG_RUNTIME_DIR'] || `/run/user/${user}`
  if (engine === 'docker') {
    const inHome = ['.docker/run/docker.sock', '.docker/desktop/docker.sock'].map(path => join(home, path))
    return ['/var/run/docker.sock', join(runtime, 'docker.sock'), ...inHome]
  }
  const [system, own] = ['/run/podman/podman.sock', join(runtime, 'podman/podman.sock')]
  return user === 0 ? [system, own] : [own, system]
}

function socketAt(path: string): Endpoint {
  return {kind: 'socket', path, shown: path}
}

/**
 * `unix:///path` or `tcp://host:port`; the others that Docker and Podman know are refused in words.
 * @param variable names in errors who said so
 */
function parseHost(text: string, variable: string, env: NodeJS.ProcessEnv): Endpoint {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(text) ?? []
  if (scheme === 'unix' && rest.startsWith('/')) return socketAt(rest)
  if (scheme === 'ssh') {
    throw new EngineError('ENGINE_HOST', `${variable} names an engine behind SSH, which piton does not use`, {
      hint: 'Forward its socket (ssh -L /tmp/engine.sock:/var/run/docker.sock HOST), or pipe the image: ssh HOST docker save app | piton scan -',
    })
  }
  const isTcp = scheme === 'tcp' || scheme === 'http' || scheme === 'https'
  const address = `http://${rest}`
  if (isTcp && URL.canParse(address)) return tcpAt(new URL(address), scheme, variable, env)
  throw new EngineError('ENGINE_HOST', `${variable} does not name an engine: ${JSON.stringify(shownHost(text))}`, {
    hint: 'Write unix:///path/to/socket or tcp://host:port.',
  })
}

function tcpAt({hostname, port}: URL, scheme: string, variable: string, env: NodeJS.ProcessEnv): Endpoint {
  const isTls = scheme === 'https' || (scheme === 'tcp' && Boolean(env['DOCKER_TLS_VERIFY'] || env['DOCKER_TLS']))
  const host = `${hostname}:${port || (isTls ? 2376 : 2375)}`
  const url = new URL(`${isTls ? 'https' : 'http'}://${host}/`)
  return {kind: 'tcp', url, tls: isTls ? certificates(variable, env) : null, shown: `tcp://${host}`}
}

/** What Docker's own client reads: `ca.pem`, `cert.pem`, `key.pem`. */
function certificates(variable: string, env: NodeJS.ProcessEnv): Certificates {
  const home = env['HOME'] || homedir()
  const folder = env['DOCKER_CERT_PATH'] || env['DOCKER_CONFIG'] || join(home, '.docker')
  const read = (name: string) => readPem(join(folder, name), variable)
  return {ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem')}
}

function readPem(path: string, variable: string): Buffer | undefined {
  try {
    const stat = statSync(path, {throwIfNoEntry: false})
    if (stat === undefined) return undefined
    if (stat.size <= limits.certificateBytes) return readFileSync(path)
  } catch (cause) {
    throw unusable(path, variable, (cause as NodeJS.ErrnoException).code ?? 'unknown error', cause)
  }
  throw unusable(path, variable, `it has more than ${limits.certificateBytes} bytes`)
}

function unusable(path: string, variable: string, reason: string, cause?: unknown): EngineError {
  return new EngineError('ENGINE_HOST', `${path}, for the engine of ${variable}, cannot be used: ${reason}`, {
    hint: 'Check DOCKER_CERT_PATH.',
    cause,
  })
}

/** Somebody may have written a password where an address has one. */
function shownHost(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//***@').slice(0, 200)
}
