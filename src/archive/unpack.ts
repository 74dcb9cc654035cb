import {digestChecked} from '../bytes/digest.js'
import {chunksOf} from '../bytes/source.js'
import type {ByteSource} from '../model/bytes.js'
import type {Digest} from '../model/digest.js'
import {decompress, sniffBytes, sniffCompression} from './compression.js'
import type {Pulse} from './zstd.js'

type Chunks = AsyncIterable<Uint8Array>

/** What is stored, as it is read: a file, which any thread can read, or what comes from somewhere. */
export type Stored = ByteSource | Chunks

/** What is expected of stored bytes. */
export interface Packed {
  /** Named in errors: `layer 3 of app.tar`. */
  readonly where: string
  /** Of the bytes as stored; null where nothing states it. */
  readonly digest?: Digest | null
  /** Of what they inflate to; null where nothing states it, or nobody asked. */
  readonly contentDigest?: Digest | null
}

export interface UnpackOptions extends Packed {
  /** Told how many of the stored bytes have been read. */
  readonly onRead?: (doneBytes: number) => void
}

/**
 * From here on it pays to inflate and hash on another thread: before, that has not even begun when this one is done.
 */
const threadBytes = 2 * 1024 * 1024

/**
 * What stored bytes inflate to, hashed before and after as `options` say. Much of it is done on a thread of its own, so
 * that who takes the chunks can work meanwhile. A chunk is valid until the next is asked for.
 * @throws {ArchiveError} as {@link decompress}; {ImageError} IMAGE_DIGEST_MISMATCH at the end
 */
export async function* unpack(stored: Stored, options: UnpackOptions): AsyncGenerator<Uint8Array> {
  const thread = isWorthThread(stored) ? await openThread() : null
  if (thread === null) yield* unpackHere(isSource(stored) ? chunksOf(stored) : stored, options)
  else yield* thread.unpack(stored, options)
}

/** As {@link unpack}, on this thread. */
export function unpackHere(stored: Chunks, options: UnpackOptions, pulse?: Pulse): Chunks {
  const {where, digest = null, contentDigest = null, onRead} = options
  const read = onRead === undefined ? stored : counted(stored, onRead)
  const checked = digest === null ? read : digestChecked(read, digest, where)
  const content = decompress(checked, where, {pulse, passing: true})
  return contentDigest === null ? content : digestChecked(content, contentDigest, where)
}

/**
 * Compares stored bytes with a digest.
 * @throws {ImageError} IMAGE_DIGEST_MISMATCH
 */
export async function checkStored(stored: Stored, digest: Digest, where: string): Promise<void> {
  const span = isSource(stored) && canCheckBeside(stored) ? stored.span : undefined
  const thread = span === undefined ? null : await openThread()
  if (thread !== null && span !== undefined) return thread.check(span, {where, digest})
  for await (const _ of digestChecked(isSource(stored) ? chunksOf(stored) : stored, digest, where));
}

/** Has the thread made ready, where what is stored will need it: that takes as long as opening an image. */
export function expectToUnpack(storedBytes: number): void {
  if (storedBytes >= threadBytes) void openThread()
}

/** Can another thread read it, and is it worth that? */
export function canCheckBeside(stored: ByteSource): boolean {
  return stored.span !== undefined && stored.sizeBytes >= threadBytes
}

function isSource(stored: Stored): stored is ByteSource {
  return 'read' in stored
}

function isWorthThread(stored: Stored): boolean {
  if (!isSource(stored)) return true
  const compression = sniffCompression(stored.read(0, sniffBytes))
  if (compression === 'none') return canCheckBeside(stored)
  // fzstd, for releases of Node that need it, cannot be stopped in any other way.
  return compression === 'zstd' || stored.sizeBytes >= threadBytes
}

async function openThread() {
  const {UnpackThread} = await import('./thread/client.js')
  return UnpackThread.shared()
}

async function* counted(stored: Chunks, onRead: (doneBytes: number) => void): Chunks {
  let doneBytes = 0
  for await (const chunk of stored) {
    yield chunk
    doneBytes += chunk.length
    onRead(doneBytes)
  }
}
