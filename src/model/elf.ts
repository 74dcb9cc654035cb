import type {Check} from './verdict.js'
import type {Warning} from './warning.js'

/** The ELF header, System V ABI chapter 4; counts are as they stand there, before extended numbering. */
export interface ElfHeader {
  readonly class: 32 | 64
  readonly endian: 'little' | 'big'
  /** EI_OSABI: 0 System V, 3 GNU, 9 FreeBSD, … */
  readonly osabi: number
  readonly abiVersion: number
  /** e_type. */
  readonly type: number
  /** `x86_64`; `0xfeed` where the machine has no name. */
  readonly machine: string
  readonly machineCode: number
  readonly entry: number
  readonly flags: number
  readonly phoff: number
  readonly phentsize: number
  readonly phnum: number
  readonly shoff: number
  readonly shentsize: number
  readonly shnum: number
  readonly shstrndx: number
}

/**
 * What a file is to the kernel and to the loader. `static` is loaded at a fixed address and has no PT_DYNAMIC;
 * `static-pie` relocates itself; `shared` is loaded by something else.
 */
export type ElfType =
  | 'executable'
  | 'pie'
  | 'static-pie'
  | 'static'
  | 'shared'
  | 'relocatable'
  | 'core'
  | 'debug'
  | 'unknown'

export type Libc = 'musl' | 'glibc' | 'uclibc' | 'bionic' | 'none' | 'unknown'

/** A part of a file that is there and cannot be read, and why: what rests on it is unknown. */
export interface Unreadable {
  readonly unreadable: string
}
export type Part<T> = T | Unreadable

export function isUnreadable<T>(part: Part<T>): part is Unreadable {
  return typeof part === 'object' && part !== null && 'unreadable' in part
}

/** A program header. Addresses above 2^53 are not exact; they map to no offset. */
export interface Segment {
  /** p_type. */
  readonly type: number
  readonly flags: number
  readonly offset: number
  readonly address: number
  readonly fileBytes: number
  readonly memoryBytes: number
  readonly align: number
}

/** A section header with its name; '' where the name cannot be read. */
export interface Section {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly flags: number
  readonly address: number
  readonly offset: number
  readonly sizeBytes: number
  readonly link: number
  readonly info: number
  readonly entryBytes: number
}

/** The dynamic section. Where a tag repeats (not DT_NEEDED) the last one counts, as for the loader. */
export interface Dynamic {
  /** Offset in the file. */
  readonly offset: number
  /** Value by tag, the last one. */
  readonly values: ReadonlyMap<number, number>
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[]
  readonly soname: string | null
  /** Elements as in the file, split at `:`; null where there is no such entry, which is not the same as an empty one. */
  readonly rpath: readonly string[] | null
  readonly runpath: readonly string[] | null
  /** DT_FLAGS and DT_FLAGS_1, 0 where absent. */
  readonly flags: number
  readonly flags1: number
  /** The spelling that asks for binding at start: `DT_BIND_NOW`, `DF_BIND_NOW` or `DF_1_NOW`; null for lazy binding. */
  readonly bindNow: string | null
  /** `DT_TEXTREL` or `DF_TEXTREL`; null where there is neither. */
  readonly textRelocations: string | null
  /** Names above that lie outside the string table and are left out of the lists. */
  readonly unreadNames: number
}

export type Binding = 'local' | 'global' | 'weak' | 'unique' | 'other'
export type Visibility = 'default' | 'internal' | 'hidden' | 'protected'

/** One version of a symbol, from DT_VERSYM and the list that it points into. */
export interface SymbolVersion {
  readonly name: string
  /** File that an imported symbol is wanted from, as in DT_NEEDED; null for a definition. */
  readonly library: string | null
  /** `foo@V` instead of `foo@@V`: musl and the static linker do not find it by its name alone. */
  readonly hidden: boolean
}

export interface ElfSymbol {
  readonly index: number
  readonly name: string
  readonly value: number
  readonly sizeBytes: number
  readonly binding: Binding
  /** STT_: 0 none, 1 object, 2 function, 3 section, 4 file, 5 common, 6 TLS, 10 GNU IFUNC. */
  readonly type: number
  readonly visibility: Visibility
  /** st_shndx, extended numbering resolved; 0 is undefined. */
  readonly section: number
  readonly defined: boolean
  readonly version: SymbolVersion | null
}

/** A set of names that can be looked for in a string table without making a string for each one that stands there. */
export interface NameMatcher {
  /** The name that stands at `offset`, ended by 0 before `end`; null if it is none of the set. */
  match(bytes: Uint8Array, offset: number): string | null
}

/** Names of a {@link NameMatcher} that a symbol table holds. */
export interface FoundNames {
  readonly undefined: ReadonlySet<string>
  readonly defined: ReadonlySet<string>
}

/** What told how many dynamic symbols there are: the file does not say it outright. */
export type CountOrigin = 'DT_GNU_HASH' | 'DT_HASH' | 'DT_MIPS_SYMTABNO' | 'section' | 'layout'

export interface SymbolTable {
  /** With the null symbol at index 0. */
  readonly count: number
  readonly countOrigin: CountOrigin
  /** DT_GNU_HASH holds the symbols from this index on, and the loader finds no other; null without that table. */
  readonly firstHashed: number | null
  /** Symbols whose name lies outside the string table. */
  readonly unreadNames: number
  /** Looks for some names only: costs no string a symbol. */
  find(names: NameMatcher): FoundNames
  /** Every symbol from index 1 on. */
  list(): readonly ElfSymbol[]
  /** Addresses of the functions that are defined: costs no object a symbol. */
  functions(): Iterable<number>
}

/** What relocates a file, summed up: the loader's verdict needs no places. */
export interface Relocations {
  /** Number of entries by type; RELR has no types. */
  readonly types: ReadonlyMap<number, number>
  /** Each pair of symbol and type once, for symbols other than 0, in the order of the tables. */
  readonly uses: readonly RelocationUse[]
  /** Words that DT_RELR relocates. */
  readonly relative: number
}

export interface RelocationUse {
  /** Index in the dynamic symbol table. */
  readonly symbol: number
  readonly type: number
  /** DT_MIPS_GOTSYM: the global offset table of mips is relocated without entries. */
  readonly table: 'DT_JMPREL' | 'DT_REL' | 'DT_RELA' | 'DT_MIPS_GOTSYM'
}

/** What the notes say; null or empty where there is no such note. */
export interface Notes {
  /** NT_GNU_BUILD_ID in hexadecimal. */
  readonly buildID: string | null
  /** The Go toolchain's own build id. */
  readonly goBuildID: string | null
  /** NT_GNU_ABI_TAG: the system and the oldest kernel. */
  readonly abiTag: {readonly system: string; readonly version: string} | null
  /** Bits of GNU_PROPERTY_*_FEATURE_1_AND; null where there is no such property. */
  readonly features: number | null
  /** Owners of all notes: `GNU`, `Go`, `stapsdt`, `FDO`. */
  readonly owners: ReadonlySet<string>
}

/**
 * What an ELF file says about itself. The fields are read at once; the functions read from the file when first called, so
 * that a scan pays for what it asks, and must be called while the file is there.
 */
export interface ElfFacts {
  /** Name of the file in messages. */
  readonly where: string
  readonly sizeBytes: number
  readonly header: ElfHeader
  readonly type: ElfType
  readonly segments: Part<readonly Segment[]>
  /** Path in PT_INTERP; null where there is none. */
  readonly interpreter: Part<string | null>
  /** null where there is no PT_DYNAMIC. */
  readonly dynamic: Part<Dynamic | null>
  /** Empty where there is no section table. */
  readonly sections: Part<readonly Section[]>
  /** What could not be read or contradicts itself; grows while more is read. */
  readonly warnings: readonly Warning[]
  notes(): Part<Notes>
  /** Strings of `.comment`: the compilers. */
  comments(): readonly string[]
  /** Dynamic symbols; null where there is no dynamic section. */
  symbols(): Part<SymbolTable | null>
  /** Symbols of `.symtab`; null where it was stripped. */
  staticSymbols(): Part<SymbolTable | null>
  relocations(): Part<Relocations>
  /** The first `mostBytes` of what is mapped as code; read anew with each call. */
  code(mostBytes: number): Part<Code>
  /** Code that unwind information describes, sorted and without overlaps; null where the file has no such information. */
  unwound(): Part<readonly AddressRange[] | null>
  /** Bytes that are mapped and not written to, to look for text in; bounded. */
  readOnlyData(): Part<readonly Uint8Array[]>
}

/** Addresses, the end not included. */
export interface AddressRange {
  readonly start: number
  readonly end: number
}

/** Machine code of a file. */
export interface Code {
  readonly pieces: readonly {readonly address: number; readonly bytes: Uint8Array}[]
  /** false where there is more. */
  readonly complete: boolean
}

/** What piton knows of a file's origin. */
export interface Origin {
  /** `c`, `c++`, `go`, `rust`, …; `unknown` where nothing told. */
  readonly language: string
  /** `GCC 13.2.1`, `clang 17.0.5`, `rustc 1.75.0`, each once; empty where the file does not say. */
  readonly compilers: readonly string[]
  readonly libc: Libc
}

/** The checks of one file. `yes` always means that the good thing is there. */
export interface Hardening {
  readonly pie: Check
  readonly stackProtector: Check
  readonly relro: Check<'none' | 'partial' | 'full'>
  readonly nx: Check
  readonly fortify: Check
  readonly runPath: Check
  readonly textRelocations: Check
  readonly writableExecutable: Check
  readonly controlFlow: Check
}
