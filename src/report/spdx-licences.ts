import {shortHash} from './inventory.js'
import type {ReadLicence} from './licence.js'

/** SPDX 2.3, 7.15: nobody said. */
const noAssertion = 'NOASSERTION'

/** What the document says of licences: expressions, and the text of those that are none. */
export class ExtractedLicences {
  readonly #read: ReadLicence
  readonly #texts = new Map<string, string>()

  constructor(read: ReadLicence) {
    this.#read = read
  }

  /** The licence as an expression; a text that is none gets an id of its own, SPDX 2.3, 10. */
  expressionOf(text: string): string {
    const licence = this.#read(text)
    switch (licence.kind) {
      case 'none':
        return noAssertion
      case 'id':
        return licence.id
      case 'expression':
        return licence.expression
      case 'text': {
        const id = `LicenseRef-${shortHash(licence.text)}`
        this.#texts.set(id, licence.text)
        return id
      }
    }
  }

  list() {
    return [...this.#texts].map(([licenseId, text]) => ({licenseId, name: text, extractedText: text}))
  }
}
