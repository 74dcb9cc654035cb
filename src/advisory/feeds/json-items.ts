import {DatabaseError} from '../../model/errors.js'
import {feedLimits} from '../limits.js'
import {parseJson} from './body.js'

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a]
const openers = new Set([0x7b, 0x5b])
const closers = new Set([0x7d, 0x5d])
const openList = 0x5b

/**
 * The items of the list that stands under `key` in the outermost object, one after the other as the bytes come: such a
 * document may be larger than any string.
 * @throws {DatabaseError} DATABASE_FEED where there is no such list, an item is too large, or the document ends too soon
 */
export async function* jsonItems(
  input: AsyncIterable<Uint8Array>,
  key: string,
  where: string,
): AsyncGenerator<unknown> {
  const scanner = new ItemScanner(key, where)
  for await (const chunk of input) yield* scanner.push(chunk)
  scanner.end()
}

/** Follows the nesting of a JSON text, and cuts out the items of one list. */
class ItemScanner {
  readonly #key: string
  readonly #where: string
  #depth = 0
  #inString = false
  #escaped = false
  /** The string that is being read at depth 1: it may be the key. */
  #name: number[] = []
  #isKey = false
  #inList = false
  #wasFound = false
  #total = 0
  /** What earlier chunks held of the item that has begun. */
  #parts: Uint8Array[] = []
  #partBytes = 0

  constructor(key: string, where: string) {
    this.#key = key
    this.#where = where
  }

  *push(chunk: Uint8Array): Generator<unknown> {
    this.#total += chunk.length
    if (this.#total > feedLimits.bulkInflatedBytes)
      throw this.#bad(`has more than ${feedLimits.bulkInflatedBytes} bytes`)
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (this.#inString) {
        this.#inText(byte)
        continue
      }
      if (byte === quote) {
        this.#inString = true
        this.#name = []
      } else if (openers.has(byte)) {
        this.#depth++
        if (this.#depth === 2 && byte === openList && this.#isKey) {
          this.#inList = true
          this.#wasFound = true
          start = at + 1
        }
        this.#isKey = false
      } else if (closers.has(byte)) {
        this.#depth--
        if (this.#depth < 0) throw this.#bad('closes more than it opens')
        if (this.#depth === 1 && this.#inList) {
          yield* this.#item(chunk.subarray(start, at))
          this.#inList = false
        }
      } else if (byte === comma && this.#inList && this.#depth === 2) {
        yield* this.#item(chunk.subarray(start, at))
        start = at + 1
      } else if (byte === colon && this.#depth === 1) {
        this.#isKey = Buffer.from(this.#name).toString('utf8') === this.#key
      } else if (byte === comma && this.#depth === 1) this.#isKey = false
    }
    if (this.#inList) this.#keep(chunk.subarray(start))
  }

  end(): void {
    if (this.#depth > 0 || this.#inString) throw this.#bad('ends too soon')
    if (!this.#wasFound) throw this.#bad(`has no list of ${this.#key}`)
  }

  #inText(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === quote) {
      this.#inString = false
      return
    } else this.#escaped = byte === backslash
    if (this.#depth === 1 && this.#name.length <= this.#key.length) this.#name.push(byte)
  }

  #keep(part: Uint8Array): void {
    this.#partBytes += part.length
    if (this.#partBytes > feedLimits.recordBytes)
      throw this.#bad(`has an item of more than ${feedLimits.recordBytes} bytes`)
    // The chunk may be written over when the next one comes.
    this.#parts.push(Uint8Array.from(part))
  }

  *#item(last: Uint8Array): Generator<unknown> {
    this.#keep(last)
    const text = Buffer.concat(this.#parts).toString('utf8').trim()
    this.#parts = []
    this.#partBytes = 0
    if (text !== '') yield parseJson(text, this.#where)
  }

  #bad(what: string): DatabaseError {
    return new DatabaseError('DATABASE_FEED', `${this.#where} ${what}`, {hint: 'Fetch it again.'})
  }
}
