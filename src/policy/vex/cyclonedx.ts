import {parsePurl} from '../../model/purl.js'
import {shorten} from '../../model/text.js'
import {isObject, type JsonObject, objectsOf, textOf} from '../json-value.js'
import {placeOf, timeOf, type VexDocument, type VexProduct, type VexStatement, type VexStatus} from './statement.js'

/** CycloneDX "impact analysis state". */
const states: Readonly<Record<string, VexStatus>> = {
  not_affected: 'not_affected',
  false_positive: 'not_affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  in_triage: 'under_investigation',
  exploitable: 'affected',
}

export function isCycloneDX(document: JsonObject): boolean {
  return document['bomFormat'] === 'CycloneDX'
}

/**
 * Reads the analyses of a CycloneDX document: a bill of materials with them, or a document of its own that refers to one
 * by BOM-Links. Vulnerabilities that nobody has analysed say nothing.
 * @see https://cyclonedx.org/docs/1.6/json/#vulnerabilities
 */
export function readCycloneDX(document: JsonObject, name: string): VexDocument {
  const metadata = isObject(document['metadata']) ? document['metadata'] : {}
  const root = isObject(metadata['component']) ? metadata['component'] : null
  const purls = purlsByRef(document)
  const problems: string[] = []
  const from = `${name}, vulnerability`
  const statements = objectsOf(document['vulnerabilities']).flatMap((vulnerability, index): VexStatement[] => {
    const place = {from, number: index + 1}
    const analysis = isObject(vulnerability['analysis']) ? vulnerability['analysis'] : null
    const state = textOf(analysis?.['state'])
    if (analysis === null || state === null) return []
    const id = textOf(vulnerability['id'])
    const status = Object.hasOwn(states, state) ? states[state] : undefined
    if (id === null || status === undefined) {
      problems.push(
        `${placeOf(place)} ${id === null ? 'has no id' : `has a state that is none: ${shorten(state, 100)}`}`,
      )
      return []
    }
    const aliases = objectsOf(vulnerability['references']).flatMap(reference => textOf(reference['id']) ?? [])
    return [
      {
        id,
        aliases,
        products: productsOf(vulnerability, root, purls),
        status,
        justification: status === 'not_affected' ? textOf(analysis['justification']) : null,
        reason: textOf(analysis['detail']) ?? (state === 'false_positive' ? 'a false positive' : null),
        time: timeOf(
          analysis['lastUpdated'],
          analysis['firstIssued'],
          vulnerability['updated'],
          vulnerability['published'],
          metadata['timestamp'],
        ),
        from,
        number: index + 1,
      },
    ]
  })
  const authors = objectsOf(metadata['authors']).flatMap(author => textOf(author['name']) ?? [])
  return {name, format: 'CycloneDX', author: authors[0] ?? null, statements, problems, subjects: null}
}

/** The package URL behind each `bom-ref`. */
function purlsByRef(document: JsonObject): ReadonlyMap<string, string> {
  const purls = new Map<string, string>()
  // Components may hold components; a list in place of recursion, as their nesting is a stranger's.
  const open = [...objectsOf(document['components'])]
  for (let component = open.pop(); component !== undefined; component = open.pop()) {
    const ref = textOf(component['bom-ref'])
    const purl = textOf(component['purl'])
    if (ref !== null && purl !== null) purls.set(ref, purl)
    open.push(...objectsOf(component['components']))
  }
  return purls
}

/** What a vulnerability affects: packages of the image that the document is about, or that image as a whole. */
function productsOf(
  vulnerability: JsonObject,
  root: JsonObject | null,
  purls: ReadonlyMap<string, string>,
): readonly VexProduct[] {
  const image = root !== null && root['type'] === 'container' ? imageOf(root) : null
  const rootRef = textOf(root?.['bom-ref'])
  return objectsOf(vulnerability['affects']).flatMap((affected): VexProduct[] => {
    const ref = textOf(affected['ref'])
    if (ref === null) return []
    const local = refOfLink(ref)
    if (rootRef !== null && local === rootRef) return image === null ? [] : [image]
    const purl = parsePurl(purls.get(local) ?? local)
    if (purl === null) return []
    // Packages of one image are meant in that image; without one they are meant wherever they are.
    return image === null ? [packageOf(purl, local)] : [{...image, label: shorten(local, 200), subcomponents: [purl]}]
  })
}

/** The reference in a BOM-Link: `urn:cdx:serial/version#ref`. */
function refOfLink(ref: string): string {
  const hash = ref.indexOf('#')
  if (!ref.startsWith('urn:cdx:') || hash < 0) return ref
  try {
    return decodeURIComponent(ref.slice(hash + 1))
  } catch {
    return ref.slice(hash + 1)
  }
}

/** By its name: a document is kept while the image is built anew, so that no digest and tag can be meant. */
function imageOf(root: JsonObject): VexProduct | null {
  const name = textOf(root['name'])
  if (name === null) return null
  const label = shorten(name, 200)
  return {label, purl: null, names: [name], digests: [], subcomponents: [], anyVersion: true}
}

function packageOf(purl: NonNullable<VexProduct['purl']>, label: string): VexProduct {
  return {label: shorten(label, 200), purl, names: [], digests: [], subcomponents: [], anyVersion: false}
}
