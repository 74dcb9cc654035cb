import {checkDigest} from '../../bytes/digest.js'
import {type Attestation, type Attestations, isVexPredicate} from '../../model/attestation.js'
import {type Digest, parseDigest, splitDigest} from '../../model/digest.js'
import {ImageError, NetError, PitonError, RegistryError} from '../../model/errors.js'
import {limits} from '../../model/limits.js'
import type {Warning} from '../../model/warning.js'
import {WarningList} from '../../model/warnings.js'
import {withDeadline} from '../../net/deadline.js'
import {type JsonValue, parseJson} from '../json.js'
import type {RegistryClient} from './client.js'
import {referrersOf} from './referrers.js'

/** The image whose attestations are looked for. */
export interface AttestedImage {
  /** Named in messages. */
  readonly name: string
  /** Its manifest, and the index that it was found in. */
  readonly digests: readonly Digest[]
  /** What the index lists: BuildKit puts attestations into it, beside the images that they are about. */
  readonly besides: readonly JsonValue[]
}

/** Types that hold, or may hold, statements about vulnerabilities as JSON; each has versions after a dot. */
const tellingTypes = [
  'application/vnd.openvex',
  'application/vnd.cyclonedx',
  'application/vnd.in-toto',
  'application/vnd.dsse.envelope',
  'application/vnd.dev.sigstore.bundle',
  'application/vnd.dev.cosign.artifact.att',
]
/** Types that say nothing of what there is. */
const mutePattern = /^(?:|application\/vnd\.oci\.(?:empty|image\.config|image\.manifest)\.v1\+json)$/
/** Where cosign, BuildKit and Sigstore write what an attestation is about, so that others need not be fetched. */
const predicateAnnotations = ['predicateType', 'in-toto.io/predicate-type', 'dev.sigstore.bundle.predicateType']

/** What says "not this one": others may be there all the same. */
const passing: ReadonlySet<string> = new Set([
  'REGISTRY_NOT_FOUND',
  'REGISTRY_UNAUTHORIZED',
  'REGISTRY_DENIED',
  'REGISTRY_BAD_RESPONSE',
  'NET_TOO_LARGE',
  'NET_REDIRECT',
  'NET_INSECURE',
])

/**
 * Reads what a registry holds beside an image and may speak of its vulnerabilities: what refers to it (by the referrers
 * API, or else under the tag that stands in for it), what cosign keeps under a tag of its own, and what stands in the index.
 * What cannot be read is a warning: without it more is found, not less.
 * @see OCI distribution specification, "Listing Referrers"; cosign, "Signature Specification"
 */
export async function readAttestations(
  client: RegistryClient,
  image: AttestedImage,
  timeoutMs: number,
  ending?: AbortSignal,
): Promise<Attestations> {
  const found = new Found(image)
  try {
    await withDeadline(timeoutMs, `what refers to ${image.name}`, signal => look(client, image, found, signal), ending)
  } catch (error) {
    if (!(error instanceof PitonError) || ending?.aborted === true) throw error
    found.warn(error.message)
  }
  return found.all()
}

async function look(client: RegistryClient, image: AttestedImage, found: Found, signal: AbortSignal): Promise<void> {
  const reader = new Reader(client, found, image, signal)
  for (const descriptor of image.besides) await reader.besides(descriptor)
  for (const digest of image.digests) {
    const warn = (message: string) => found.warn(message)
    for (const descriptor of await referrersOf(client, digest, image.name, warn, signal)) {
      await reader.descriptor(descriptor)
    }
    await reader.cosignTag(digest)
  }
}

/** What is found, within bounds. */
class Found {
  readonly #image: AttestedImage
  readonly #warnings = new WarningList()
  readonly #documents = new Map<Digest, Attestation | null>()
  readonly #manifests = new Set<Digest>()
  #keptBytes = 0

  constructor(image: AttestedImage) {
    this.#image = image
  }

  warn(message: string): void {
    this.#warnings.add({code: 'VEX_REGISTRY', message: `VEX from the registry: ${message}`} satisfies Warning)
  }

  /** Has this manifest not been read before, and is there room for one more? */
  isNewManifest(digest: Digest): boolean {
    return isNew(this.#manifests, digest) && this.#hasRoom(this.#manifests.size)
  }

  /** The same, of a document; it counts as read from now on. */
  isNewDocument(digest: Digest): boolean {
    if (this.#documents.has(digest)) return false
    this.#documents.set(digest, null)
    return this.#hasRoom(this.#documents.size)
  }

  keep(digest: Digest, document: Attestation): void {
    this.#keptBytes += document.bytes.length
    if (this.#keptBytes > limits.keptBytes) {
      throw new ImageError('IMAGE_BAD_MANIFEST', `${document.name}: all together have over ${limits.keptBytes} bytes`)
    }
    this.#documents.set(digest, document)
  }

  all(): Attestations {
    const documents = [...this.#documents.values()].filter(document => document !== null)
    return {documents, about: this.#image.digests, warnings: this.#warnings.toArray()}
  }

  #hasRoom(count: number): boolean {
    if (count === limits.attestations + 1) {
      this.warn(`${this.#image.name} has more than ${limits.attestations} attestations; the others are passed over`)
    }
    return count <= limits.attestations
  }
}

function isNew<T>(set: Set<T>, one: T): boolean {
  return set.size < set.add(one).size
}

/** Goes from descriptors to manifests to documents; what is wrong with one does not keep it from the others. */
class Reader {
  readonly #client: RegistryClient
  readonly #found: Found
  readonly #image: AttestedImage
  readonly #signal: AbortSignal

  constructor(client: RegistryClient, found: Found, image: AttestedImage, signal: AbortSignal) {
    this.#client = client
    this.#found = found
    this.#image = image
    this.#signal = signal
  }

  /** What the index of the image names: an attestation says so, and of which manifest. */
  besides(descriptor: JsonValue): Promise<void> {
    return this.#tolerantly(async () => {
      const about = descriptor.field('annotations').field('vnd.docker.reference.digest').text()
      if (this.#image.digests.some(digest => digest === about)) await this.descriptor(descriptor)
    })
  }

  /** What refers to the image: looked at where it may be about vulnerabilities. */
  descriptor(descriptor: JsonValue): Promise<void> {
    return this.#tolerantly(async () => {
      const type = descriptor.field('artifactType').text()
      if (!(isTelling(type) || mutePattern.test(type)) || isAboutOther(descriptor)) return
      const digest = parseDigest(descriptor.field('digest').text(), descriptor.where)
      if (!this.#found.isNewManifest(digest)) return
      const what = `attestation ${digest.slice(0, 19)} of ${this.#image.name}`
      const {bytes} = await this.#client.manifest(digest, what, this.#signal)
      checkDigest(bytes, digest, what)
      await this.#manifest(parseJson(bytes, what), type)
    })
  }

  /** `sha256-HEX.att`: a manifest with one DSSE envelope a layer. */
  cosignTag(about: Digest): Promise<void> {
    return this.#tolerantly(async () => {
      const {algorithm, hex} = splitDigest(about)
      const what = `the attestations of ${this.#image.name}`
      const bytes = await this.#client.tagged(`${algorithm}-${hex}.att`, what, this.#signal)
      if (bytes !== null) await this.#manifest(parseJson(bytes, what), '')
    })
  }

  async #manifest(manifest: JsonValue, statedType: string): Promise<void> {
    const subject = manifest.field('subject').field('digest').text()
    if (subject !== '' && !this.#image.digests.some(digest => digest === subject)) {
      this.#found.warn(`${manifest.where} refers to another image, ${subject.slice(0, 100)}: it is passed over`)
      return
    }
    if (isAboutOther(manifest)) return
    const isWhole = isTelling(manifest.field('artifactType').text() || statedType)
    for (const layer of manifest.field('layers').items()) {
      await this.#tolerantly(async () => {
        if ((isWhole || isTelling(layer.field('mediaType').text())) && !isAboutOther(layer)) await this.#document(layer)
      })
    }
  }

  async #document(layer: JsonValue): Promise<void> {
    const digest = parseDigest(layer.field('digest').text(), layer.where)
    if (!this.#found.isNewDocument(digest)) return
    const name = `attestation ${digest.slice(0, 19)} of ${this.#image.name}`
    const statedBytes = layer.field('size').bytes() ?? 0
    if (statedBytes > limits.jsonBytes) {
      throw new ImageError('IMAGE_BAD_MANIFEST', `${name} has ${statedBytes} bytes; the limit is ${limits.jsonBytes}`)
    }
    const bytes = await this.#client.blob(digest, name, this.#signal)
    checkDigest(bytes, digest, name)
    this.#found.keep(digest, {name, bytes})
  }

  async #tolerantly(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const isBroken = error instanceof NetError || error instanceof RegistryError
      if (!(error instanceof PitonError) || (isBroken && !passing.has(error.code))) throw error
      this.#found.warn(error.message)
    }
  }
}

function isTelling(type: string): boolean {
  const isOfType = (telling: string) => type.startsWith(telling) && /^[.+;]/.test(type.slice(telling.length))
  return tellingTypes.some(isOfType) && !/\+xml\b/.test(type)
}

/** Provenance and bills of materials in SPDX say nothing about vulnerabilities. */
function isAboutOther(annotated: JsonValue): boolean {
  const annotations = annotated.field('annotations')
  const stated = predicateAnnotations.map(name => annotations.field(name).text()).find(type => type !== '')
  return stated !== undefined && !isVexPredicate(stated)
}
