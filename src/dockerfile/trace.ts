import type {Image} from '../model/image.js'
import type {BaseImage} from '../model/source-line.js'
import type {Warning} from '../model/warning.js'
import {baseLayerCount, baseNameOf} from './base-layers.js'
import {DockerfileError} from './error.js'
import {type LayerMap, type MapInput, mapLayers} from './map.js'

export interface DockerfileText {
  /** Relative to the repository's root, as reports name it. */
  readonly path: string
  readonly text: string
}

/** Where Dockerfiles come from. */
export interface DockerfileSearch {
  /** The one that the person named. */
  readonly given: DockerfileText | null
  /**
   * Those that lie around, likeliest first; asked only where none is given.
   * @param labelled the path that a label of the image names; null without one
   */
  find(labelled: string | null): readonly DockerfileText[]
  /** The stage that was built; null for the last one. */
  readonly target: string | null
}

/** What is known of where the layers of an image come from. */
export interface Trace {
  readonly map: LayerMap
  /** One for each layer: did it come with the base image? null where that cannot be told. */
  readonly base: readonly (boolean | null)[]
  readonly baseImage: BaseImage | null
  /** Is `base` guessed from history alone? */
  readonly guessed: boolean
  readonly warnings: readonly Warning[]
}

type TracedImage = Pick<Image, 'config' | 'annotations' | 'layers' | 'platform'>

/**
 * Traces the layers of an image to the lines of a Dockerfile: the one that is given, or the one nearby that fits best.
 * @throws {DockerfileError} where the given one cannot be read, or does not belong to the image
 */
export function traceLayers(image: TracedImage, {given, find, target}: DockerfileSearch): Trace {
  const {config, layers, platform} = image
  const input = {target, history: config?.history ?? [], diffIDs: layers, platform}
  const map = given === null ? bestOf(find(labelOf(image)), input) : mapGiven(given, input)
  const fromMap = map.layers.map(({base}) => base)
  const count = baseLayerCount(input.history, layers.length)
  const guessed = count !== null && fromMap.every(base => base === null)
  return {
    map,
    base: guessed ? layers.map((_, index) => index < count) : fromMap,
    baseImage: baseImageOf(image, map),
    guessed,
    warnings: map.warnings,
  }
}

function mapGiven(dockerfile: DockerfileText, input: Omit<MapInput, 'dockerfile'>): LayerMap {
  const map = mapLayers({...input, dockerfile})
  if (map.belongs === false) {
    const [warning] = map.warnings
    throw new DockerfileError('DOCKERFILE_FOREIGN', warning?.message ?? `${dockerfile.path} is not the image's`, {
      hint: 'Give the Dockerfile that the image was built from, and with --target the stage; or leave it out.',
    })
  }
  return map
}

/**
 * The Dockerfile nearby that the image was built from. One that cannot be read, or makes no layers of its own, cannot
 * be shown to be it.
 */
function bestOf(found: readonly DockerfileText[], input: Omit<MapInput, 'dockerfile'>): LayerMap {
  let best: LayerMap | null = null
  for (const dockerfile of found) {
    const map = tried(dockerfile, input)
    if (map?.belongs === true && map.score > (best?.score ?? 0)) best = map
  }
  return best ?? mapLayers({...input, dockerfile: null})
}

function tried(dockerfile: DockerfileText, input: Omit<MapInput, 'dockerfile'>): LayerMap | null {
  try {
    return mapLayers({...input, dockerfile})
  } catch (error) {
    if (error instanceof DockerfileError) return null
    throw error
  }
}

function labelOf({config}: TracedImage): string | null {
  return config?.labels.get('org.label-schema.docker.dockerfile') || null
}

/** @see OCI image specification, annotations.md: pre-defined annotation keys */
const baseNameKey = 'org.opencontainers.image.base.name'

function baseImageOf({config, annotations}: TracedImage, map: LayerMap): BaseImage | null {
  const names: readonly BaseImage[] = [
    {name: map.base.reference ?? '', from: 'dockerfile'},
    {name: annotations.get(baseNameKey) ?? '', from: 'annotation'},
    {name: config?.labels.get(baseNameKey) ?? '', from: 'label'},
    {name: baseNameOf(config?.history ?? []) ?? '', from: 'history'},
  ]
  return names.find(({name}) => name !== '') ?? null
}
