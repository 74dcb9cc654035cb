import {checkDigest} from '../bytes/digest.js'
import {type Digest, parseDigest, splitDigest} from '../model/digest.js'
import {ImageError, UsageError} from '../model/errors.js'
import type {Platform} from '../model/image.js'
import {limits} from '../model/limits.js'
import {imageIDOf, parseConfig, tooManyLayers} from './config.js'
import {type JsonValue, parseJson} from './json.js'
import type {ImagePlan} from './plan.js'
import {hostPlatform, normalPlatform, platformMatch, platformText} from './platform.js'
import {type BlobStore, missingBlob, readSmall} from './store.js'

export const ociIndex = 'index.json'
export const ociMarker = 'oci-layout'

const indexTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])
const configTypes = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
  '',
])

/** A manifest that an index names, and what is known of its image before its configuration is read. */
interface Candidate {
  readonly digest: Digest
  /** `org.opencontainers.image.ref.name` of the top index. */
  readonly refName: string | null
  /** `io.containerd.image.name`: the full name. */
  readonly fullName: string | null
  readonly platform: Platform | null
}

/**
 * Reads an OCI layout: `index.json`, indexes inside it, manifests, configuration; each verified by its digest.
 * Attestations and other artifacts beside the images are passed over.
 * @param select a reference name, or the digest of a manifest
 * @param platform what was asked for; null takes the only image, or the one for Linux on this machine
 * @see OCI image specification, image-layout.md, image-index.md
 */
export function planOci(store: BlobStore, select: string | null, platform: Platform | null): ImagePlan {
  const where = `${ociIndex} of ${store.name}`
  const index = parseJson(readSmall(store, ociIndex, ociIndex), where)
  const candidates = candidatesOf(store, index, null)
  if (candidates.length === 0) throw new ImageError('IMAGE_BAD_MANIFEST', `${where} lists no image`)
  const selected = candidates.filter(found => select === null || isNamed(found, select))
  if (selected.length === 0) {
    const names = [...new Set(candidates.map(({refName, digest}) => refName ?? digest))].slice(0, 10).join(', ')
    throw new ImageError('IMAGE_NO_TAG', `${store.name} has no image ${select}`, {hint: `It has ${names}.`})
  }
  const named = [...new Map(selected.map(found => [found.digest, found])).values()]
  return planOf(store, choose(store, named, platform))
}

export function blobPath(digest: Digest): string {
  const {algorithm, hex} = splitDigest(digest)
  return `blobs/${algorithm}/${hex}`
}

function candidatesOf(store: BlobStore, index: JsonValue, parent: Candidate | null, depth = 0): Candidate[] {
  if (depth > limits.indexDepth) {
    throw new ImageError('IMAGE_TOO_DEEP', `${store.name}: more than ${limits.indexDepth} indexes inside each other`)
  }
  const manifests = index.field('manifests').items()
  if (manifests.length > limits.manifestsPerIndex) {
    throw new ImageError(
      'IMAGE_BAD_MANIFEST',
      `${index.where} lists ${manifests.length} manifests; ${limits.manifestsPerIndex} is the limit`,
    )
  }
  return manifests.flatMap(descriptor => {
    const digest = parseDigest(descriptor.field('digest').text(), descriptor.where)
    const annotations = descriptor.field('annotations')
    const candidate: Candidate = {
      digest,
      refName: annotations.field('org.opencontainers.image.ref.name').text() || parent?.refName || null,
      fullName: annotations.field('io.containerd.image.name').text() || parent?.fullName || null,
      platform: descriptorPlatform(descriptor.field('platform')),
    }
    if (isAttestation(annotations, candidate.platform)) return []
    if (indexTypes.has(descriptor.field('mediaType').text())) {
      return candidatesOf(store, readDocument(store, digest, 'an index'), candidate, depth + 1)
    }
    return [candidate]
  })
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
function choose(store: BlobStore, candidates: readonly Candidate[], platform: Platform | null): Candidate {
  const images =
    candidates.length === 1 ? candidates : candidates.filter(found => found.platform !== null || isImage(store, found))
  const only = images[0]
  if (only === undefined) throw new ImageError('IMAGE_BAD_MANIFEST', `${store.name} holds artifacts, but no image`)
  if (images.length === 1 && platform === null) return only
  const wanted = platform ?? hostPlatform()
  const offered = images.map(candidate => ({
    candidate,
    platform: candidate.platform ?? planOf(store, candidate).platform,
  }))
  const scores = offered.map(offer => ({...offer, score: platformMatch(wanted, offer.platform)}))
  const best = Math.max(...scores.map(({score}) => score))
  const fitting = scores.filter(({score}) => score === best)
  const text = [...new Set(offered.map(offer => platformText(offer.platform)))].join(', ')
  if (best === 0) {
    throw new ImageError('IMAGE_NO_PLATFORM', `${store.name} has no image for ${platformText(wanted)}`, {
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
      `${store.name} has ${fitting.length} images for ${platformText(wanted)}: say which`,
      {
        hint: `Add :TAG or @DIGEST, with one of ${names}.`,
      },
    )
  }
  return (fitting[0] as (typeof fitting)[number]).candidate
}

/** Signatures and SBOMs stand beside images in a layout; their configuration is of another type. */
function isImage(store: BlobStore, {digest}: Candidate): boolean {
  return configTypes.has(readDocument(store, digest, 'the image manifest').field('config').field('mediaType').text())
}

function planOf(store: BlobStore, {digest, refName, fullName}: Candidate): ImagePlan {
  const manifest = readDocument(store, digest, 'the image manifest')
  const descriptor = manifest.field('config')
  if (descriptor.isMissing) {
    throw new ImageError('IMAGE_BAD_MANIFEST', `${manifest.where} names no configuration`, {
      hint: 'Old (schema 1) manifests are not read: pull the image again with a current tool.',
    })
  }
  if (!configTypes.has(descriptor.field('mediaType').text())) {
    throw new ImageError(
      'IMAGE_BAD_MANIFEST',
      `${store.name} holds an artifact (${descriptor.field('mediaType').text()}), not an image`,
    )
  }
  const configDigest = parseDigest(descriptor.field('digest').text(), descriptor.where)
  const bytes = readVerified(store, configDigest, 'the image configuration')
  const config = parseConfig(bytes, `the image configuration of ${store.name}`)
  const layers = manifest.field('layers').items()
  if (layers.length > limits.layers) throw tooManyLayers(manifest.where, layers.length)
  if (layers.length !== config.diffIDs.length) {
    throw new ImageError(
      'IMAGE_BAD_MANIFEST',
      `${store.name}: the manifest has ${layers.length} layers, the configuration ${config.diffIDs.length}`,
      {
        hint: 'The image is malformed. Save or pull it again.',
      },
    )
  }
  return {
    name: fullName ?? refName,
    platform: config.platform,
    imageID: imageIDOf(bytes),
    manifestDigest: digest,
    config,
    layers: layers.map((layer, index) => {
      const layerDigest = parseDigest(layer.field('digest').text(), layer.where)
      return {path: blobPath(layerDigest), digest: layerDigest, diffID: config.diffIDs[index] ?? null}
    }),
    warnings: [],
  }
}

function readDocument(store: BlobStore, digest: Digest, what: string): JsonValue {
  return parseJson(readVerified(store, digest, what), `${what} ${digest.slice(0, 19)} of ${store.name}`)
}

function readVerified(store: BlobStore, digest: Digest, what: string): Uint8Array {
  const path = blobPath(digest)
  if (store.sizeOf(path) === null) throw missingBlob(store, path, what)
  const bytes = readSmall(store, path, what)
  checkDigest(bytes, digest, `${what} of ${store.name}`)
  return bytes
}
