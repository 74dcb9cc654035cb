import type {Exports} from './exports.js'
import type {LoaderObject} from './object.js'

/** The GCC whose runtime `data/libc/runtime.tsv` lists. */
const listedGcc = 12

/** The GCC of each Alpine release from the first on whose GCC is newer than the listed one; later ones have the last. */
const gccOfReleases: readonly (readonly [minor: number, gcc: number])[] = [
  [19, 13],
  [21, 14],
  [23, 15],
]

/**
 * The GCC that first had a version node of libstdc++, libsupc++ or libgcc.
 * @see https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html
 */
const gccOfVersions: ReadonlyMap<string, number> = new Map([
  ['GLIBCXX_3.4.31', 13],
  ['GLIBCXX_3.4.32', 13],
  ['GLIBCXX_3.4.33', 14],
  ['GLIBCXX_3.4.34', 15],
  ['CXXABI_1.3.14', 13],
  ['CXXABI_1.3.15', 14],
  ['CXXABI_1.3.16', 15],
])
const newestGcc = 15

/** Names of the namespaces `std`, `__gnu_cxx` and `__cxxabiv1`, which are GCC's own, and what its compiler calls by itself. */
const ownedByRuntime = /^(?:_Z(?:T[VTIS]|GV)?N?[VKRO]*(?:S[tabsiod]|9__gnu_cxx|10__cxxabiv1)|__cxa_|__gxx_)/

/**
 * GCC's C++ runtime as a release of Alpine has it. Of a newer GCC than the tables list, not each name is known: what is in
 * its namespaces is taken to be there, but for what a file asks of a GCC that is newer still.
 * @param branch `v3.23`; of anything else, as `edge`, the newest GCC
 * @param objects the files that ask
 */
export function releasedRuntime(listed: Exports, branch: string, objects: () => Iterable<LoaderObject>): Exports {
  const gcc = gccOf(branch)
  if (gcc <= listedGcc) return listed
  let newer: ReadonlySet<string> | undefined
  return {
    offers(name, request) {
      if (listed.offers(name, request)) return true
      if (!ownedByRuntime.test(name.text)) return false
      newer ??= namesOfNewer(objects(), gcc)
      return !newer.has(name.text)
    },
  }
}

function gccOf(branch: string): number {
  const minor = /^v?3\.(\d+)$/.exec(branch)?.[1]
  if (minor === undefined) return newestGcc
  return gccOfReleases.findLast(([first]) => Number(minor) >= first)?.[1] ?? listedGcc
}

/** Names that some file wants in a version that this GCC does not have. Files that were built for musl tell no version. */
function namesOfNewer(objects: Iterable<LoaderObject>, gcc: number): ReadonlySet<string> {
  const names = new Set<string>()
  for (const object of objects) {
    if (!object.needed.includes('libstdc++.so.6')) continue
    for (const {symbol} of object.references) {
      const version = object.versionOf(symbol)?.name ?? ''
      if (firstGcc(version) > gcc) names.add(object.nameOf(symbol).text)
    }
  }
  return names
}

/** A version node that is not listed is of a GCC that was not out yet, or is none of the runtime. */
function firstGcc(version: string): number {
  const known = gccOfVersions.get(version)
  if (known !== undefined) return known
  const [, family, minor = ''] = /^(GLIBCXX_3\.4|CXXABI_1\.3)\.(\d+)$/.exec(version) ?? []
  if (family === undefined) return 0
  return Number(minor) > (family === 'CXXABI_1.3' ? 16 : 34) ? newestGcc + 1 : 0
}
