/**
 * Bytes that can be read at an offset: a file, a part of one, or memory. Reading is synchronous: a local `pread` costs
 * less than the promise around it.
 */
export interface ByteSource {
  readonly sizeBytes: number
  /** May it be read for as long as the target is open? Else only until the call that it was given to returns. */
  readonly lasting?: boolean
  /** Where they lie in a file that is open, for who reads them on another thread. */
  readonly span?: FileSpan | undefined
  /**
   * The bytes from `offset`, at most `length` and fewer only at the end. The caller must not write to the result, and may
   * keep it as long as the source can be read: of one that is not {@link lasting} it keeps copies.
   */
  read(offset: number, length: number): Uint8Array
}

/** A part of a file. */
export interface FileSpan {
  /** The descriptor. */
  readonly fd: number
  readonly offset: number
  readonly sizeBytes: number
}

/**
 * A copy of bytes, or of a part of them. `slice` is one only of a `Uint8Array`: what Node's streams and files give are
 * `Buffer`s, whose `slice` is a view that keeps all of the buffer behind it in memory.
 */
export function copyBytes(bytes: Uint8Array, start?: number, end?: number): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, start, end)
}
