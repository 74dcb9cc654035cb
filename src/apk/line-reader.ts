const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Walks the lines of a buffer without copying it. Text is decoded only where it is asked for: a database of 100,000
 * files has a million lines, and one of them may be 50 MB.
 */
export class LineReader {
  readonly bytes: Buffer
  /** 1-based number of the present line. */
  number = 0
  /** The present line is `bytes` from here … */
  start = 0
  /** … to here, without its end (LF or CRLF). */
  end = 0
  #next = 0
  #isAscii = true

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Steps to the next line; false at the end. */
  next(): boolean {
    const {bytes} = this
    const start = this.#next
    if (start >= bytes.length) return false
    let at = start
    let seen = 0
    while (at < bytes.length) {
      const byte = bytes[at] as number
      if (byte === newline) break
      seen |= byte
      at++
    }
    this.#next = at + 1
    this.number++
    this.start = start
    this.end = at > start && bytes[at - 1] === carriageReturn ? at - 1 : at
    this.#isAscii = seen < 0x80
    return true
  }

  /** The line from `start` to its end as text; what is not UTF-8 becomes U+FFFD. */
  text(start: number): string {
    return this.bytes.toString(this.#isAscii ? 'latin1' : 'utf8', start, this.end)
  }
}
