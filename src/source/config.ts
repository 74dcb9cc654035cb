import {parseDiffID} from '../model/digest.js'
import {ImageError} from '../model/errors.js'
import type {HistoryEntry, ImageConfig} from '../model/image.js'
import {limits} from '../model/limits.js'
import {type JsonValue, parseJson} from './json.js'
import {normalPlatform} from './platform.js'

/**
 * Reads an image configuration.
 * @see OCI image specification, config.md
 * @throws {ImageError} IMAGE_BAD_JSON, IMAGE_BAD_MANIFEST, IMAGE_BAD_DIGEST
 */
export function parseConfig(bytes: Uint8Array, where: string): ImageConfig {
  const json = parseJson(bytes, where)
  const config = json.field('config')
  const diffIDs = json.field('rootfs').field('diff_ids').items()
  if (diffIDs.length > limits.layers) throw tooManyLayers(where, diffIDs.length)
  return {
    platform: normalPlatform(
      json.field('os').text() || 'linux',
      json.field('architecture').text() || 'unknown',
      json.field('variant').text(),
    ),
    entrypoint: words(config.field('Entrypoint')),
    cmd: words(config.field('Cmd')),
    env: words(config.field('Env')),
    workingDir: config.field('WorkingDir').text(),
    labels: new Map(
      config
        .field('Labels')
        .entries()
        .map(([name, value]) => [name, value.text()]),
    ),
    history: few(json.field('history')).map(historyEntry),
    diffIDs: diffIDs.map(item => parseDiffID(item.text(), item.where)),
  }
}

/** The command behind each layer; nulls where the history does not have one line for each layer. */
export function layerCommands(config: ImageConfig, layers: number): readonly (string | null)[] {
  const commands = config.history.filter(entry => !entry.emptyLayer).map(entry => entry.createdBy)
  return commands.length === layers ? commands : new Array<null>(layers).fill(null)
}

export function tooManyLayers(where: string, count: number): ImageError {
  return new ImageError('IMAGE_BAD_MANIFEST', `${where} has ${count} layers; ${limits.layers} is the limit`)
}

function historyEntry(entry: JsonValue): HistoryEntry {
  return {
    createdBy: entry.field('created_by').text().slice(0, limits.historyCharacters),
    emptyLayer: entry.field('empty_layer').isTrue(),
  }
}

function words(value: JsonValue): readonly string[] {
  return few(value).map(item => item.text())
}

/** The elements of a list that is as long as a person or a build makes it. */
function few(value: JsonValue): readonly JsonValue[] {
  const length = value.length()
  if (length > limits.configItems) {
    const text = `${value.where} has ${length} elements; ${limits.configItems} is the limit`
    throw new ImageError('IMAGE_BAD_MANIFEST', text, {hint: 'The image is malformed. Build or pull it again.'})
  }
  return value.items()
}
