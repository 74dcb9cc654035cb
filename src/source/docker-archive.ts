import {sha256} from '../bytes/digest.js'
import {ImageError, UsageError} from '../model/errors.js'
import {type Platform, platformText} from '../model/image.js'
import {limits} from '../model/limits.js'
import {count} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {parseConfig, tooManyLayers} from './config.js'
import {inputName} from './input.js'
import {type JsonValue, parseJson} from './json.js'
import type {ImagePlan} from './plan.js'
import {platformMatch} from './platform.js'
import {type BlobStore, readSmall} from './store.js'
import {inputTarget} from './target.js'

export const dockerManifest = 'manifest.json'

interface Listed {
  readonly config: string
  readonly tags: readonly string[]
  readonly layers: readonly string[]
}

/**
 * Reads what `docker save` writes, today's and the form before Docker 25: `manifest.json` lists images, their
 * configuration and their layers by path.
 * @param select a tag or name, where there are several images
 * @throws {ImageError} for a manifest that does not hold together; {UsageError} where the choice is not clear
 */
export function planDockerArchive(store: BlobStore, select: string | null, platform: Platform | null): ImagePlan {
  const where = `${dockerManifest} of ${store.name}`
  const listed = parseJson(readSmall(store, dockerManifest, dockerManifest), where)
    .items()
    .map(parseListed)
  if (listed.length === 0) throw new ImageError('IMAGE_BAD_MANIFEST', `${where} lists no image`)
  const images = selected(listed, select)
  if (images.length === 0) throw noSuchTag(store, listed, select ?? '')
  const plans = images.map(image => planOf(store, image, select))
  const fitting = platform === null ? plans : plans.filter(plan => platformMatch(platform, plan.platform) > 0)
  if (fitting.length === 0 && platform !== null) throw noSuchPlatform(store, plans, platform)
  if (fitting.length > 1) throw severalImages(store, listed)
  return fitting[0] as ImagePlan
}

/** The images that a name means: those that bear it to the letter, else those it abbreviates. */
function selected(listed: readonly Listed[], select: string | null): readonly Listed[] {
  if (select === null) return listed
  const exact = listed.filter(image => image.tags.includes(select))
  return exact.length > 0 ? exact : listed.filter(image => image.tags.some(tag => isTag(tag, select)))
}

/** Does `manifest.json` look like one of ours? A root file system may hold a file of that name. */
export function isDockerManifest(json: JsonValue): boolean {
  if (!json.isArray()) return false
  return json.items().every(item => !item.isArray() && !item.field('Config').isMissing)
}

function parseListed(item: JsonValue): Listed {
  const layers = item.field('Layers')
  const paths = layers.items().map(layer => layer.text())
  if (layers.isMissing) {
    throw new ImageError('IMAGE_BAD_MANIFEST', `${layers.where} is missing`, {
      hint: 'The image is malformed. Save it again.',
    })
  }
  if (paths.length > limits.layers) throw tooManyLayers(item.where, paths.length)
  return {
    config: item.field('Config').text(),
    tags: item
      .field('RepoTags')
      .items()
      .map(tag => tag.text()),
    layers: paths,
  }
}

function planOf(store: BlobStore, image: Listed, select: string | null): ImagePlan {
  const bytes = readSmall(store, image.config, 'the image configuration')
  const config = parseConfig(bytes, `the image configuration of ${store.name}`)
  const imageID = sha256(bytes)
  const warnings: Warning[] = []
  const stated = /([0-9a-f]{64})(?:\.json)?$/.exec(image.config)?.[1]
  if (stated !== undefined && imageID !== `sha256:${stated}`) {
    warnings.push({
      code: 'IMAGE_CONFIG_CHANGED',
      message: `the configuration of ${store.name} is named sha256:${stated} but is ${imageID}: it was changed after it was saved`,
    })
  }
  const complete = config.diffIDs.length === image.layers.length
  if (!complete) {
    warnings.push({
      code: 'IMAGE_LAYER_COUNT',
      message: `${store.name} holds ${count(image.layers.length, 'layer')}, its configuration names ${config.diffIDs.length}: what is there is read, unverified`,
      hides: true,
    })
  }
  return {
    name: (select === null ? undefined : image.tags.find(tag => isTag(tag, select))) ?? image.tags[0] ?? null,
    platform: config.platform,
    imageID,
    manifestDigest: null,
    config,
    annotations: new Map(),
    layers: image.layers.map((path, index) => ({
      path,
      digest: null,
      statedBytes: null,
      diffID: complete ? (config.diffIDs[index] ?? null) : null,
    })),
    warnings,
  }
}

/** `app:1.2` names `docker.io/library/app:1.2` and `example/app:1.2`; `app` names `app:latest`; `1.2` any tag 1.2. */
export function isTag(tag: string, select: string): boolean {
  const [whole, latest] = [`/${tag}`, `/${tag}`.replace(/:latest$/, '')]
  return whole.endsWith(`/${select}`) || latest.endsWith(`/${select}`) || tag.slice(tag.lastIndexOf(':') + 1) === select
}

function noSuchTag(store: BlobStore, listed: readonly Listed[], select: string): ImageError {
  return new ImageError('IMAGE_NO_TAG', `${store.name} has no image ${select}`, {hint: `It has ${tagsOf(listed)}.`})
}

function severalImages(store: BlobStore, listed: readonly Listed[]): UsageError {
  return new UsageError('USAGE_TARGET', `${store.name} has ${count(listed.length, 'image')}: say which`, {
    hint: `docker-archive:${store.name === inputName ? inputTarget : store.name}:TAG, with one of ${tagsOf(listed)}.`,
  })
}

function noSuchPlatform(store: BlobStore, plans: readonly ImagePlan[], platform: Platform): ImageError {
  const offered = plans.map(plan => platformText(plan.platform)).join(', ')
  return new ImageError('IMAGE_NO_PLATFORM', `${store.name} has no image for ${platformText(platform)}`, {
    hint: `It has ${offered}.`,
  })
}

function tagsOf(listed: readonly Listed[]): string {
  const tags = listed.flatMap(image => image.tags)
  return tags.length === 0 ? 'no tags' : `${tags.slice(0, 10).join(', ')}${tags.length > 10 ? ', …' : ''}`
}
