import {readdirSync, rmdirSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import type {CacheLimits} from './limits.js'
import {isEntryName, isTemporaryName} from './names.js'

export interface CacheStatus {
  readonly entries: number
  readonly sizeBytes: number
}

interface Found extends CacheEntry {
  readonly isTemporary: boolean
}

interface CacheEntry {
  readonly path: string
  readonly sizeBytes: number
  /** When it was written or last used. */
  readonly usedMs: number
}

/** Part of the bounds that is left after tidying up, so that not every run has to. */
const kept = 0.8

/** Takes away what nobody used for long, what was abandoned, and of the rest the least used until it is within bounds. */
export function trimFolder(folder: string, limits: CacheLimits): void {
  const now = Date.now()
  const found = listFolder(folder)
  const isStale = ({isTemporary, usedMs}: Found) => now - usedMs > (isTemporary ? limits.abandonedMs : limits.unusedMs)
  for (const {path} of found.filter(isStale)) rmSync(path, {force: true})
  const entries = found.filter(one => !one.isTemporary && !isStale(one)).sort((a, b) => a.usedMs - b.usedMs)
  let sizeBytes = sum(entries)
  let left = entries.length
  if (sizeBytes <= limits.totalBytes && left <= limits.entries) return
  for (const entry of entries) {
    if (sizeBytes <= limits.totalBytes * kept && left <= limits.entries * kept) return
    rmSync(entry.path, {force: true})
    sizeBytes -= entry.sizeBytes
    left--
  }
}

/** How much is in a cache; nothing where there is none. */
export function cacheStatus(folder: string): CacheStatus {
  const entries = listFolder(folder).filter(({isTemporary}) => !isTemporary)
  return {entries: entries.length, sizeBytes: sum(entries)}
}

/**
 * Empties a cache, and leaves alone what is not its own.
 * @returns what was in it
 */
export function cleanCache(folder: string): CacheStatus {
  const found = listFolder(folder)
  for (const {path} of found) rmSync(path, {force: true})
  try {
    rmdirSync(folder)
  } catch {
    // Somebody else keeps something there, or it was never made.
  }
  const entries = found.filter(({isTemporary}) => !isTemporary)
  return {entries: entries.length, sizeBytes: sum(entries)}
}

function sum(entries: readonly CacheEntry[]): number {
  return entries.reduce((total, {sizeBytes}) => total + sizeBytes, 0)
}

/** Another run may take a file away while they are listed. */
function listFolder(folder: string): Found[] {
  return namesIn(folder).flatMap(name => {
    const isTemporary = isTemporaryName(name)
    if (!isTemporary && !isEntryName(name)) return []
    const path = join(folder, name)
    const stat = statSync(path, {throwIfNoEntry: false})
    return stat === undefined ? [] : [{path, sizeBytes: stat.size, usedMs: stat.mtimeMs, isTemporary}]
  })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
