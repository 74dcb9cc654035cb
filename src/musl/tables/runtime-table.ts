import type {RuntimeDocument} from './documents.js'
import {formatRows, type Origin, parseRows, SharedBeginnings, shareBeginnings} from './text.js'

/** What a library or a program that is not there would export. */
export interface KnownExports {
  readonly names: ReadonlySet<string>
  /** Every name that begins so: the C++ classes of a program are too many to list. */
  readonly prefixes: readonly string[]
}

/** Node.js, as the program that opens `.node` files. */
export const nodeHost = 'node'

/**
 * Sections that begin with `@` and the file name of a library, or `node`. First, behind `~`, what stands for all names that
 * begin so; then names, each as the number of characters that it shares with the one before it, and the rest.
 */
export function compileRuntimeTable(document: RuntimeDocument, origin: Origin): string {
  const {node, 'libgcc_s.so.1': libgcc, 'libstdc++.so.6': libstdcxx} = document
  const section = (name: string, names: string, prefixes: readonly string[] = []) => [
    [`@${name}`],
    ...prefixes.toSorted().map(prefix => [`~${prefix}`]),
    ...shareBeginnings(names.split(' ')),
  ]
  return formatRows('runtime', origin, [
    ...section('libgcc_s.so.1', libgcc),
    ...section('libstdc++.so.6', libstdcxx),
    ...section(nodeHost, node.names, [...node.cxx_prefixes, ...node.bundled_c_library_prefixes]),
  ])
}

/** What each of them exports, by file name. */
export function readRuntimeTable(text: string): ReadonlyMap<string, KnownExports> {
  const found = new Map<string, KnownExports>()
  let names = new Set<string>()
  let prefixes: string[] = []
  let beginnings = new SharedBeginnings()
  for (const [first, rest = ''] of parseRows('runtime', text)) {
    if (first.startsWith('@')) {
      names = new Set()
      prefixes = []
      beginnings = new SharedBeginnings()
      found.set(first.slice(1), {names, prefixes})
    } else if (first.startsWith('~')) {
      prefixes.push(first.slice(1))
    } else {
      names.add(beginnings.next(first, rest))
    }
  }
  return found
}
