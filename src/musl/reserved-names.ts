import type {LoaderFeatures} from './version.js'

/** What follows `lib` in the names that always mean musl, whatever files exist. */
const reserved = ['c.', 'pthread.', 'rt.', 'm.', 'dl.', 'util.', 'xnet.']

/** Is a name in DT_NEEDED musl itself, without a search? The loader's own name is, too, and is not known here. */
export function isReserved(name: string, {reservesPrefixes}: LoaderFeatures): boolean {
  if (!name.startsWith('lib')) return false
  const rest = name.slice(3)
  if (!reservesPrefixes) return reserved.some(word => rest.startsWith(word))
  // Up to 1.1.15 as many characters were compared as the name has before its dot.
  const dot = rest.indexOf('.')
  return dot >= 0 && reserved.some(word => word.startsWith(rest.slice(0, dot)))
}
