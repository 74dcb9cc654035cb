import {connect} from 'node:net'
import {EngineError} from '../../model/errors.js'
import {hostnameOf} from '../../net/host.js'
import {type Endpoint, type EngineName, engines} from './endpoint.js'

/**
 * The first place where something listens.
 * @throws {EngineError} ENGINE_DENIED, ENGINE_UNREACHABLE
 */
export async function findEndpoint(
  engine: EngineName,
  endpoints: readonly Endpoint[],
  connectMs: number,
): Promise<Endpoint> {
  const failures: {readonly endpoint: Endpoint; readonly code: string}[] = []
  for (const endpoint of endpoints) {
    const code = await tryConnect(endpoint, connectMs)
    if (code === null) return endpoint
    failures.push({endpoint, code})
  }
  const denied = failures.find(({code}) => code === 'EACCES' || code === 'EPERM')
  if (denied !== undefined) throw noLeave(engine, denied.endpoint)
  const there = failures.filter(({code}) => code !== 'ENOENT' && code !== 'ENOTDIR')
  throw notRunning(engine, there.length > 0 ? there : failures)
}

/** null where somebody answers; else what the system says. */
function tryConnect(endpoint: Endpoint, timeout: number): Promise<string | null> {
  return new Promise(resolve => {
    const to =
      endpoint.kind === 'socket'
        ? {path: endpoint.path}
        : {host: hostnameOf(endpoint.url), port: Number(endpoint.url.port || 443)}
    const socket = connect({...to, timeout})
    const end = (code: string | null) => {
      socket.destroy()
      resolve(code)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('ETIMEDOUT'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'unknown error'))
  })
}

function noLeave(engine: EngineName, {shown}: Endpoint): EngineError {
  const {title} = engines[engine]
  const group =
    engine === 'docker'
      ? 'Add the user to the group docker'
      : 'Use the socket of the user (systemctl --user start podman.socket)'
  return new EngineError('ENGINE_DENIED', `this user may not use ${shown}, the socket of ${title}`, {
    hint: `${group}, or pipe the image in: sudo ${engine} save IMAGE | piton scan -`,
  })
}

function notRunning(
  engine: EngineName,
  failures: readonly {readonly endpoint: Endpoint; readonly code: string}[],
): EngineError {
  const {title, variable} = engines[engine]
  const tried = failures.map(({endpoint, code}) => `${endpoint.shown} (${words.get(code) ?? code})`).join(', ')
  const start = engine === 'docker' ? 'systemctl start docker' : 'systemctl --user start podman.socket'
  return new EngineError('ENGINE_UNREACHABLE', `${title} does not answer: ${tried}`, {
    hint: `Start it (${start}), or name its socket in ${variable}; registry:IMAGE needs no engine.`,
  })
}

const words: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'not there'],
  ['ENOTDIR', 'not there'],
  ['ECONNREFUSED', 'nobody listens'],
  ['ENOTSOCK', 'no socket'],
  ['ETIMEDOUT', 'no answer in time'],
  ['ENOTFOUND', 'no such host'],
])
