import {imageRepository} from '../../model/image-name.js'
import type {PurlParts} from '../../model/purl.js'
import {imageNames, shortImageName} from '../image-match.js'
import type {JudgeContext} from '../judge.js'
import type {VexProduct} from './statement.js'

type Purl = Required<PurlParts>

/**
 * Does a statement about one thing speak of another? Type, namespace and name have to be equal; version and qualifiers
 * only where the statement gives them.
 * @see OpenVEX specification, "Product and subcomponent matching"; go-vex, PurlMatches
 */
export function purlCovers(stated: Purl, actual: Purl): boolean {
  return (
    stated.type === actual.type &&
    stated.namespace.join('/').toLowerCase() === actual.namespace.join('/').toLowerCase() &&
    stated.name.toLowerCase() === actual.name.toLowerCase() &&
    (stated.version === '' || stated.version === actual.version) &&
    Object.entries(stated.qualifiers).every(([key, value]) => qualifierCovers(key, value, actual))
  )
}

function qualifierCovers(key: string, value: string, {qualifiers, name}: Purl): boolean {
  const own = qualifiers[key]
  if (key === 'distro') return own !== undefined && distroCovers(value, own)
  // A package that is its own origin does not name it.
  if (key === 'upstream') return value === (own ?? name)
  return value === own
}

/** Scanners write `alpine-3.19.0`, `3.19.0` and `alpine-3.19`. */
function distroCovers(stated: string, actual: string): boolean {
  const [wanted, own] = [stated, actual].map(text => text.replace(/^[a-z]+-(?=\d)/i, ''))
  if (wanted === undefined || own === undefined) return false
  const named = /^[a-z]+(?=-\d)/i
  const [wantedName, ownName] = [named.exec(stated)?.[0], named.exec(actual)?.[0]]
  if (wantedName !== undefined && wantedName !== ownName) return false
  return own === wanted || own.startsWith(`${wanted}.`) || (!/\d/.test(wanted) && wanted === ownName)
}

/** Is the product the image that was scanned? */
export function isImage(product: VexProduct, {target}: JudgeContext): boolean {
  const own = digestsOf(target)
  if (product.digests.some(digest => own.includes(digest))) return true
  const names = imageNames(target)
  if (product.names.some(name => names.has(shortImageName(product.anyVersion ? imageRepository(name) : name))))
    return true
  const {purl} = product
  if (purl === null || target.name === null || (purl.type !== 'oci' && purl.type !== 'docker')) return false
  return isNamed(purl, target.name) && isVersion(purl, target) && isPlatform(purl, target.platform)
}

/** purl-spec, "oci": the name is the last part of the repository; `repository_url` says where that is. */
function isNamed(purl: Purl, image: string): boolean {
  const repository = shortImageName(imageRepository(image)).toLowerCase()
  const last = repository.slice(repository.lastIndexOf('/') + 1)
  if (purl.name.toLowerCase() !== last) return false
  const path = [...purl.namespace, purl.name].join('/').toLowerCase()
  if (purl.namespace.length > 0 && repository !== path && !repository.endsWith(`/${path}`)) return false
  const where = purl.qualifiers['repository_url']
  if (where === undefined) return true
  const stated = shortImageName(where.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '')).toLowerCase()
  return stated === repository || `${stated}/${path}` === repository
}

/** A digest has to be that of the image; of `pkg:docker` the version is a tag as well. */
function isVersion({type, version, qualifiers}: Purl, target: JudgeContext['target']): boolean {
  const tag = tagOf(target.name ?? '')
  if (version === '') return qualifiers['tag'] === undefined || qualifiers['tag'] === tag
  return digestsOf(target).includes(version) || (type === 'docker' && version === tag)
}

function digestsOf({
  manifestDigest,
  imageID,
  indexDigest,
}: JudgeContext['target']): readonly (string | null | undefined)[] {
  return [manifestDigest, imageID, indexDigest]
}

function isPlatform({qualifiers}: Purl, platform: string | null): boolean {
  const architecture = platform?.split('/')[1]
  return qualifiers['arch'] === undefined || architecture === undefined || qualifiers['arch'] === architecture
}

function tagOf(name: string): string {
  const [untagged = ''] = name.split('@')
  const repository = imageRepository(untagged)
  return untagged.length > repository.length ? untagged.slice(repository.length + 1) : 'latest'
}
