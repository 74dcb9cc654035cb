import type {ElfFile, Facts, LoaderVerdict} from '../../model/facts.js'
import {count} from '../../model/text.js'
import {quoteList} from '../words.js'
import {settledPaths} from './refused-modules.js'

/** An ELF file that the loader was asked about. */
export interface JudgedFile extends ElfFile {
  readonly musl: LoaderVerdict
}

/** What one object lacks, and who suffers from it besides itself. */
export interface Complaint<Item> {
  readonly file: ElfFile
  readonly items: readonly Item[]
  /** Other files that bring it in and fail with it, by path. */
  readonly breaks: readonly string[]
}

/**
 * Complaints by the object that they are about: a library that a hundred programs share is one finding, which names
 * them. Programs without an interpreter are left out: nothing of theirs is ever loaded. So are files of packages
 * that PT3005 speaks of, or that a build for musl stands beside.
 * @param listOf the list of a verdict, without what the target has elsewhere
 * @param ownerOf path of the object that an item is about
 */
export function complaints<Item>(
  facts: Facts,
  listOf: (verdict: LoaderVerdict) => readonly Item[],
  ownerOf: (item: Item) => string,
  keyOf: (item: Item) => string,
): Complaint<Item>[] {
  const {elfFiles} = facts
  const settled = settledPaths(facts)
  const files = new Map(elfFiles.map(file => [file.path, file]))
  const found = new Map<string, {readonly items: Map<string, Item>; readonly breaks: Set<string>}>()
  for (const {path, musl, sameAs} of elfFiles) {
    if (musl === null || sameAs !== null || musl.verdict === 'interpreter_missing') continue
    for (const item of listOf(musl)) {
      const owner = ownerOf(item)
      const known = found.get(owner) ?? {items: new Map<string, Item>(), breaks: new Set<string>()}
      found.set(owner, known)
      known.items.set(keyOf(item), item)
      if (owner !== path) known.breaks.add(path)
    }
  }
  return [...found].flatMap(([owner, {items, breaks}]) => {
    const file = files.get(owner)
    return file === undefined || settled.has(owner)
      ? []
      : [{file, items: [...items.values()], breaks: [...breaks].sort()}]
  })
}

/** `It breaks 'usr/bin/a' and 2 more.`; '' where nothing else breaks. */
export function breaksText(breaks: readonly string[]): string {
  return breaks.length === 0
    ? ''
    : ` ${count(breaks.length, 'other file')} ${breaks.length === 1 ? 'needs' : 'need'} it: ${quoteList(breaks)}.`
}

/** glibc's loaders, by their names. */
export function isGlibcLoader(path: string): boolean {
  return /(?:^|\/)(?:ld-linux[^/]*\.so\.\d+|ld64\.so\.\d+|ld\.so\.1)$/.test(path)
}

/** What a person does with a file that is built for glibc. */
export function rebuildAdvice({package: owner}: ElfFile): string {
  return owner === null
    ? 'Take a build for musl, or compile it in an Alpine container.'
    : `Reinstall the package '${owner}', or report it to its maintainer.`
}
