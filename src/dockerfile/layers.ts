import type {HistoryEntry} from '../model/image.js'
import {type CreatedBy, parseCreatedBy} from './created-by.js'

/** A line of history that changed files. */
export interface LayerEntry {
  readonly made: CreatedBy
  /** Index of the layer that holds its files. */
  readonly layer: number
}

/**
 * The lines of history behind the layers, in order: those without `empty_layer`, and before each of them the RUN, COPY
 * and ADD whose files a builder put into the same layer (buildah without `--layers`, `docker build --squash`, which
 * then adds a line without a command).
 * @returns null where there is not one line for each layer: the history was cut, or layers were merged afterwards
 */
export function layersOf(history: readonly HistoryEntry[], layerCount: number): LayerEntry[] | null {
  const entries: LayerEntry[] = []
  let layer = 0
  for (const {createdBy, emptyLayer} of history) {
    const made = parseCreatedBy(createdBy)
    const merges = createdBy === '' && entries.at(-1)?.layer === layer
    const joins = changesFiles.has(made.kind) && made.text !== '' && layer < layerCount
    if (emptyLayer ? joins : !merges) entries.push({made, layer})
    if (!emptyLayer) layer++
  }
  return layer === layerCount ? entries : null
}

const changesFiles: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD'])
