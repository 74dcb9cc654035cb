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
 * @param nodeExports all that Node.js exports, to be exact about the API of V8; null to take every name of V8 for granted
 */
export function compileRuntimeTable(
  document: RuntimeDocument,
  nodeExports: readonly string[] | null,
  origin: Origin,
): string {
  const {node, 'libgcc_s.so.1': libgcc, 'libstdc++.so.6': libstdcxx} = document
  const section = (name: string, names: readonly string[], prefixes: readonly string[] = []) => [
    [`@${name}`],
    ...prefixes.toSorted().map(prefix => [`~${prefix}`]),
    ...shareBeginnings(names),
  ]
  const [libgccNames, libstdcxxNames] = [libgcc.split(' '), libstdcxx.split(' ')]
  const runtime = new Set([...libgccNames, ...libstdcxxNames])
  const used = (nodeExports ?? []).filter(name => isV8Api(name) || (isRuntime(name) && !runtime.has(name)))
  const prefixes = [...node.cxx_prefixes, ...node.bundled_c_library_prefixes].map(prefix =>
    nodeExports !== null && isV8Api(prefix) ? `${prefix}8internal` : prefix,
  )
  return formatRows('runtime', origin, [
    ...section('libgcc_s.so.1', libgccNames),
    ...section('libstdc++.so.6', libstdcxxNames),
    ...section(nodeHost, [...new Set([...node.names.split(' '), ...used])], prefixes),
  ])
}

/** Functions of the namespace `v8` that plugins may call: not those of `v8::internal`. */
function isV8Api(name: string): boolean {
  return /^_ZNK?2v8(?!8internal)/.test(name)
}

/** Functions of the C++ library that compilers call by themselves: Node.js is linked with a newer one than the tables know. */
function isRuntime(name: string): boolean {
  return /^(?:_ZNK?St7__cxx1112basic_stringI.St11char_traitsI.ESaI.EE\d+_[MS]_|_ZSt\d+__throw_|__cxa_|__gxx_)/.test(
    name,
  )
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
