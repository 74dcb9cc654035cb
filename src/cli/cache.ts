import {endianness, homedir} from 'node:os'
import {join} from 'node:path'
import {CacheFolder} from '../cache/folder.js'
import {limits} from '../model/limits.js'
import type {Memory} from '../model/stored.js'
import {visible} from '../model/text.js'
import {build} from '../version.js'
import {apart} from './watched.js'

/** Where is kept what layers said. */
export function layerCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'piton', 'layers')
}

/**
 * The cache of scans; null where the program is run from its sources, for nobody knows what they were when something was
 * kept.
 * @param debug say on standard error why it is not used
 */
export function openCache(debug: boolean): (Memory & {close(): void}) | null {
  if (build === null) return null
  const folder = new CacheFolder(layerCacheFolder(), {
    prefix: JSON.stringify([build, process.arch, endianness(), limits]),
    ...(debug ? {debug: line => process.stderr.write(`piton: debug: ${visible(line)}\n`)} : {}),
  })
  // The answer is the same with the cache and without.
  return {
    recall: (key, codec) => apart(() => folder.recall(key, codec)),
    keep: (key, value, codec) => apart(() => folder.keep(key, value, codec)),
    close: () => apart(() => folder.close()),
  }
}
