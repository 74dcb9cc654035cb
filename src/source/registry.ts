import {checkDigest, sha256} from '../bytes/digest.js'
import {type Digest, parseDigest} from '../model/digest.js'
import {ImageError} from '../model/errors.js'
import type {Image, Platform} from '../model/image.js'
import {limits, type NetLimits, netLimits} from '../model/limits.js'
import {withDeadline} from '../net/deadline.js'
import {hostnameOf, isAmongHosts, isLoopback} from '../net/host.js'
import {HttpClient} from '../net/http.js'
import {speaksTls} from '../net/speaks-tls.js'
import {mapConcurrent} from './concurrent.js'
import {JsonValue, parseJson} from './json.js'
import {type Documents, indexType, planIndex} from './oci.js'
import {type ImagePlan, imageOf, type PlannedLayer} from './plan.js'
import type {Reference} from './reference.js'
import type {AttestedImage} from './registry/attestations.js'
import {Authorizer} from './registry/authorizer.js'
import {RegistryClient, type StoredBlob} from './registry/client.js'
import {findCredentials} from './registry/credentials.js'
import {type LayerStore, layersAtOnce} from './store.js'

/** How registries are reached. */
export interface RegistryOptions {
  /** Hosts that may be spoken to in plain HTTP, besides this machine: `host` or `host:port`. */
  readonly insecure?: readonly string[]
  /** Where proxies, certificate authorities and credentials are named. */
  readonly env?: NodeJS.ProcessEnv
  readonly userAgent?: string
  readonly limits?: Partial<NetLimits>
  /** Ends what is under way. */
  readonly signal?: AbortSignal
}

/**
 * Opens an image in a registry: its documents are read now, its layers when they are wanted, straight from the network.
 * @throws {NetError}, {RegistryError}, {ImageError}
 */
export async function openRegistry(
  reference: Reference,
  platform: Platform | null,
  {insecure = [], env = process.env, userAgent = 'piton', limits: changed = {}, signal}: RegistryOptions,
): Promise<Image> {
  const times: NetLimits = {...netLimits, ...changed}
  const http = new HttpClient({userAgent, env, plainHosts: insecure, limits: times})
  const base = await baseOf(reference, insecure, times.connectMs)
  const authorizer = new Authorizer(http, base, reference, () =>
    findCredentials(reference, env, times.helperMs, signal),
  )
  const client = new RegistryClient(http, base, reference, authorizer, times)
  try {
    const {plan, root} = await withDeadline(
      times.documentsMs,
      `the manifests of ${reference.name}`,
      deadline => planImage(client, reference, platform, deadline),
      signal,
    )
    const layers = layersOf(client, plan, reference.name, times.layersMs, signal)
    const image = imageOf(plan, layers, `registry:${reference.name}`, true)
    return {
      ...image,
      indexDigest: root.digest === plan.manifestDigest ? null : root.digest,
      async attestations() {
        const {readAttestations} = await import('./registry/attestations.js')
        return readAttestations(client, attestedImage(plan, root, reference.name), times.documentsMs, signal)
      },
    }
  } catch (error) {
    client.close()
    throw error
  }
}

/** Where the registry is. Docker Hub's has another name than its images; one on this machine may or may not use TLS. */
async function baseOf({registry}: Reference, insecure: readonly string[], connectMs: number): Promise<URL> {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry
  const [plain, secure] = [new URL(`http://${host}/`), new URL(`https://${host}/`)]
  if (isAmongHosts(plain, insecure)) return plain
  return isLoopback(hostnameOf(plain)) && !(await speaksTls(secure, connectMs)) ? plain : secure
}

async function planImage(
  client: RegistryClient,
  reference: Reference,
  platform: Platform | null,
  signal: AbortSignal,
): Promise<{readonly plan: ImagePlan; readonly root: Root}> {
  const {name} = reference
  const root = await rootOf(client, reference, signal)
  const documents = documentsOf(client, name, root, signal)
  // As in the index of a layout: there is one thing, and this is what it is.
  const index = new JsonValue({manifests: [{digest: root.digest, mediaType: root.mediaType}]}, name)
  const plan = await planIndex(documents, index, null, platform)
  return {plan: {...plan, name}, root}
}

/** Where attestations of the image are looked for. */
function attestedImage({manifestDigest}: ImagePlan, {digest, bytes, mediaType}: Root, name: string): AttestedImage {
  const index = mediaType === indexType ? parseJson(bytes, `the index of ${name}`) : null
  const digests = [...new Set([...(manifestDigest === null ? [] : [manifestDigest]), digest])]
  return {name, digests, besides: index?.field('manifests').items() ?? []}
}

/** The document that a tag or digest names. */
interface Root {
  readonly digest: Digest
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** From here on everything is asked for by digest, also what a tag named. */
async function rootOf(client: RegistryClient, reference: Reference, signal: AbortSignal): Promise<Root> {
  const {name} = reference
  const {bytes, header} = await client.manifest(reference.digest ?? reference.tag ?? '', name, signal)
  const stated = header('docker-content-digest')
  const claimed = stated === undefined ? null : parseDigest(stated, `Docker-Content-Digest of ${name}`)
  const digest = reference.digest ?? claimed ?? sha256(bytes)
  for (const expected of new Set([digest, claimed ?? digest])) checkDigest(bytes, expected, name)
  // By what it holds: Content-Type has been known to lie, and what is both is refused.
  const isIndex = !parseJson(bytes, name).field('manifests').isMissing
  return {digest, bytes, mediaType: isIndex ? indexType : ''}
}

/** Documents by digest, each fetched once. */
function documentsOf(client: RegistryClient, name: string, root: Root, signal: AbortSignal): Documents {
  const known = new Map([[root.digest, root.bytes]])
  let keptBytes = 0
  return {
    name,
    async manifest(digest, what) {
      const bytes = known.get(digest) ?? (await client.manifest(digest, `${what} of ${name}`, signal)).bytes
      if (!known.has(digest)) keptBytes += bytes.length
      if (keptBytes > limits.keptBytes) {
        throw new ImageError('IMAGE_BAD_MANIFEST', `the manifests of ${name} have more than ${limits.keptBytes} bytes`)
      }
      known.set(digest, bytes)
      return bytes
    },
    config: (digest, what) => client.blob(digest, `${what} of ${name}`, signal),
  }
}

/** The layers of an image, as they come: several at once, and none goes on when one has failed. */
function layersOf(
  client: RegistryClient,
  {layers}: ImagePlan,
  name: string,
  layersMs: number,
  ending: AbortSignal | undefined,
): LayerStore {
  const blobs = new Map(layers.map(layer => [layer.path, storedBlob(layer, name)]))
  return {
    name,
    inMemory: false,
    isRemote: true,
    sizeOf: path => blobs.get(path)?.sizeBytes ?? null,
    readBlobs(paths, use) {
      const stop = new AbortController()
      const work = (signal: AbortSignal) =>
        mapConcurrent(paths, layersAtOnce, async (path, index) => {
          const blob = blobs.get(path) as StoredBlob
          try {
            return await use(client.stream(blob, `layer ${blob.digest.slice(0, 19)} of ${name}`, signal), index)
          } catch (error) {
            stop.abort(error)
            throw error
          }
        })
      const parent = ending === undefined ? stop.signal : AbortSignal.any([stop.signal, ending])
      return withDeadline(layersMs, `the layers of ${name}`, work, parent, '--limit download-time=6h')
    },
    close: () => client.close(),
  }
}

function storedBlob({digest, statedBytes}: PlannedLayer, name: string): StoredBlob {
  if (digest === null || statedBytes === null) {
    throw new ImageError('IMAGE_BAD_MANIFEST', `the manifest of ${name} does not state the size of a layer`, {
      hint: 'The image is malformed. Push it again.',
    })
  }
  return {digest, sizeBytes: statedBytes}
}
