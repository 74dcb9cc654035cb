import type {ImageView} from '../elf/checks/run-path.js'
import type {ElfFile, LoaderVerdict} from '../model/facts.js'
import {limits} from '../model/limits.js'
import {compareText, count} from '../model/text.js'
import type {FileContent, Node} from '../model/tree.js'
import type {Warn} from '../model/warning.js'
import type {Collected, RootView} from '../rootfs/index.js'
import {elfFile} from './elf-collector.js'
import {type ElfPlace, type ElfRecord, elfFileOf} from './elf-file.js'
import type {Subject} from './loader.js'

/**
 * Every ELF file of the view with the package that owns it, by path.
 * @param owners package of each path that a package's file list names
 * @param judge asks musl's loader; null where nobody wants its verdicts
 */
export function listElfFiles(
  view: RootView,
  owners: ReadonlyMap<string, string>,
  judge: ((subjects: readonly Subject[]) => ReadonlyMap<string, LoaderVerdict>) | null,
  warn: Warn,
): ElfFile[] {
  const found = collectedFiles(view)
  if (found.length === 0) return []
  if (found.length > limits.elfFiles) {
    const message = `only the first ${limits.elfFiles} of ${count(found.length, 'ELF file')} are in the report`
    warn({code: 'LIMIT_ELF_FILES', message, hides: true})
  }
  const listed = found.slice(0, limits.elfFiles)
  const names = standInNames(listed, owners)
  const verdicts = judge?.(listed.map(subjectOf))
  return listed.map(({path, node, value}) => {
    const {layer, size: sizeBytes, mode} = node
    const name = names.get(node.content)
    const place: ElfPlace = {
      path,
      layer,
      sizeBytes,
      mode,
      hasCapabilities: node.capability !== null,
      package: owners.get(path) ?? null,
      sameAs: name === undefined || name === path ? null : name,
    }
    const image = view.kind === 'elf' || view.kind === 'apk' ? null : runPathView(path, node, view)
    return elfFileOf(value, place, image, verdicts?.get(path) ?? null)
  })
}

/** What the loader is asked about: the files of {@link listElfFiles}. */
export function subjectsOf(view: RootView): readonly Subject[] {
  return collectedFiles(view).slice(0, limits.elfFiles).map(subjectOf)
}

function collectedFiles(view: RootView): readonly Collected<ElfRecord>[] {
  return [...view.collected(elfFile)].sort((a, b) => compareText(a.path, b.path))
}

function subjectOf({path, node, value}: Collected<ElfRecord>): Subject {
  return {path, record: value, secure: (node.mode & 0o6000) !== 0 || node.capability !== null}
}

/** Of the hard links to one file the first that a package owns, else the first: it speaks for all of them. */
function standInNames(
  found: readonly Collected<unknown>[],
  owners: ReadonlyMap<string, string>,
): ReadonlyMap<FileContent, string> {
  const names = new Map<FileContent, string>()
  for (const {path, node} of found) {
    const known = names.get(node.content)
    if (known === undefined || (owners.has(path) && !owners.has(known))) names.set(node.content, path)
  }
  return names
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
