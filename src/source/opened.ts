import type {BigIntStats} from 'node:fs'

/** Hears of a file that was opened by its path, and what it was. */
type Listener = (path: string, stat: BigIntStats) => void

const listeners = new Set<Listener>()

/**
 * Has `listener` hear of files that are opened: a path can lead elsewhere in the moment in which a file is opened, and back
 * again before anybody looks.
 * @returns releases it
 */
export function whenOpened(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** @param stat asked only where somebody listens */
export function opened(path: string, stat: () => BigIntStats): void {
  if (listeners.size === 0) return
  const found = stat()
  for (const listener of listeners) listener(path, found)
}
