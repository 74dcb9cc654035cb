import {DatabaseError} from '../../model/errors.js'
import type {FeedDocument} from '../feeds/feed.js'
import {feedLimits} from '../limits.js'

/** How a document of each form begins, blanks before it left out. */
const beginnings: Readonly<Record<FeedDocument['form'], RegExp>> = {
  json: /^[[{]/,
  gzip: /^\x1f\x8b/,
  zip: /^PK/,
  text: /^[^\0]/,
  page: /^</,
}

/**
 * Tells by its first bytes that something else came: the page of a captive portal, an error in words, blanks without
 * end. What follows then need not be fetched.
 */
export class HeadCheck {
  readonly #form: FeedDocument['form']
  readonly #where: string
  #head = ''
  #isDone = false

  constructor(form: FeedDocument['form'], where: string) {
    this.#form = form
    this.#where = where
  }

  /** @throws {DatabaseError} DATABASE_FEED */
  push(chunk: Uint8Array): void {
    if (this.#isDone) return
    this.#head += Buffer.from(chunk.subarray(0, feedLimits.headBytes)).toString('latin1')
    const text = this.#head.replace(/^(?:\xef\xbb\xbf)?\s+/, '')
    if (text.length < 2 && this.#head.length < feedLimits.headBytes) return
    this.#isDone = true
    if (!beginnings[this.#form].test(text) || (this.#form !== 'text' && text === '')) throw this.#refused(text)
    if (this.#form === 'text' && isPage(text)) throw this.#refused(text)
  }

  /** All of it came. */
  end(): void {
    if (!this.#isDone && this.#form !== 'text') throw this.#refused(this.#head.trim())
  }

  #refused(text: string): DatabaseError {
    if (isPage(text) && this.#form !== 'page') {
      return new DatabaseError('DATABASE_FEED', `${this.#where} is a web page where the feed should be`, {
        hint: 'Something on the way answers instead of the server: a captive portal, a proxy that wants a login.',
      })
    }
    const what = text === '' ? 'is empty' : `is no ${this.#form}`
    return new DatabaseError('DATABASE_FEED', `${this.#where} ${what}`, {hint: 'Try again later.'})
  }
}

function isPage(text: string): boolean {
  return /^<(?:!doctype|html|head|body|\?xml|script|meta)/i.test(text)
}
