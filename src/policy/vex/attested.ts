import type {Attestations} from '../../model/attestation.js'
import {shorten} from '../../model/text.js'
import type {Warning} from '../../model/warning.js'
import {VexError} from '../error.js'
import {policyLimits} from '../limits.js'
import {vexDocuments} from './documents.js'
import type {VexDocument} from './statement.js'

/**
 * The VEX documents among what is stored beside an image. One that cannot be read, or that attests something of another
 * image, is a warning; attestations that are not about vulnerabilities are nobody's mistake.
 */
export function attestedDocuments({documents: stored, about}: Attestations): {
  readonly documents: readonly VexDocument[]
  readonly warnings: readonly Warning[]
} {
  const documents: VexDocument[] = []
  const warnings: Warning[] = []
  let statements = 0
  for (const {name, bytes} of stored) {
    try {
      for (const document of vexDocuments(bytes, name)) {
        const foreign = foreignSubject(document, about)
        statements += document.statements.length
        if (foreign !== null) warnings.push({code: 'VEX_SUBJECT', message: `${name} ${foreign}: it is passed over`})
        else if (statements > policyLimits.vexStatements) throw tooMany(name)
        else documents.push({...document, unverified: true})
      }
    } catch (error) {
      if (!(error instanceof VexError)) throw error
      const {code, message} = error
      if (code !== 'VEX_OTHER') warnings.push({code, message: `${message}: it is passed over`})
    }
  }
  return {documents, warnings}
}

/** What an attestation is about instead of this image; null where it is about this one, or there is no attestation. */
function foreignSubject({subjects}: VexDocument, about: readonly string[]): string | null {
  if (subjects === null || subjects.some(subject => about.includes(subject))) return null
  return subjects.length === 0
    ? 'does not say by a digest which image it is about'
    : `is about another image, ${shorten(subjects.join(', '), 200)}`
}

function tooMany(name: string): VexError {
  return new VexError('VEX_LIMIT', `with ${name} there are more than ${policyLimits.vexStatements} statements`)
}
