import {spawnSync} from 'node:child_process'

/** musl's loader, where Debian and Alpine install it. */
export const liveLoader = '/lib/ld-musl-x86_64.so.1'

/** What the loader printed, in the words in which the model's verdicts are compared with it. */
export interface Listing {
  readonly libraries: readonly string[]
  readonly symbols: readonly string[]
  readonly relocations: readonly string[]
}

/** Has the real loader list a file, which runs nothing of it; null where the loader itself crashed. */
export function listLive(file: string, libraryPath: string): Listing | null {
  const {stderr, status, signal} = spawnSync(liveLoader, ['--list', file], {
    encoding: 'latin1',
    env: libraryPath === '' ? {} : {LD_LIBRARY_PATH: libraryPath},
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
  })
  if (signal !== null || status === null) return null
  const listing = {libraries: new Set<string>(), symbols: new Set<string>(), relocations: new Set<string>()}
  for (const line of stderr.split('\n')) {
    const [, library, neededBy] = /^Error loading shared library (.*?): .* \(needed by (.*)\)$/.exec(line) ?? []
    if (library !== undefined) listing.libraries.add(`${library} < ${neededBy}`)
    const [, object, what] = /^Error relocating (.*?): (.*)$/.exec(line) ?? []
    const [, symbol] = /^(.*): symbol not found$/.exec(what ?? '') ?? []
    const [, type] = /^unsupported relocation type (\d+)$/.exec(what ?? '') ?? []
    if (symbol !== undefined) listing.symbols.add(`${symbol} < ${object}`)
    if (type !== undefined) listing.relocations.add(`${type} < ${object}`)
  }
  return {
    libraries: [...listing.libraries].sort(),
    symbols: [...listing.symbols].sort(),
    relocations: [...listing.relocations].sort(),
  }
}
