import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {temporaryFolder} from './files.js'
import {digestOf} from './images.js'

/** What a fake engine does with a request; false leaves it to the engine. */
export type Intercept = (path: string, response: ServerResponse, request: IncomingMessage) => unknown

export interface EngineServer {
  readonly socket: string
  /** Paths that were asked for, with their queries. */
  readonly seen: readonly string[]
}

/** The ID of the image in {@link engineServer}. */
export const engineID = digestOf(Buffer.from('an image'))

/** An engine on a socket of its own, until the test is over: it knows one image as `names`, and gives it as `archive`. */
export async function engineServer(
  names: readonly string[],
  archive: Uint8Array,
  intercept: Intercept = () => false,
): Promise<EngineServer> {
  const socket = join(temporaryFolder(), 'engine.sock')
  const seen: string[] = []
  const server = createServer(engineListener(names, archive, seen, intercept))
  await new Promise<void>(resolve => server.listen(socket, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {socket, seen}
}

/** Answers as Docker does: `/images/NAME/json`, `/images/NAME/get`. */
export function engineListener(
  names: readonly string[],
  archive: Uint8Array,
  seen: string[] = [],
  intercept: Intercept = () => false,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? ''
    seen.push(path)
    if (intercept(path, response, request) !== false) return
    const [, name = '', what] = /^\/images\/(.+)\/(json|get)(?:\?.*)?$/.exec(path) ?? []
    if (![...names, engineID].includes(name)) {
      sendJson(response, 404, {message: `No such image: ${name}`})
    } else if (what === 'json') {
      sendJson(response, 200, {Id: engineID, RepoTags: names.filter(one => one.includes(':')), Os: 'linux'})
    } else {
      response.writeHead(200, {'content-type': 'application/x-tar'})
      for (let at = 0; at < archive.length; at += 10_000) response.write(archive.subarray(at, at + 10_000))
      response.end()
    }
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
}
