/**
 * Bytes that can be read at an offset: a file, a part of one, or memory. Reading is synchronous: a local `pread` costs
 * less than the promise around it.
 */
export interface ByteSource {
  readonly sizeBytes: number
  /** May it be read for as long as the target is open? Else only until the call that it was given to returns. */
  readonly lasting?: boolean
  /**
   * The bytes from `offset`, at most `length` and fewer only at the end. The caller may keep the result but must not
   * write to it.
   */
  read(offset: number, length: number): Uint8Array
}

/**
 * A copy of bytes, or of a part of them. `slice` is one only of a `Uint8Array`: what Node's streams and files give are
 * `Buffer`s, whose `slice` is a view that keeps all of the buffer behind it in memory.
 */
export function copyBytes(bytes: Uint8Array, start?: number, end?: number): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, start, end)
}
