import {statSync} from 'node:fs'
import {join} from 'node:path'
import {sha256} from '../bytes/digest.js'
import {type Digest, splitDigest} from '../model/digest.js'
import type {Platform} from '../model/image.js'
import {FileSource} from './file.js'
import {JsonValue, parseJson} from './json.js'
import {indexType, planIndex} from './oci.js'
import type {ImagePlan} from './plan.js'
import {type BlobStore, readSmall} from './store.js'

const manifestFile = 'manifest.json'
const versionFile = 'version'
const versionText = /^Directory Transport Version: /

/**
 * Is a folder what `skopeo copy … dir:FOLDER` and `podman save --format docker-dir` write? A root file system may hold a
 * file of such a name, so the text in it counts.
 */
export function isDirFolder(folder: string): boolean {
  const path = join(folder, versionFile)
  if (statSync(path, {throwIfNoEntry: false})?.isFile() !== true) return false
  const file = new FileSource(path)
  try {
    return versionText.test(new TextDecoder().decode(file.read(0, 64)))
  } finally {
    file.close()
  }
}

/**
 * Reads a folder that holds the documents of a registry as they are: `manifest.json` is a manifest or an index, other
 * manifests and the blobs are named by their digests.
 * @see containers/image, directory/directory_transport.go
 */
export async function planDir(store: BlobStore, platform: Platform | null): Promise<ImagePlan> {
  const {name} = store
  const root = readSmall(store, manifestFile, manifestFile)
  const rootDigest = sha256(root)
  const isIndex = !parseJson(root, `${manifestFile} of ${name}`).field('manifests').isMissing
  const documents = {
    name,
    manifest: async (digest: Digest, what: string) =>
      digest === rootDigest ? root : readSmall(store, `${fileName(digest)}.${manifestFile}`, what),
    config: async (digest: Digest, what: string) => readSmall(store, fileName(digest), what),
  }
  // As in the index of a layout: there is one thing, and this is what it is.
  const index = new JsonValue({manifests: [{digest: rootDigest, mediaType: isIndex ? indexType : ''}]}, name)
  const plan = await planIndex(documents, index, null, platform)
  return {
    ...plan,
    layers: plan.layers.map(layer => (layer.digest === null ? layer : {...layer, path: fileName(layer.digest)})),
  }
}

function fileName(digest: Digest): string {
  const {algorithm, hex} = splitDigest(digest)
  return algorithm === 'sha256' ? hex : `${algorithm}-${hex}`
}
