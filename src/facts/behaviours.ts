import type {Behaviour, BehaviourUse} from '../model/behaviour.js'
import {compareText} from '../model/text.js'
import {type LoaderObject, SymbolName} from '../musl/index.js'
import type {RootView} from '../rootfs/index.js'
import {behaviours} from './behaviour-table.js'
import {elfFile} from './elf-collector.js'

/** Which files use what behaves otherwise on musl, for each behaviour that any file has to do with. */
export function listBehaviours(view: RootView, owners: ReadonlyMap<string, string>): BehaviourUse[] {
  const files = [...view.collected(elfFile)]
    .map(({path, node, value}) => ({path, layer: node.layer, found: watchedIn(value.object())}))
    .filter(({found}) => found.size > 0)
    .sort((a, b) => compareText(a.path, b.path))
  return behaviours.flatMap(behaviour => {
    const users = files.flatMap(({path, layer, found}) => {
      const imports = concerned(behaviour, found)
      return imports.length === 0 ? [] : [{path, layer, package: owners.get(path) ?? null, imports}]
    })
    return users.length === 0 ? [] : [{behaviour, files: users}]
  })
}

/** Names of the table by their hash, which a reference has at hand; its text need not be made for the others. */
const watched: ReadonlyMap<number, string> = new Map(
  behaviours
    .flatMap(({imports, with: also = [], unless = []}) => [...imports, ...also, ...unless])
    .map(name => [SymbolName.of(name).gnuHash, name]),
)

/** Those of the names that the relocations of a file ask for, and that it does not define itself. */
function watchedIn({references, nameOf, exports}: LoaderObject): ReadonlySet<string> {
  const found = new Set<string>()
  for (const {symbol} of references) {
    const name = nameOf(symbol)
    const text = watched.get(name.gnuHash)
    if (text !== undefined && name.text === text && !exports.offers(name, 'definition')) found.add(text)
  }
  return found
}

function concerned(behaviour: Behaviour, found: ReadonlySet<string>): readonly string[] {
  const isFound = (name: string) => found.has(name)
  if (behaviour.unless?.some(isFound) || behaviour.with?.some(isFound) === false) return []
  return behaviour.imports.filter(isFound)
}
