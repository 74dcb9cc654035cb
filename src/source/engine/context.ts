import {createHash} from 'node:crypto'
import {readFileSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {EngineError, PitonError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {type JsonValue, parseJson} from '../json.js'

/**
 * Where the chosen context of Docker's client (`docker context use`) says that the engine is; null for the default one.
 * @throws {EngineError} ENGINE_HOST where a context is chosen that cannot be read
 */
export function currentHost(env: NodeJS.ProcessEnv): {readonly name: string; readonly host: string} | null {
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker')
  const name = env['DOCKER_CONTEXT'] || read(join(folder, 'config.json'))?.field('currentContext').text() || 'default'
  if (name === 'default') return null
  const id = createHash('sha256').update(name).digest('hex')
  const context = read(join(folder, 'contexts/meta', id, 'meta.json'))
  const host = context?.field('Endpoints').field('docker').field('Host').text() ?? ''
  if (host !== '') return {name, host}
  throw new EngineError('ENGINE_HOST', `the Docker context ${JSON.stringify(name)} names no engine`, {
    hint: 'See docker context ls, or set DOCKER_HOST.',
  })
}

/** null where there is no such file. */
function read(file: string): JsonValue | null {
  try {
    const stat = statSync(file, {throwIfNoEntry: false})
    if (stat === undefined) return null
    if (stat.size <= limits.credentialFileBytes) return parseJson(readFileSync(file), file)
  } catch (error) {
    // Not as a cause: the file may hold credentials, and a JSON parser quotes what it stumbles over.
    const reason = error instanceof PitonError ? 'it is not JSON' : (error as NodeJS.ErrnoException).code
    throw new EngineError('ENGINE_HOST', `cannot read ${file}: ${reason}`, {hint: 'Repair it, or set DOCKER_HOST.'})
  }
  throw new EngineError('ENGINE_HOST', `cannot read ${file}: it has more than ${limits.credentialFileBytes} bytes`)
}
