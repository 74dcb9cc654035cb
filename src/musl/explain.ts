import type {MissingLibrary, MissingSymbol} from '../model/musl.js'
import type {Loaded} from './closure.js'
import type {Knowledge} from './environment.js'

/** Describes a symbol that nothing defines, and finds the missing library that would have. */
export function describeMissing(
  {object, path}: Loaded,
  symbol: number,
  missing: readonly MissingLibrary[],
  knowledge: Knowledge | undefined,
): MissingSymbol {
  const name = object.nameOf(symbol).text
  const version = object.versionOf(symbol)
  const glibc = version?.name.startsWith('GLIBC_') || (knowledge?.isGlibc(name) ?? false)
  return {
    name,
    requiredBy: path,
    version: version?.name || null,
    glibc,
    explainedBy: explain(name, version?.library ?? null, path, glibc, missing, knowledge),
  }
}

/**
 * The file itself may say which library it wants the symbol from; else a table may know; else it is a library of which
 * nothing is known, if the object that needs the symbol asks for one, or if there is any.
 */
function explain(
  name: string,
  wantedFrom: string | null,
  path: string,
  glibc: boolean,
  missing: readonly MissingLibrary[],
  knowledge: Knowledge | undefined,
): string | null {
  if (missing.length === 0) return null
  if (wantedFrom !== null && missing.some(library => library.name === wantedFrom)) return wantedFrom
  const known = missing.find(library => knowledge?.offers(library.name, name) === true)
  if (known !== undefined) return known.name
  // It is from a library that is there and lacks it, or from what musl stands for.
  if (wantedFrom !== null || glibc) return null
  const candidates = missing.filter(library => (knowledge?.offers(library.name, name) ?? null) === null)
  return (candidates.find(({neededBy}) => neededBy === path) ?? candidates[0])?.name ?? null
}
