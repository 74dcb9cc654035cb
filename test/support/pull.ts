import type {NetLimits} from '../../src/model/limits.js'
import {openSource, type RegistryOptions} from '../../src/source/index.js'
import {parsePlatform} from '../../src/source/platform.js'
import {digestOf} from './images.js'

/** Times and tries with which a test of what goes wrong is over at once. */
export const quick: Partial<NetLimits> = {
  connectMs: 2000,
  headMs: 200,
  idleMs: 200,
  documentMs: 1500,
  documentsMs: 4000,
  layersMs: 2000,
  helperMs: 2000,
  attempts: 3,
  resumes: 3,
  backoffMs: 1,
  longestBackoffMs: 4,
  longestRetryAfterMs: 1500,
}

export interface Pulled {
  readonly name: string | null
  readonly reference: string
  readonly platform: string | null
  readonly imageID: string | null
  readonly manifestDigest: string | null
  /** Digests of the layers' tars. */
  readonly layers: readonly string[]
}

/** Opens an image as a scan does, with nothing of this machine's environment, and reads all of its layers. */
export async function pull(
  target: string,
  registry: RegistryOptions = {},
  platform: string | null = null,
): Promise<Pulled> {
  const image = await openSource(target, {
    platform: platform === null ? null : parsePlatform(platform),
    verify: false,
    registry: {env: {HOME: '/nonexistent'}, ...registry, limits: {...quick, ...registry.limits}},
  })
  try {
    const layers = await image.readLayers(image.layers, async content => {
      if (content.kind !== 'stream') throw new Error(`a layer of a registry is a ${content.kind}`)
      const chunks: Uint8Array[] = []
      for await (const chunk of content.tar) chunks.push(chunk)
      return digestOf(Buffer.concat(chunks))
    })
    const {name, reference, imageID, manifestDigest} = image
    return {name, reference, platform: image.platform?.architecture ?? null, imageID, manifestDigest, layers}
  } finally {
    image.close()
  }
}

/** `CODE: message` of what went wrong. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    error => `${error.code}: ${error.message}`,
  )
}
