import {parsePurl} from '../../model/purl.js'
import {shorten} from '../../model/text.js'
import {isObject, type JsonObject, objectsOf, textOf, textsOf} from '../json-value.js'
import {isJustification} from '../justification.js'
import {none, placeOf, timeOf, type VexDocument, type VexProduct, type VexStatement, vexStatuses} from './statement.js'

/** The namespace of OpenVEX, of every version. */
const context = /^https:\/\/openvex\.dev\/ns(?:\/|@|$)/

export function isOpenVex(document: JsonObject): boolean {
  const contexts = typeof document['@context'] === 'string' ? [document['@context']] : textsOf(document['@context'])
  return contexts.some(text => context.test(text))
}

/**
 * Reads OpenVEX 0.2.0, and 0.0.1, whose names are texts where later ones are objects.
 * @param attestedTo what a statement without products is about: an attestation names it outside of the document
 * @see https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
 */
export function readOpenVex(document: JsonObject, name: string, attestedTo: readonly VexProduct[]): VexDocument {
  const problems: string[] = []
  const from = `${name}, statement`
  const statements = objectsOf(document['statements']).flatMap((statement, index): VexStatement[] => {
    const place = {from, number: index + 1}
    const vulnerability = readVulnerability(statement['vulnerability'])
    const status = vexStatuses.find(known => known === statement['status'])
    if (vulnerability === null) return complain(problems, place, 'names no vulnerability')
    if (status === undefined) return complain(problems, place, `has no status: ${shown(statement['status'])}`)
    const stated = textOf(statement['justification'])
    const justification = stated !== null && isJustification(stated) ? stated : null
    const impact = textOf(statement['impact_statement'])
    if (status === 'not_affected' && justification === null && impact === null) {
      const why = stated === null ? ', and not why' : `: ${shown(stated)} is no justification of OpenVEX`
      return complain(problems, place, `says that something is not affected${why}`)
    }
    const products = productsOf(statement)
    return [
      {
        // Every field by its name: spread ones would lie outside of the object, in twice the memory.
        id: vulnerability.id,
        aliases: vulnerability.aliases,
        products: products.length > 0 ? products : attestedTo,
        status,
        justification: status === 'not_affected' ? justification : null,
        reason: impact ?? textOf(statement['status_notes']),
        time: timeOf(
          statement['last_updated'],
          statement['timestamp'],
          document['last_updated'],
          document['timestamp'],
        ),
        from,
        number: index + 1,
      },
    ]
  })
  if (!Array.isArray(document['statements']) || document['statements'].length === 0) {
    problems.push(`${name} has no statements`)
  }
  return {name, format: 'OpenVEX', author: textOf(document['author']), statements, problems, subjects: null}
}

function complain(problems: string[], place: Parameters<typeof placeOf>[0], what: string): [] {
  problems.push(`${placeOf(place)} ${what}`)
  return []
}

function readVulnerability(value: unknown): Pick<VexStatement, 'id' | 'aliases'> | null {
  const object = isObject(value) ? value : {name: value}
  const id = textOf(object['name']) ?? lastPart(textOf(object['@id']))
  if (id === null) return null
  const aliases = textsOf(object['aliases'])
  return {id, aliases: aliases.length === 0 ? none : aliases}
}

/** The id at the end of an address: `https://nvd.nist.gov/vuln/detail/CVE-2024-6119`. */
function lastPart(iri: string | null): string | null {
  return iri === null ? null : textOf(iri.slice(iri.lastIndexOf('/') + 1))
}

/** In 0.0.1 subcomponents stand beside the products, and are those of each. */
function productsOf(statement: JsonObject): readonly VexProduct[] {
  const shared = subcomponentsOf(statement['subcomponents'])
  const list = Array.isArray(statement['products']) ? statement['products'] : []
  return list.flatMap(value => {
    const object = asObject(value)
    const own = subcomponentsOf(object['subcomponents'])
    return productOf(object, own.length === 0 ? shared : [...own, ...shared])
  })
}

function productOf(object: JsonObject, subcomponents: VexProduct['subcomponents']): VexProduct[] {
  const id = textOf(object['@id'])
  const identifiers = isObject(object['identifiers']) ? object['identifiers'] : {}
  const written = textOf(identifiers['purl']) ?? id
  const hashes = isObject(object['hashes']) ? object['hashes'] : {}
  const found = ['sha-256', 'sha256'].flatMap(algorithm => {
    const hex = textOf(hashes[algorithm])
    return hex === null ? [] : [`sha256:${hex.toLowerCase()}`]
  })
  const digests = found.length === 0 ? none : found
  if (written === null && digests.length === 0) return []
  const purl = written === null ? null : parsePurl(written)
  const names = purl === null && id !== null ? [id] : none
  return [{label: shown(written ?? digests[0]), purl, names, digests, subcomponents, anyVersion: false}]
}

function subcomponentsOf(value: unknown): VexProduct['subcomponents'] {
  if (!Array.isArray(value) || value.length === 0) return none
  return value.map(one => {
    const object = asObject(one)
    const identifiers = isObject(object['identifiers']) ? object['identifiers'] : {}
    const purl = parsePurl(textOf(identifiers['purl']) ?? textOf(object['@id']) ?? '')
    // One that cannot be read still limits the statement: it must not become one about everything.
    return purl ?? {type: 'unknown', namespace: [], name: '', version: '', qualifiers: {}}
  })
}

/** In 0.0.1 a product is its id. */
function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {'@id': value}
}

function shown(value: unknown): string {
  return shorten(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'), 200)
}
