import {createHash} from 'node:crypto'
import {file, type TarItem, tarOf} from './tar.js'

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

export interface ImageParts {
  /** Uncompressed tars, base first. */
  readonly layers: readonly Uint8Array[]
  /** How a layer is stored. */
  readonly compress?: (tar: Uint8Array, index: number) => Uint8Array
  readonly createdBy?: readonly string[]
  readonly architecture?: string
  readonly variant?: string
  readonly tags?: readonly string[]
  readonly config?: Readonly<Record<string, unknown>>
}

/** An image configuration for these layers. */
export function configOf({layers, createdBy = [], architecture = 'amd64', variant, config = {}}: ImageParts): Buffer {
  return json({
    architecture,
    os: 'linux',
    ...(variant === undefined ? {} : {variant}),
    config: {Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/bin/sh'], ...config},
    history: createdBy.map(text => ({
      created_by: text,
      ...(/^(?:ENV|CMD|ENTRYPOINT|LABEL|EXPOSE|USER) /.test(text) ? {empty_layer: true} : {}),
    })),
    rootfs: {type: 'layers', diff_ids: layers.map(digestOf)},
  })
}

/** What `docker save` writes: `manifest.json`, the configuration, `blobs/sha256/…` with plain layers. */
export function dockerArchive(...images: readonly ImageParts[]): Buffer {
  const items = new Map<string, TarItem>()
  const manifest = images.map(image => {
    const config = configOf(image)
    const blobs = [config, ...image.layers.map((layer, index) => image.compress?.(layer, index) ?? layer)]
    const paths = blobs.map(blob => `blobs/sha256/${digestOf(blob).slice(7)}`)
    for (const [index, path] of paths.entries()) items.set(path, file(path, blobs[index]))
    return {Config: paths[0], RepoTags: image.tags ?? null, Layers: paths.slice(1)}
  })
  return tarOf([...items.values(), file('manifest.json', json(manifest))])
}

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
}

/** The files of an OCI layout with these images in its index. */
export function ociFiles(...images: readonly ImageParts[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const blob = (bytes: Buffer, mediaType: string) => {
    files.set(`blobs/sha256/${digestOf(bytes).slice(7)}`, bytes)
    return {mediaType, digest: digestOf(bytes), size: bytes.length}
  }
  const manifests = images.map(image => {
    const config = blob(configOf(image), types.config)
    const layers = image.layers.map((layer, index) =>
      blob(Buffer.from(image.compress?.(layer, index) ?? layer), types.layer),
    )
    const platform = {
      os: 'linux',
      architecture: image.architecture ?? 'amd64',
      ...(image.variant === undefined ? {} : {variant: image.variant}),
    }
    const annotations =
      image.tags?.[0] === undefined ? {} : {annotations: {'org.opencontainers.image.ref.name': image.tags[0]}}
    const manifest = blob(json({schemaVersion: 2, mediaType: types.manifest, config, layers}), types.manifest)
    return {...manifest, platform, ...annotations}
  })
  files.set('oci-layout', json({imageLayoutVersion: '1.0.0'}))
  files.set('index.json', json({schemaVersion: 2, mediaType: types.index, manifests}))
  return files
}

export function ociArchive(...images: readonly ImageParts[]): Buffer {
  return tarOf([...ociFiles(...images)].map(([name, body]) => file(name, body)))
}

/** As {@link ociArchive}, with the images in an index inside the index: what `docker buildx` and `skopeo --all` write. */
export function ociIndexArchive(...images: readonly ImageParts[]): Buffer {
  const files = ociFiles(...images)
  const inner = files.get('index.json') as Buffer
  const descriptor = {mediaType: types.index, digest: digestOf(inner), size: inner.length}
  files.set(`blobs/sha256/${digestOf(inner).slice(7)}`, inner)
  files.set('index.json', json({schemaVersion: 2, mediaType: types.index, manifests: [descriptor]}))
  return tarOf([...files].map(([name, body]) => file(name, body)))
}
