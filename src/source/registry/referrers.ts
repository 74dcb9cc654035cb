import {type Digest, splitDigest} from '../../model/digest.js'
import {RegistryError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import {type JsonValue, parseJson} from '../json.js'
import type {RegistryClient} from './client.js'

/**
 * Descriptors of what refers to a manifest: from the referrers API, page by page, or, where the registry has none, from the
 * index under the tag that stands in for it.
 * @param warn takes what kept the list from being complete
 * @see OCI distribution specification 1.1, "Listing Referrers", "Referrers Tag Schema"
 */
export async function referrersOf(
  client: RegistryClient,
  digest: Digest,
  name: string,
  warn: (message: string) => void,
  signal: AbortSignal,
): Promise<readonly JsonValue[]> {
  const what = `the list of what refers to ${name}`
  const found: JsonValue[] = []
  let page: URL | null = null
  for (let pages = 1; pages <= limits.referrerPages; pages++) {
    const list = await pageOf(client, digest, page, what, warn, signal)
    // Not known to this registry, or known and broken: what others wrote for old registries may be there all the same.
    if (list === null)
      return page === null ? descriptorsIn(await taggedList(client, digest, what, signal), what, warn) : found
    found.push(...descriptorsIn(list.bytes, what, warn))
    if (found.length > limits.manifestsPerIndex) {
      warn(`${what} has more than ${limits.manifestsPerIndex} entries; the others are passed over`)
      return found.slice(0, limits.manifestsPerIndex)
    }
    page = list.next
    if (page === null) return found
  }
  warn(`${what} has more than ${limits.referrerPages} pages; the others are passed over`)
  return found
}

async function pageOf(
  client: RegistryClient,
  digest: Digest,
  page: URL | null,
  what: string,
  warn: (message: string) => void,
  signal: AbortSignal,
) {
  try {
    return await client.referrers(digest, page, what, signal)
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code === 'REGISTRY_UNAVAILABLE') throw error
    if (error.code === 'REGISTRY_RATE_LIMITED') throw error
    warn(error.message)
    return null
  }
}

/** `sha256-HEX`; of longer digests as much as a tag may have. */
async function taggedList(
  client: RegistryClient,
  digest: Digest,
  what: string,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const {algorithm, hex} = splitDigest(digest)
  return client.tagged(`${algorithm}-${hex.slice(0, 64)}`, what, signal)
}

function descriptorsIn(bytes: Uint8Array | null, what: string, warn: (message: string) => void): readonly JsonValue[] {
  if (bytes === null) return []
  try {
    return parseJson(bytes, what).field('manifests').items()
  } catch (error) {
    warn((error as Error).message)
    return []
  }
}
