import type {UnsupportedRelocation} from '../model/musl.js'
import type {Loaded} from './closure.js'
import {type MuslMachine, noRelocation} from './machine.js'
import type {LoaderObject} from './object.js'
import {relocationName} from './relocation-names.js'
import type {Scope} from './scope.js'
import type {LoaderFeatures} from './version.js'

/** Relocations of an object that the loader refuses by their type. */
export function unsupportedTypes(
  {object, path}: Loaded,
  machine: MuslMachine,
  features: LoaderFeatures,
): readonly UnsupportedRelocation[] {
  const found: UnsupportedRelocation[] = []
  for (const [type, count] of object.relocationTypes) {
    if (type === noRelocation || isSupported(type, machine, features)) continue
    found.push({type, name: relocationName(machine.name, type), count, in: path, cause: 'type'})
  }
  return found
}

function isSupported(type: number, {name, relocations}: MuslMachine, {tlsDescriptors}: LoaderFeatures): boolean {
  const kind = relocations.get(type)
  if (kind !== 'tlsdesc') return kind !== undefined
  return (name !== 'arm' || tlsDescriptors.arm) && (name !== 'riscv64' || tlsDescriptors.riscv64)
}

/** DT_RELR, where musl is too old to look at it: the words stay as they are, and the first use of one crashes. */
export function ignoredRelr({object, path}: Loaded, features: LoaderFeatures): readonly UnsupportedRelocation[] {
  if (features.relr || object.relrWords === 0) return []
  return [{type: 0, name: 'DT_RELR', count: object.relrWords, in: path, cause: 'relr'}]
}

/**
 * Uses of static TLS that lead to a library which was opened at run time: there is no room for it any more.
 * @param opened the objects that came in at run time
 */
export function lateStaticTls(
  {object, path}: Loaded,
  scope: Scope,
  opened: ReadonlySet<LoaderObject>,
  {name: machine, relocations}: MuslMachine,
): readonly UnsupportedRelocation[] {
  const counts = [...object.relocationTypes].filter(([type]) => relocations.get(type) === 'tpoff')
  if (counts.length === 0) return []
  const references = object.references.filter(({staticTls}) => staticTls)
  const leadsToOpened = references.some(({symbol, local}) => {
    if (local !== 'no') return true
    const definer = scope.definer(object.nameOf(symbol), 'address')
    return definer !== null && opened.has(definer)
  })
  // Relocations without a symbol are about the object's own storage.
  if (references.length > 0 && !leadsToOpened) return []
  return counts.map(([type, count]) => ({
    type,
    name: relocationName(machine, type),
    count,
    in: path,
    cause: 'initial-exec-tls',
  }))
}
