import {
  closeSync,
  createReadStream,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import {decompress, sniffCompression} from '../../archive/compression.js'
import {DatabaseError, NetError} from '../../model/errors.js'
import type {NetLimits} from '../../model/limits.js'
import {isPassing} from '../../net/failure.js'
import type {HttpClient, HttpStream} from '../../net/http.js'
import type {FeedDocument} from '../feeds/feed.js'
import {objectOf, textOf} from '../feeds/shape.js'
import {HeadCheck} from './head-check.js'
import type {Fetched, Validators} from './origin.js'

/** What a download goes by. */
export interface Download {
  readonly http: HttpClient
  readonly url: URL
  readonly document: FeedDocument
  readonly known: Validators | null
  /** Where it goes. Beside it stands, while it is unfinished, what would finish it. */
  readonly file: string
  readonly limits: NetLimits
  readonly signal: AbortSignal
}

/** What a server said of the bytes that have come so far. */
interface Part extends Validators {
  readonly address: string
  readonly isGzip: boolean
}

/**
 * Fetches one document. Where the connection is cut it is taken up again, also by a later run; where the server says
 * that the known copy is the current one, nothing is fetched.
 * @throws {DatabaseError} DATABASE_FEED for what is plainly not the document; {NetError}
 */
export async function download(task: Download): Promise<Fetched> {
  const {http, url, limits, signal} = task
  const partial = `${task.file}.part`
  for (let resumes = 0; ; resumes++) {
    const part = readPart(partial, url)
    const have = part === null ? 0 : sizeOf(partial)
    const range = part !== null && have > 0 ? rangeOf(part, have) : conditional(task.known)
    const headers = {'accept-encoding': 'gzip', ...range}
    // The client itself tries again what does not begin.
    const answer = await http.get(url, {headers, secrets: task.document.secrets, signal})
    try {
      const fetched = await take(task, partial, answer, part, have)
      if (fetched !== null) return fetched
    } catch (error) {
      if (!(error instanceof NetError)) forget(partial)
      if (!isPassing(error) || signal.aborted || resumes >= limits.resumes) throw error
      await http.pause(Math.min(resumes + 1, limits.attempts), signal)
    }
  }
}

/** @returns null where what had come before is of no use: it has to be asked for anew */
async function take(
  task: Download,
  partial: string,
  answer: HttpStream,
  part: Part | null,
  have: number,
): Promise<Fetched | null> {
  const {url, document} = task
  const {status} = answer
  if (status === 206 && part !== null && startOf(answer) === have) return receive(task, partial, answer, part, have)
  if (status === 200) return receive(task, partial, answer, partOf(answer, url), 0)
  answer.discard()
  if (have > 0) {
    forget(partial)
    return null
  }
  if (status === 304) return {kind: 'same'}
  if ((status === 404 || status === 410) && document.isOptional) return {kind: 'absent'}
  throw new DatabaseError('DATABASE_FEED', `${spokenOf(url)} answers ${status}`, {
    hint: status === 404 ? 'Check the address of the mirror.' : 'Try again later.',
  })
}

async function receive(
  task: Download,
  partial: string,
  answer: HttpStream,
  part: Part,
  have: number,
): Promise<Fetched> {
  const {url, document, file} = task
  const where = spokenOf(url)
  const stated = Number(answer.header('content-length') ?? 0)
  if (have + stated > document.limitBytes) {
    answer.discard()
    throw tooLarge(where, document.limitBytes)
  }
  if (have === 0) writeFileSync(`${partial}.json`, JSON.stringify(part))
  // What is compressed on the way only shows itself later.
  const head = have === 0 ? new HeadCheck(part.isGzip ? 'gzip' : document.form, where) : null
  const fd = openSync(partial, have === 0 ? 'w' : 'r+')
  let sizeBytes = have
  try {
    ftruncateSync(fd, have)
    for await (const chunk of answer.body) {
      if (sizeBytes + chunk.length > document.limitBytes) throw tooLarge(where, document.limitBytes)
      head?.push(chunk)
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at, chunk.length - at, sizeBytes + at)
      sizeBytes += chunk.length
    }
    head?.end()
  } finally {
    closeSync(fd)
  }
  if (part.isGzip) await inflate(partial, file, document, where)
  else renameSync(partial, file)
  forget(partial)
  return {kind: 'new', validators: {etag: part.etag, lastModified: part.lastModified}}
}

/** Takes off what the server compressed for the way. Some call a gzip file itself compressed: that is left as it is. */
async function inflate(partial: string, file: string, document: FeedDocument, where: string): Promise<void> {
  if (document.form === 'gzip' && !(await holdsGzip(partial, where))) return renameSync(partial, file)
  const head = new HeadCheck(document.form, where)
  const fd = openSync(file, 'w')
  let sizeBytes = 0
  try {
    for await (const chunk of decompress(createReadStream(partial, {highWaterMark: 256 * 1024}), where)) {
      sizeBytes += chunk.length
      if (sizeBytes > document.limitBytes) throw tooLarge(where, document.limitBytes)
      head.push(chunk)
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at)
    }
    head.end()
  } finally {
    closeSync(fd)
  }
}

async function holdsGzip(partial: string, where: string): Promise<boolean> {
  for await (const chunk of decompress(createReadStream(partial), where)) {
    return sniffCompression(chunk) === 'gzip'
  }
  return false
}

function conditional(known: Validators | null): Record<string, string> {
  return {
    ...(known?.etag ? {'if-none-match': known.etag} : {}),
    ...(known?.lastModified ? {'if-modified-since': known.lastModified} : {}),
  }
}

/** Asks for the rest, if it is still the same: by a strong tag or by its time. RFC 9110, 13.1.5 */
function rangeOf({etag, lastModified}: Part, have: number): Record<string, string> {
  return {range: `bytes=${have}-`, 'if-range': etag ?? lastModified ?? ''}
}

function startOf(answer: HttpStream): number {
  return Number(/^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1] ?? Number.NaN)
}

/** @throws {DatabaseError} DATABASE_FEED for a way of compressing that nobody asked for */
function partOf(answer: HttpStream, url: URL): Part {
  const encoding = (answer.header('content-encoding') ?? '').trim().toLowerCase()
  const isGzip = encoding === 'gzip' || encoding === 'x-gzip'
  if (!isGzip && encoding !== '' && encoding !== 'identity') {
    answer.discard()
    throw new DatabaseError(
      'DATABASE_FEED',
      `${spokenOf(url)} is compressed in a way that was not asked for: ${encoding}`,
    )
  }
  return {
    address: url.href,
    etag: answer.header('etag') ?? null,
    lastModified: answer.header('last-modified') ?? null,
    isGzip,
  }
}

/** What an earlier try left, if it is of the same document and can be told to be so by the server. */
function readPart(partial: string, url: URL): Part | null {
  try {
    const {address, etag, lastModified, isGzip} = objectOf(JSON.parse(readFileSync(`${partial}.json`, 'utf8'))) ?? {}
    const strong = /^"/.test(textOf(etag)) ? textOf(etag) : null
    const part = {
      address: textOf(address),
      etag: strong,
      lastModified: textOf(lastModified) || null,
      isGzip: isGzip === true,
    }
    return part.address === url.href && (strong ?? part.lastModified) !== null ? part : null
  } catch {
    return null
  }
}

function forget(partial: string): void {
  for (const path of [partial, `${partial}.json`]) rmSync(path, {force: true})
}

function sizeOf(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0
}

function spokenOf(url: URL): string {
  return `${url.origin}${url.pathname}`
}

function tooLarge(where: string, limitBytes: number): DatabaseError {
  return new DatabaseError('DATABASE_FEED', `${where} has more than ${limitBytes} bytes: it is not what it should be`)
}
