import {checkDigest, sha256} from '../bytes/digest.js'
import {type Digest, parseDigest, splitDigest} from '../model/digest.js'
import {ImageError, UsageError} from '../model/errors.js'
import {type Platform, platformText} from '../model/image.js'
import {limits} from '../model/limits.js'
import {parseConfig, tooManyLayers} from './config.js'
import {type JsonValue, parseJson} from './json.js'
import type {ImagePlan} from './plan.js'
import {hostPlatform, normalPlatform, platformMatch} from './platform.js'
import {type BlobStore, readSmall} from './store.js'

export const ociIndex = 'index.json'
export const ociMarker = 'oci-layout'

export const indexType = 'application/vnd.oci.image.index.v1+json'
const indexTypes = new Set([indexType, 'application/vnd.docker.distribution.manifest.list.v2+json'])
const configTypes = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
  '',
])

/** Gives the documents of an OCI image by their digests, which are compared here: a layout, an archive or a registry. */
export interface Documents {
  /** Named in errors. */
  readonly name: string
  /** A manifest, or an index; `what` names it in errors: `the index sha256:…`. */
  manifest(digest: Digest, what: string): Promise<Uint8Array>
  config(digest: Digest, what: string): Promise<Uint8Array>
}

/** A manifest that an index names, and what is known of its image before its configuration is read. */
interface Candidate {
  readonly digest: Digest
  /** `org.opencontainers.image.ref.name` of the top index. */
  readonly refName: string | null
  /** `io.containerd.image.name`: the full name. */
  readonly fullName: string | null
  readonly platform: Platform | null
}

/** Reads an OCI layout: its `index.json`, and what {@link planIndex} finds from there. */
export async function planOci(store: BlobStore, select: string | null, platform: Platform | null): Promise<ImagePlan> {
  const index = parseJson(readSmall(store, ociIndex, ociIndex), `${ociIndex} of ${store.name}`)
  const read = async (digest: Digest, what: string) => readSmall(store, blobPath(digest), what)
  return planIndex({name: store.name, manifest: read, config: read}, index, select, platform)
}

/**
 * Finds an image from an index: indexes inside it, manifests, configuration; each verified by its digest. Attestations
 * and other artifacts beside the images are passed over.
 * @param select a reference name, or the digest of a manifest
 * @param platform what was asked for; null takes the only image, or the one for Linux on this machine
 * @see OCI image specification, image-layout.md, image-index.md
 */
export async function planIndex(
  documents: Documents,
  index: JsonValue,
  select: string | null,
  platform: Platform | null,
): Promise<ImagePlan> {
  const {name} = documents
  const candidates = await new Candidates(documents).in(index, null)
  if (candidates.length === 0) throw new ImageError('IMAGE_BAD_MANIFEST', `${index.where} lists no image`)
  const selected = candidates.filter(found => select === null || isNamed(found, select))
  if (selected.length === 0) {
    const names = [...new Set(candidates.map(({refName, digest}) => refName ?? digest))].slice(0, 10).join(', ')
    throw new ImageError('IMAGE_NO_TAG', `${name} has no image ${select}`, {hint: `It has ${names}.`})
  }
  const named = [...new Map(selected.map(found => [found.digest, found])).values()]
  return planOf(documents, await choose(documents, named, platform))
}

export function blobPath(digest: Digest): string {
  const {algorithm, hex} = splitDigest(digest)
  return `blobs/${algorithm}/${hex}`
}

/** Goes through indexes inside each other; of all together only so many manifests. */
class Candidates {
  readonly #documents: Documents
  #seen = 0

  constructor(documents: Documents) {
    this.#documents = documents
  }

  async in(index: JsonValue, parent: Candidate | null, depth = 0): Promise<Candidate[]> {
    const {name} = this.#documents
    if (depth > limits.indexDepth) {
      throw new ImageError('IMAGE_TOO_DEEP', `${name}: more than ${limits.indexDepth} indexes inside each other`)
    }
    const manifests = index.field('manifests').items()
    if (manifests.length > limits.manifestsPerIndex) throw tooMany(index.where, limits.manifestsPerIndex)
    this.#seen += manifests.length
    if (this.#seen > limits.manifestsPerImage) throw tooMany(name, limits.manifestsPerImage)
    const found: Candidate[] = []
    for (const descriptor of manifests) found.push(...(await this.#at(descriptor, parent, depth)))
    return found
  }

  async #at(descriptor: JsonValue, parent: Candidate | null, depth: number): Promise<readonly Candidate[]> {
    const digest = parseDigest(descriptor.field('digest').text(), descriptor.where)
    const annotations = descriptor.field('annotations')
    const candidate: Candidate = {
      digest,
      refName: annotations.field('org.opencontainers.image.ref.name').text() || parent?.refName || null,
      fullName: annotations.field('io.containerd.image.name').text() || parent?.fullName || null,
      platform: descriptorPlatform(descriptor.field('platform')),
    }
    if (isAttestation(annotations, candidate.platform)) return []
    if (!indexTypes.has(descriptor.field('mediaType').text())) return [candidate]
    const index = await readManifest(this.#documents, digest, 'index')
    return this.in(index, candidate, depth + 1)
  }
}

function tooMany(where: string, limit: number): ImageError {
  return new ImageError('IMAGE_BAD_MANIFEST', `${where} lists more than ${limit} manifests; that is the limit`)
}

function isAttestation(annotations: JsonValue, platform: Platform | null): boolean {
  return !annotations.field('vnd.docker.reference.type').isMissing || platform?.os === 'unknown'
}

function descriptorPlatform(platform: JsonValue): Platform | null {
  if (platform.isMissing) return null
  return normalPlatform(
    platform.field('os').text(),
    platform.field('architecture').text(),
    platform.field('variant').text(),
  )
}

function isNamed({digest, refName, fullName}: Candidate, select: string): boolean {
  return digest === select || refName === select || fullName === select || fullName?.endsWith(`:${select}`) === true
}

/** The one image, or the best for the platform; an index that does not tell platforms is asked manifest by manifest. */
async function choose(
  documents: Documents,
  candidates: readonly Candidate[],
  platform: Platform | null,
): Promise<Candidate> {
  const {name} = documents
  const images = candidates.length === 1 ? candidates : await imagesAmong(documents, candidates)
  const only = images[0]
  if (only === undefined) throw new ImageError('IMAGE_BAD_MANIFEST', `${name} holds artifacts, but no image`)
  if (images.length === 1 && platform === null) return only
  const wanted = platform ?? hostPlatform()
  const offered: {readonly candidate: Candidate; readonly platform: Platform}[] = []
  for (const candidate of images) {
    offered.push({candidate, platform: candidate.platform ?? (await planOf(documents, candidate)).platform})
  }
  const scores = offered.map(offer => ({...offer, score: platformMatch(wanted, offer.platform)}))
  const best = Math.max(...scores.map(({score}) => score))
  const fitting = scores.filter(({score}) => score === best)
  const text = [...new Set(offered.map(offer => platformText(offer.platform)))].join(', ')
  if (best === 0) {
    throw new ImageError('IMAGE_NO_PLATFORM', `${name} has no image for ${platformText(wanted)}`, {
      hint: `It has ${text}: choose with --platform.`,
    })
  }
  if (fitting.length > 1) {
    const names = fitting
      .map(({candidate}) => candidate.refName ?? candidate.digest)
      .slice(0, 10)
      .join(', ')
    throw new UsageError(
      'USAGE_TARGET',
      `${name} has ${fitting.length} images for ${platformText(wanted)}: say which`,
      {
        hint: `Add :TAG or @DIGEST, with one of ${names}.`,
      },
    )
  }
  return (fitting[0] as (typeof fitting)[number]).candidate
}

/** Signatures and SBOMs stand beside images in a layout; their configuration is of another type. */
async function imagesAmong(documents: Documents, candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
  const images: Candidate[] = []
  for (const candidate of candidates) {
    if (candidate.platform === null) {
      const manifest = await readManifest(documents, candidate.digest, 'image manifest')
      if (!configTypes.has(manifest.field('config').field('mediaType').text())) continue
    }
    images.push(candidate)
  }
  return images
}

async function planOf(documents: Documents, {digest, refName, fullName}: Candidate): Promise<ImagePlan> {
  const {name} = documents
  const manifest = await readManifest(documents, digest, 'image manifest')
  const descriptor = manifest.field('config')
  if (descriptor.isMissing) {
    throw new ImageError('IMAGE_BAD_MANIFEST', `${manifest.where} names no configuration`, {
      hint: 'Old (schema 1) manifests are not read: pull the image again with a current tool.',
    })
  }
  if (!configTypes.has(descriptor.field('mediaType').text())) {
    throw new ImageError(
      'IMAGE_BAD_MANIFEST',
      `${name} holds an artifact (${descriptor.field('mediaType').text()}), not an image`,
    )
  }
  const configDigest = parseDigest(descriptor.field('digest').text(), descriptor.where)
  const what = 'the image configuration'
  const bytes = await documents.config(configDigest, what)
  checkDigest(bytes, configDigest, `${what} of ${name}`)
  const config = parseConfig(bytes, `${what} of ${name}`)
  const layers = manifest.field('layers').items()
  if (layers.length > limits.layers) throw tooManyLayers(manifest.where, layers.length)
  if (layers.length !== config.diffIDs.length) {
    throw new ImageError(
      'IMAGE_BAD_MANIFEST',
      `${name}: the manifest has ${layers.length} layers, the configuration ${config.diffIDs.length}`,
      {
        hint: 'The image is malformed. Save or pull it again.',
      },
    )
  }
  return {
    name: fullName ?? refName,
    platform: config.platform,
    imageID: sha256(bytes),
    manifestDigest: digest,
    config,
    annotations: new Map(
      manifest
        .field('annotations')
        .entries()
        .map(([key, value]) => [key, value.text()]),
    ),
    layers: layers.map((layer, index) => {
      const layerDigest = parseDigest(layer.field('digest').text(), layer.where)
      return {
        path: blobPath(layerDigest),
        digest: layerDigest,
        statedBytes: layer.field('size').bytes(),
        diffID: config.diffIDs[index] ?? null,
      }
    }),
    warnings: [],
  }
}

/** What only the other kind of document has: one that is both could mean one thing to us, another to who runs it. */
const foreignField = {index: ['config', 'layers'], 'image manifest': ['manifests']} as const

async function readManifest(documents: Documents, digest: Digest, kind: keyof typeof foreignField): Promise<JsonValue> {
  const what = `the ${kind} ${digest.slice(0, 19)}`
  const where = `${what} of ${documents.name}`
  const bytes = await documents.manifest(digest, what)
  checkDigest(bytes, digest, where)
  const json = parseJson(bytes, where)
  if (foreignField[kind].some(field => !json.field(field).isMissing)) {
    throw new ImageError('IMAGE_BAD_MANIFEST', `${where} claims to be an index and a manifest at once`, {
      hint: 'The image is malformed, perhaps on purpose. Do not run it.',
    })
  }
  return json
}
