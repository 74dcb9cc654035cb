import {shorten} from '../../model/text.js'
import {VexError} from '../error.js'
import {isObject, type JsonObject, objectsOf, textOf} from '../json-value.js'
import {policyLimits} from '../limits.js'
import {isCycloneDX, readCycloneDX} from './cyclonedx.js'
import {isOpenVex, readOpenVex} from './openvex.js'
import type {VexDocument, VexProduct} from './statement.js'

const hint = 'piton reads OpenVEX and CycloneDX, both as JSON.'

/**
 * The VEX documents in these bytes: OpenVEX or CycloneDX, alone, in a list, or as an in-toto attestation with or without
 * its DSSE envelope. Signatures are not looked at: whoever brings the bytes vouches for them.
 * @param name of the file, or of where it came from, as a person knows it
 * @throws {VexError} for what is none of them
 */
export function vexDocuments(bytes: Uint8Array, name: string): readonly VexDocument[] {
  if (bytes.length > policyLimits.vexBytes) {
    throw new VexError('VEX_LIMIT', `${name} has more than ${policyLimits.vexBytes / 1024 ** 2} MiB`, {
      hint: 'Take out the statements about other products.',
    })
  }
  const value = parse(bytes, name)
  const list = Array.isArray(value) ? value : [value]
  const documents = list.map(one => {
    const document = isObject(one) ? readDocument(one, name, 0) : null
    if (document === null) throw unknown(name, one)
    return document
  })
  const statements = documents.reduce((sum, document) => sum + document.statements.length, 0)
  if (statements > policyLimits.vexStatements) {
    throw new VexError('VEX_LIMIT', `${name} holds more than ${policyLimits.vexStatements} statements`, {hint})
  }
  return documents
}

function parse(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes))
  } catch (cause) {
    throw new VexError('VEX_UNREADABLE', `${name} is not JSON`, {hint, cause})
  }
}

/** An envelope holds a statement, that holds a document: no more than that. */
function readDocument(value: JsonObject, name: string, depth: number): VexDocument | null {
  if (isOpenVex(value)) return readOpenVex(value, name, [])
  if (isCycloneDX(value)) return readCycloneDX(value, name)
  if (depth > 1) return null
  const payload = textOf(value['payload'])
  if (payload !== null && textOf(value['payloadType']) !== null) {
    const inner = parse(Buffer.from(payload, 'base64'), `the payload of ${name}`)
    return isObject(inner) ? readDocument(inner, name, depth + 1) : null
  }
  const predicate = value['predicate']
  if (textOf(value['predicateType']) === null || !isObject(predicate)) return null
  if (isOpenVex(predicate)) return readOpenVex(predicate, name, subjectsOf(value))
  return isCycloneDX(predicate) ? readCycloneDX(predicate, name) : null
}

/** The images that an attestation is about, by their digests. */
function subjectsOf(statement: JsonObject): readonly VexProduct[] {
  return objectsOf(statement['subject']).flatMap((subject): VexProduct[] => {
    const hex = textOf(isObject(subject['digest']) ? subject['digest']['sha256'] : null)
    if (hex === null) return []
    const label = shorten(textOf(subject['name']) ?? hex, 200)
    const digests = [`sha256:${hex.toLowerCase()}`]
    return [{label, purl: null, names: [], digests, subcomponents: [], anyVersion: false}]
  })
}

function unknown(name: string, value: unknown): VexError {
  const csaf = isObject(value) && isObject(value['document']) && textOf(value['document']['csaf_version']) !== null
  const what = csaf ? 'is CSAF, which piton does not read' : 'is no VEX document'
  return new VexError('VEX_UNKNOWN', `${name} ${what}`, {hint})
}
