import type {FileSpan} from '../../model/bytes.js'
import type {LimitKey} from '../../model/limits.js'
import type {Packed} from '../unpack.js'

/** What a job sends comes in buffers of this size; they go to and fro, so that nobody has to clean up after them. */
export const bufferBytes = 512 * 1024

/**
 * Buffers of a job that is alone: what may be inflated and not yet looked at. Programs and libraries take longer to look
 * at than to inflate, what comes between them the other way round.
 */
export const buffersAlone = 64

/** Buffers of all jobs, where there are several: while one is looked at, the others have theirs filled. */
export const buffersTogether = 32

/** Buffers that each job may have whatever the others do. */
export const buffersPerJob = 4

/** What the thread is started with. */
export interface ThreadData {
  readonly limits: {readonly [Key in LimitKey]?: number}
  /** Two numbers: the job whose decoder is at work, which cannot hear anything meanwhile (0: none), and how often one began. */
  readonly pulse: SharedArrayBuffer
}

/** To the thread. Jobs are numbered from 1. */
export type Order =
  | {
      readonly type: 'begin'
      readonly job: number
      readonly packed: Packed
      /** Where to read; null: what is stored is asked for, and comes in pieces. */
      readonly span: FileSpan | null
      /** Only compare digests: nothing is inflated, nothing sent. */
      readonly checkOnly: boolean
    }
  /** Of what is stored; null at its end. */
  | {readonly type: 'piece'; readonly job: number; readonly bytes: Uint8Array | null}
  /** A buffer that was sent is done with. */
  | {readonly type: 'buffer'; readonly job: number; readonly buffer: ArrayBuffer}
  /** Nobody wants the rest. */
  | {readonly type: 'stop'; readonly job: number}

/** From the thread. */
export type Answer =
  | {readonly type: 'chunk'; readonly job: number; readonly bytes: Uint8Array; readonly doneBytes: number}
  /** The next piece is wanted. */
  | {readonly type: 'want'; readonly job: number}
  | {readonly type: 'end'; readonly job: number}
  | {readonly type: 'error'; readonly job: number; readonly error: SentError}

/** An error as it can be sent. */
export interface SentError {
  /** Of its class, where it is one of ours. */
  readonly kind: string | null
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
  readonly stack: string | undefined
}
