import {isVexPredicate} from '../../model/attestation.js'
import {jsonShape} from '../../model/json-shape.js'
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
 * its DSSE envelope, and that in a Sigstore bundle or not. Signatures are not looked at: whoever brings the bytes vouches
 * for them.
 * @param name of the file, or of where it came from, as a person knows it
 * @throws {VexError} for what is none of them; VEX_OTHER for an attestation about something else
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
  const {depth, values} = jsonShape(bytes)
  if (values > policyLimits.vexValues) {
    throw new VexError('VEX_LIMIT', `${name} has more than ${policyLimits.vexValues} values`, {
      hint: 'Take out the statements about other products.',
    })
  }
  // Readers recurse, and so does whatever shows a part of it.
  if (depth > policyLimits.jsonDepth) {
    throw new VexError('VEX_LIMIT', `${name} is nested more than ${policyLimits.jsonDepth} levels deep`, {hint})
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes))
  } catch (cause) {
    throw new VexError('VEX_UNREADABLE', `${name} is not JSON`, {hint, cause})
  }
}

/** A bundle holds an envelope, that holds a statement, and that a document: no more than that. */
function readDocument(value: JsonObject, name: string, depth: number): VexDocument | null {
  if (isOpenVex(value)) return readOpenVex(value, name, [])
  if (isCycloneDX(value)) return readCycloneDX(value, name)
  if (depth > 2) return null
  const envelope = value['dsseEnvelope']
  if (isObject(envelope)) return readDocument(envelope, name, depth + 1)
  const payload = textOf(value['payload'])
  if (payload !== null && textOf(value['payloadType']) !== null) {
    const inner = parse(Buffer.from(payload, 'base64'), `the payload of ${name}`)
    return isObject(inner) ? readDocument(inner, name, depth + 1) : null
  }
  const predicateType = textOf(value['predicateType'])
  return predicateType === null ? null : readPredicate(value, predicateType, name)
}

function readPredicate(statement: JsonObject, predicateType: string, name: string): VexDocument | null {
  const {predicate} = statement
  const about = subjectsOf(statement)
  const subjects = about.flatMap(({digests}) => digests)
  if (isObject(predicate) && isOpenVex(predicate)) return {...readOpenVex(predicate, name, about), subjects}
  if (isObject(predicate) && isCycloneDX(predicate)) return {...readCycloneDX(predicate, name), subjects}
  if (isVexPredicate(predicateType)) return null
  throw new VexError('VEX_OTHER', `${name} attests something else: ${shorten(predicateType, 200)}`, {hint})
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
