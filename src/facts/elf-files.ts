import {checkRunPath, type ImageView} from '../elf/checks/run-path.js'
import {isUnreadable} from '../model/elf.js'
import type {ElfFile} from '../model/facts.js'
import type {InstalledPackage} from '../model/package.js'
import type {Node} from '../model/tree.js'
import type {Collected, RootView} from '../rootfs/index.js'
import {type ElfRecord, elfFile} from './elf-collector.js'
import {ownersOf} from './owners.js'

/** Every ELF file of the view with the package that owns it, by path. */
export function listElfFiles(view: RootView, packages: readonly InstalledPackage[]): ElfFile[] {
  const found = [...view.collected(elfFile)]
  if (found.length === 0) return []
  const owners = ownersOf(packages, view)
  return found
    .map(collected => elfFileOf(collected, view, owners.get(collected.path)?.name ?? null))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function elfFileOf({path, node, value}: Collected<ElfRecord>, view: RootView, owner: string | null): ElfFile {
  const {header, type, origin, buildID, interpreter} = value
  const dynamic = isUnreadable(value.dynamic) ? null : value.dynamic
  return {
    path,
    layer: node.layer,
    sizeBytes: node.size,
    mode: node.mode,
    hasCapabilities: node.capability !== null,
    package: owner,
    class: header.class,
    endian: header.endian,
    machine: header.machine,
    type,
    interpreter,
    soname: dynamic?.soname ?? null,
    needed: dynamic?.needed ?? [],
    rpath: dynamic?.rpath ?? [],
    runpath: dynamic?.runpath ?? [],
    libc: origin.libc,
    language: origin.language,
    compilers: origin.compilers,
    buildID,
    hardening: {...value.hardening, runPath: checkRunPath(value, runPathView(path, node, view))},
  }
}

/** What the run path of one file leads to in the image. */
function runPathView(path: string, file: Node, view: RootView): ImageView {
  return {
    path,
    folder(folder) {
      const found = view.resolve(folder)
      if (typeof found === 'string' || found.node.type !== 'directory') return 'missing'
      return isWritable(found.node, file) ? 'writable' : 'safe'
    },
  }
}

/** Can somebody besides root put a library there, who could not change the file itself anyway? */
function isWritable(folder: Node, file: Node): boolean {
  if ((folder.mode & 0o002) !== 0) return true
  const byOwner = folder.uid !== 0 && folder.uid !== file.uid && (folder.mode & 0o200) !== 0
  return byOwner || (folder.gid !== 0 && folder.gid !== file.gid && (folder.mode & 0o020) !== 0)
}
