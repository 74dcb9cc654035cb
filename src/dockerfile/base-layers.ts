import type {HistoryEntry} from '../model/image.js'
import {parseCreatedBy} from './created-by.js'
import {layersOf} from './layers.js'

/**
 * How many layers the base image brought, as far as history alone tells: a Dockerfile sets CMD or ENTRYPOINT at its end,
 * so what comes after the last one that layers follow is another Dockerfile's. A guess, though a good one: people may
 * write CMD before RUN.
 * @returns null where history does not tell
 */
export function baseLayerCount(history: readonly HistoryEntry[], layerCount: number): number | null {
  if (layersOf(history, layerCount) === null) return null
  let layers = 0
  let base = baseNameOf(history) !== null && layerCount > 1 ? 1 : null
  for (const {createdBy, emptyLayer} of history) {
    if (!emptyLayer) layers++
    else if (layers > 0 && layers < layerCount && starts.has(parseCreatedBy(createdBy).kind)) base = layers
  }
  return base
}

const starts: ReadonlySet<string> = new Set(['CMD', 'ENTRYPOINT'])

/** `alpine:3.20.3`, where the first layer is Alpine's own root file system; null elsewhere. */
export function baseNameOf([first]: readonly HistoryEntry[]): string | null {
  const [, version] = /\balpine-minirootfs-(\d{1,3}\.\d{1,3}\.\d{1,3})-/.exec(first?.createdBy ?? '') ?? []
  return version === undefined ? null : `alpine:${version}`
}
