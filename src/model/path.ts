import type {ImagePath} from './tree.js'

/** The root of the view. */
export const rootPath = '' as ImagePath

/**
 * A name from an archive, or a path that a person typed, as a path inside the image: `./a//b/../c` is `a/c`. `..` never
 * leaves the root: what climbs over it stays in it, as container runtimes do, and `climbs` says so.
 */
export function cleanPath(name: string): {readonly path: ImagePath; readonly climbs: boolean} {
  if (isClean(name)) return {path: name as ImagePath, climbs: false}
  const parts: string[] = []
  let climbs = false
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) climbs = true
  }
  return {path: parts.join('/') as ImagePath, climbs}
}

const dot = 0x2e
const slash = 0x2f

/** Nothing to clean: the common case, without an allocation. */
function isClean(name: string): boolean {
  let start = 0
  for (let at = 0; at <= name.length; at++) {
    if (at < name.length && name.charCodeAt(at) !== slash) continue
    const length = at - start
    if (length === 0) return false
    if (name.charCodeAt(start) === dot && (length === 1 || (length === 2 && name.charCodeAt(start + 1) === dot)))
      return false
    start = at + 1
  }
  return true
}
