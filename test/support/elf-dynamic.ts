import {memorySource} from '../../src/bytes/source.js'
import {type LoaderRoot, type Opened, readObjectFrom} from '../../src/musl/index.js'
import {elfOf, type SymbolSpec} from './elf.js'

/** e_machine of what the loader runs on, with class and byte order. */
const machines = {
  x86_64: {machine: 62, bits: 64, little: true},
  i386: {machine: 3, bits: 32, little: true},
  aarch64: {machine: 183, bits: 64, little: true},
  arm: {machine: 40, bits: 32, little: true},
  riscv64: {machine: 243, bits: 64, little: true},
  s390x: {machine: 22, bits: 64, little: false},
  ppc64le: {machine: 21, bits: 64, little: true},
  loongarch64: {machine: 258, bits: 64, little: true},
} as const

/** Relocation types of x86_64 that the cases use. */
export const R = {word: 1, copy: 5, got: 6, call: 7, relative: 8, tpoff: 18, irelative: 37} as const

/** st_info. */
export const info = {
  localSection: 0x03,
  local: 0x02,
  object: 0x11,
  function: 0x12,
  weak: 0x22,
  tls: 0x16,
  ifunc: 0x1a,
  unique: 0xa1,
} as const

export interface DynamicSpec {
  readonly machine?: keyof typeof machines
  /** A program: with PT_INTERP and DF_1_PIE. */
  readonly interpreter?: string
  readonly needed?: readonly string[]
  readonly rpath?: string
  readonly runpath?: string
  readonly flags1?: number
  readonly dynamic?: readonly (readonly [tag: number, value: number])[]
  readonly hashes?: readonly ('gnu' | 'sysv')[]
  /** Symbols with a section and a value, unless the case says otherwise. `hidden`: `foo@V` instead of `foo@@V`. */
  readonly defines?: readonly (string | (SymbolSpec & {readonly hidden?: boolean}))[]
  /** Relocations by the name of their symbol, which is undefined unless it is among `defines`; '' for none. */
  readonly uses?: readonly Use[]
  readonly relr?: readonly number[]
}
type Use = readonly [name: string, type: number, undefinedSymbol?: UndefinedSpec]
interface UndefinedSpec extends Partial<SymbolSpec> {
  /** The version that is asked for, and the library it should come from. */
  readonly version?: readonly [name: string, library: string]
}

/** A program where it has an interpreter, else a shared library. */
export function dynamicOf(spec: DynamicSpec): Uint8Array {
  const {defines = [], uses = [], machine = 'x86_64', interpreter = null, ...rest} = spec
  const defined = defines.map(define => ({
    section: 1,
    value: 0x10,
    ...(typeof define === 'string' ? {name: define} : define),
  }))
  const wanted = new Map<string, UndefinedSpec>()
  for (const [name, , symbol] of uses) {
    if (name !== '' && !defined.some(define => define.name === name)) wanted.set(name, {...wanted.get(name), ...symbol})
  }
  const symbols: readonly (SymbolSpec & UndefinedSpec & {readonly hidden?: boolean})[] = [
    ...[...wanted].map(([name, symbol]) => ({name, ...symbol})),
    ...defined,
  ]
  const versions = [...new Set(symbols.flatMap(({version}) => (version ? [version.join('\n')] : [])))]
  const hasVersions = versions.length > 0 || symbols.some(({hidden}) => hidden)
  const indexes = symbols.map(({version, hidden}) =>
    version ? 3 + versions.indexOf(version.join('\n')) : hidden ? 0x8002 : 1,
  )
  return elfOf({
    ...machines[machine],
    ...rest,
    interpreter,
    symbols,
    relocations: uses.map(([name, type]) => ({
      table: type === 7 ? 'jmprel' : 'rela',
      symbol: 1 + symbols.findIndex(symbol => symbol.name === name),
      type,
    })),
    ...(hasVersions && {
      versions: {
        indexes: [0, ...indexes],
        defined: [[2, 'V1']],
        needed: versions.map((version, index) => {
          const [name = '', library = ''] = version.split('\n')
          return {library, versions: [[3 + index, name] as const]}
        }),
      },
    }),
  }).bytes
}

/** Files of a root by path: bytes; `-> target` for a symbolic link; or what opening it comes to. */
export type Tree = Readonly<Record<string, Uint8Array | string>>

/** A root in memory. Folders are there when a file is in them. */
export function rootOf(tree: Tree): LoaderRoot & {readonly opens: string[]} {
  const files = new Map(Object.entries(tree))
  const folders = new Set([...files.keys()].flatMap(path => foldersOf(path)))
  const opens: string[] = []
  return {
    opens,
    open(path) {
      opens.push(path)
      return openIn(files, folders, path)
    },
  }
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function openIn(files: ReadonlyMap<string, Uint8Array | string>, folders: ReadonlySet<string>, path: string): Opened {
  const pending = path.split('/').reverse()
  const walked: string[] = []
  let links = 0
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      walked.pop()
      continue
    }
    walked.push(name)
    const target = files.get(`/${walked.join('/')}`)
    if (typeof target !== 'string' || !target.startsWith('-> ')) continue
    if (++links > 40) return {kind: 'loop'}
    walked.pop()
    if (target.startsWith('-> /')) walked.length = 0
    pending.push(...target.slice(3).split('/').reverse())
  }
  const real = `/${walked.join('/')}`
  const file = files.get(real)
  if (file === 'forbidden' || file === 'loop') return {kind: file}
  if (file === undefined) return {kind: folders.has(real) ? 'directory' : 'missing'}
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  return {kind: 'file', path: real, identity: file, object: () => readObjectFrom(memorySource(bytes), real)}
}
