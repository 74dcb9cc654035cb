const suffix = '.piton'

/**
 * Name of the file for a key. That two keys share one does no harm, for the file holds its whole key; so the hash needs to be
 * quick only, and no library for it is loaded.
 */
export function entryName(key: string): string {
  return `${fnv(key, 0x811c9dc5)}${fnv(key, 0x2f0b4c47)}${suffix}`
}

/** Is this an entry, or one that is being written? Nothing else in the folder is ours to remove. */
export function isEntryName(name: string): boolean {
  return entry.test(name)
}

export function isTemporaryName(name: string): boolean {
  return temporary.test(name)
}

const entry = /^[0-9a-f]{16}\.piton$/
const temporary = /^\.[0-9a-f]{16}\.piton\.\d+\.[0-9a-z]+$/

/** FNV-1a over UTF-16 code units. */
function fnv(text: string, seed: number): string {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
