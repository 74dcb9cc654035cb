const newline = 0x0a
const tab = 0x09

/**
 * A text table whose lines are sorted by the bytes of their first column, searched where it lies: no line is decoded
 * but the one that is asked for.
 */
export class SortedTable {
  readonly #bytes: Buffer
  /** Where the lines begin, after the header. */
  readonly #first: number

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#first = this.#lineEnd(0) + 1
  }

  /** The columns after the key, or null where no line has it. */
  find(key: string): string[] | null {
    const wanted = Buffer.from(key)
    let low = this.#first
    let high = this.#bytes.length
    while (low < high) {
      const start = this.#lineStart((low + high) >>> 1, low)
      const end = this.#lineEnd(start)
      const tabAt = this.#bytes.indexOf(tab, start)
      const keyEnd = tabAt < 0 || tabAt > end ? end : tabAt
      const order = this.#bytes.compare(wanted, 0, wanted.length, start, keyEnd)
      if (order === 0) return this.#bytes.toString('utf8', keyEnd + 1, end).split('\t')
      if (order < 0) low = end + 1
      else high = start
    }
    return null
  }

  /** Start of the line that holds the byte at `at`, no lower than `low`, which is the start of one. */
  #lineStart(at: number, low: number): number {
    return at === low ? low : Math.max(low, this.#bytes.lastIndexOf(newline, at - 1) + 1)
  }

  #lineEnd(at: number): number {
    const end = this.#bytes.indexOf(newline, at)
    return end < 0 ? this.#bytes.length : end
  }
}

/** Rows as lines, in the order in which {@link SortedTable} searches them. */
export function formatTable<Row>(rows: ReadonlyMap<string, Row>, format: (row: Row) => string): string {
  const sorted = [...rows].map(([key, row]) => ({key, row, bytes: Buffer.from(key)}))
  sorted.sort((a, b) => a.bytes.compare(b.bytes))
  return sorted.map(({key, row}) => `${key}\t${format(row)}\n`).join('')
}
