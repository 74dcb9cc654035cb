import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {type MakeServer, type Seen, serve} from './registry-server.js'

/** What a web server has, by path without a leading slash; a test may change it while it serves. */
export type FeedFiles = Map<string, string | Uint8Array>

/** An answer that was given. */
export interface Answered {
  readonly path: string
  readonly status: number
}

/**
 * Answers a request instead of the server; false leaves it to the server.
 * @param count how often this path was asked for, this time included
 */
export type Fault = (seen: Seen & {readonly file: string}, response: ServerResponse, count: number) => unknown

export interface FeedServerOptions {
  /** Tags of content, by which a copy is told to be current. */
  readonly etag?: boolean
  /** When files were changed. Without this and tags nothing tells that a copy is current. */
  readonly lastModified?: boolean
  /** Compress what the client can inflate. */
  readonly gzip?: boolean
  /** List folders, as nginx does. */
  readonly listing?: boolean
  readonly fault?: Fault
  readonly make?: MakeServer
}

export interface FeedServer {
  readonly url: string
  /** Every answer so far; a test may empty it. */
  readonly answered: Answered[]
  readonly seen: readonly Seen[]
  /** What goes wrong from now on. */
  fault: Fault
}

const modified = 'Thu, 15 Jan 2026 06:00:00 GMT'

/** A web server over feeds: a folder of them, or files that a test makes. */
export async function feedServer(files: FeedFiles | string, options: FeedServerOptions = {}): Promise<FeedServer> {
  const {etag = true, lastModified = true, gzip = false, listing = false, make} = options
  const counts = new Map<string, number>()
  const answered: Answered[] = []
  const state = {fault: options.fault ?? (() => false)}
  const answer = (
    seen: Seen,
    response: ServerResponse,
    ifNoneMatch?: string,
    since?: string,
    encodings = '',
    ifRange?: string,
  ) => {
    const path = decodeURIComponent(seen.path.replace(/\?.*$/, '').slice(1))
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    response.on('finish', () => answered.push({path, status: response.statusCode}))
    if (state.fault({...seen, file: path}, response, count) !== false) return
    const content = contentOf(files, path, listing)
    if (content === null) {
      response.writeHead(404).end('not found')
      return
    }
    const isCompressed = gzip && encodings.includes('gzip')
    const bytes = isCompressed ? gzipSync(content) : Buffer.from(content)
    const tag = `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}${isCompressed ? '-gzip' : ''}"`
    const stamp = typeof files === 'string' ? statSync(join(files, path)).mtime.toUTCString() : modified
    const headers = {
      ...(etag ? {etag: tag} : {}),
      ...(lastModified ? {'last-modified': stamp} : {}),
      ...(isCompressed ? {'content-encoding': 'gzip'} : {}),
    }
    const isCurrent = etag && ifNoneMatch !== undefined ? ifNoneMatch === tag : lastModified && !etag && since === stamp
    if (isCurrent) {
      response.writeHead(304, headers).end()
      return
    }
    const start = Number(/^bytes=(\d+)-$/.exec(seen.range ?? '')?.[1] ?? 0)
    if (start > 0 && (ifRange === tag || ifRange === stamp)) {
      const range = {'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`}
      response.writeHead(206, {...headers, ...range, 'content-length': bytes.length - start}).end(bytes.subarray(start))
    } else response.writeHead(200, {...headers, 'content-length': bytes.length}).end(bytes)
  }
  const server = await serve((request, response, seen) => {
    const {
      'if-none-match': tag,
      'if-modified-since': since,
      'accept-encoding': encodings,
      'if-range': range,
    } = request.headers
    answer(seen, response, tag, since, String(encodings ?? ''), range as string | undefined)
  }, make)
  return {
    url: server.url,
    answered,
    seen: server.seen,
    get fault() {
      return state.fault
    },
    set fault(fault: Fault) {
      state.fault = fault
    },
  }
}

/** Bytes of a file, or the page of a folder; null where there is neither. */
function contentOf(files: FeedFiles | string, path: string, listing: boolean): string | Uint8Array | null {
  if (typeof files !== 'string') {
    const file = files.get(path)
    if (file !== undefined || !listing || !path.endsWith('/')) return file ?? null
    return pageOf([...files.keys()].filter(name => name.startsWith(path)).map(name => name.slice(path.length)))
  }
  const full = join(files, path)
  if (!existsSync(full)) return null
  if (statSync(full).isFile()) return readFileSync(full)
  return listing ? pageOf(readdirSync(full)) : null
}

/** A page as nginx writes it. */
export function pageOf(paths: readonly string[]): string {
  const names = [...new Set(paths.map(path => path.replace(/\/.*$/, '/')))]
  const links = names.map(name => `<a href="${name}">${name}</a>  04-Jan-2025 00:15  -`)
  return `<html>\n<head><title>Index of /</title></head>\n<body><pre><a href="../">../</a>\n${links.join('\n')}\n</pre></body></html>\n`
}
