import type {Facts} from '../model/facts.js'
import type {Draft, Rule} from '../model/rule.js'

type LoadedTest = (draft: Draft, rule: Pick<Rule, 'family'>) => boolean | null

/**
 * Says of findings whether what the image starts loads what they are about: a file, or any file of a package. null where
 * that cannot be told, and for what is neither.
 */
export function loadedTest({loaded, elfFiles, scripts}: Pick<Facts, 'loaded' | 'elfFiles' | 'scripts'>): LoadedTest {
  if (loaded === null) return () => null
  const standIns = new Map(elfFiles.map(({path, sameAs}) => [path, sameAs ?? path]))
  const files = new Set(loaded.files.flatMap(path => [path, standIns.get(path) ?? path]))
  const known = new Set([...standIns.keys(), ...scripts.map(({path}) => path)])
  const packages = new Set(loaded.packages)
  const otherwise = loaded.reason === null ? false : null
  return ({at: {path}, packages: named = []}, {family}) => {
    const isPackage = named.length > 0 && named.some(({name}) => packages.has(name))
    if (family === 'vulnerability') return isPackage || otherwise
    if (files.has(standIns.get(path) ?? path)) return true
    if (known.has(path)) return otherwise
    // A package of another ecosystem is a folder.
    if (path !== '' && loaded.files.some(file => file.startsWith(`${path}/`))) return true
    return named.length > 0 ? isPackage || otherwise : null
  }
}
