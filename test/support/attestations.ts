import {digestOf} from './images.js'
import type {Content} from './registry-server.js'

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
export const base64 = (value: unknown): string => json(value).toString('base64')

export const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  openvex: 'application/vnd.openvex+json',
  inToto: 'application/vnd.in-toto+json',
  dsse: 'application/vnd.dsse.envelope.v1+json',
  bundle: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  cyclonedx: 'application/vnd.cyclonedx+json',
}

/** An OpenVEX document that says why a vulnerability does not concern a product, or whatever it is attested to. */
export const openvex = (id: string, ...products: string[]) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.org/vex/1',
  author: 'publisher',
  timestamp: '2026-01-01T00:00:00Z',
  version: 1,
  statements: [
    {
      vulnerability: {name: id},
      ...(products.length > 0 && {products: products.map(product => ({'@id': product}))}),
      status: 'not_affected',
      justification: 'component_not_present',
    },
  ],
})

/** An in-toto statement about the image with this digest. */
export const inToto = (digest: string, predicate: unknown, predicateType = 'https://openvex.dev/ns/v0.2.0') => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{name: 'app', digest: {sha256: digest.replace('sha256:', '')}}],
  predicateType,
  predicate,
})

export const dsse = (statement: unknown) => ({
  payloadType: types.inToto,
  payload: base64(statement),
  signatures: [{sig: ''}],
})

export const bundle = (statement: unknown) => ({mediaType: types.bundle, dsseEnvelope: dsse(statement)})

export interface Stored {
  /** A document, or bytes that are none. */
  readonly document: unknown
  readonly type: string
  readonly artifactType?: string
  /** Of the layer. */
  readonly annotations?: Readonly<Record<string, string>>
  readonly subject?: string
}

/** Puts an artifact with one document into a registry, and gives its descriptor. */
export function store(content: Content, {document, type, artifactType, annotations, subject}: Stored) {
  const bytes = Buffer.isBuffer(document) ? document : json(document)
  content.blobs.set(digestOf(bytes), bytes)
  const manifest = json({
    schemaVersion: 2,
    mediaType: types.manifest,
    ...(artifactType !== undefined && {artifactType}),
    config: {mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(json({})), size: 2},
    layers: [{mediaType: type, digest: digestOf(bytes), size: bytes.length, annotations}],
    ...(subject !== undefined && {subject: {mediaType: types.manifest, digest: subject, size: 1}}),
  })
  content.manifests.set(digestOf(manifest), {type: types.manifest, bytes: manifest})
  const descriptor = {mediaType: types.manifest, digest: digestOf(manifest), size: manifest.length}
  return {...descriptor, ...(artifactType !== undefined && {artifactType}), blob: digestOf(bytes)}
}

/** Puts an index of descriptors under a tag. */
export function tagIndex(content: Content, tag: string, manifests: readonly object[]): void {
  content.manifests.set(tag, {type: types.index, bytes: json({schemaVersion: 2, mediaType: types.index, manifests})})
}

/** Gives what a digest names a tag as well. */
export function tagManifest(content: Content, tag: string, digest: string): void {
  const manifest = content.manifests.get(digest)
  if (manifest !== undefined) content.manifests.set(tag, manifest)
}
