import {FileType} from '../elf/header.js'
import type {ElfFile} from '../model/facts.js'
import type {InstalledPackage} from '../model/package.js'
import type {RootView} from '../rootfs/index.js'
import {elfHeader} from './collectors.js'
import {ownersOf} from './owners.js'

const types: ReadonlyMap<number, ElfFile['type']> = new Map([
  [FileType.relocatable, 'relocatable'],
  [FileType.executable, 'executable'],
  [FileType.dynamic, 'dynamic'],
  [FileType.core, 'core'],
])

/** Every ELF file of the view with the package that owns it, by path. */
export function listElfFiles(view: RootView, packages: readonly InstalledPackage[]): ElfFile[] {
  const found = [...view.collected(elfHeader)]
  if (found.length === 0) return []
  const owners = ownersOf(packages, view)
  return found
    .map(
      ({path, node, value}): ElfFile => ({
        path,
        layer: node.layer,
        sizeBytes: node.size,
        mode: node.mode,
        package: owners.get(path)?.name ?? null,
        class: value.class,
        endian: value.endian,
        machine: value.machine,
        type: types.get(value.type) ?? 'other',
      }),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
