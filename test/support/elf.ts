import {type FramesSpec, writeFrames, writeFrameTable} from './eh-frame.js'
import {Writer} from './writer.js'

/** What {@link elfOf} builds; everything has a default, so that a case says only what it is about. */
export interface ElfSpec {
  readonly bits?: 32 | 64
  readonly little?: boolean
  readonly machine?: number
  /** e_type; default ET_DYN. */
  readonly type?: number
  readonly osabi?: number
  /** null: no PT_INTERP. */
  readonly interpreter?: string | null
  readonly needed?: readonly string[]
  readonly soname?: string
  readonly rpath?: string
  readonly runpath?: string
  /** DT_FLAGS_1; default DF_1_PIE where there is an interpreter. */
  readonly flags1?: number
  /** Further entries of the dynamic section; null: no PT_DYNAMIC. */
  readonly dynamic?: readonly (readonly [tag: number, value: number])[] | null
  readonly symbols?: readonly SymbolSpec[]
  /** Default both. */
  readonly hashes?: readonly ('gnu' | 'sysv')[]
  readonly versions?: VersionSpec
  readonly relocations?: readonly RelocationSpec[]
  /** Words of DT_RELR. */
  readonly relr?: readonly number[]
  /** Contents of PT_NOTE. */
  readonly notes?: Uint8Array
  readonly noteAlign?: number
  readonly code?: Uint8Array
  /** Where in the code e_entry points; default its first byte. */
  readonly entryOffset?: number
  /** Unwind information: `.eh_frame` and PT_GNU_EH_FRAME. */
  readonly frames?: FramesSpec
  /** Read-only data behind the code. */
  readonly text?: string
  /** Flags of the one PT_LOAD; default read and execute. */
  readonly loadFlags?: number
  /** Flags of PT_GNU_STACK; null: there is none. Default read and write. */
  readonly stackFlags?: number | null
  readonly relro?: boolean
  /** Default true: `.dynsym`, `.dynstr`, `.dynamic`, `.text`, `.comment`, `.shstrtab`. */
  readonly sections?: boolean
  readonly comment?: string
}

export interface SymbolSpec {
  readonly name: string
  /** Default: undefined. */
  readonly section?: number
  readonly value?: number
  /** st_info; default a global function. */
  readonly info?: number
  readonly other?: number
}

export interface VersionSpec {
  /** DT_VERSYM, by symbol, the null symbol included. */
  readonly indexes: readonly number[]
  readonly needed?: readonly {
    readonly library: string
    readonly versions: readonly (readonly [index: number, name: string])[]
  }[]
  readonly defined?: readonly (readonly [index: number, name: string])[]
}

export interface RelocationSpec {
  readonly table: 'rel' | 'rela' | 'jmprel'
  readonly symbol: number
  readonly type: number
}

export interface BuiltElf {
  readonly bytes: Uint8Array
  /** Offset of each part, which is also its address: `dynsym`, `dynstr`, `hash`, `gnuHash`, `dynamic`, `code`, `sections`, … */
  readonly at: ReadonlyMap<string, number>
  /** A copy with the bytes at the offset replaced. */
  with(offset: number, ...bytes: number[]): Uint8Array
}

/** Builds a small ELF file: one PT_LOAD over all of it, at address 0. */
export function elfOf(spec: ElfSpec = {}): BuiltElf {
  return new Builder(spec).build()
}

const segmentCount = 7

class Builder {
  readonly #spec: ElfSpec
  readonly #out: Writer
  readonly #at = new Map<string, number>()
  readonly #sizes = new Map<string, number>()
  readonly #strings = new Map<string, number>()
  readonly #stringBytes: number[] = [0]

  constructor(spec: ElfSpec) {
    this.#spec = spec
    this.#out = new Writer(spec.bits ?? 64, spec.little ?? true)
  }

  build(): BuiltElf {
    const {bits = 64, interpreter = '/lib/ld-musl-x86_64.so.1', symbols = [], dynamic = []} = this.#spec
    const headers = (bits === 64 ? 64 : 52) + segmentCount * (bits === 64 ? 56 : 32)
    this.#out.zeros(headers)
    if (interpreter !== null) this.#part('interp', () => this.#out.text(`${interpreter}\0`))
    this.#part('notes', () => this.#out.raw(this.#spec.notes ?? new Uint8Array(0)))
    const entries = dynamic === null ? [] : this.#tables(symbols)
    const code = this.#part('code', () => this.#out.raw(this.#spec.code ?? Uint8Array.of(0xc3)))
    if (this.#spec.frames !== undefined) this.#frames(this.#spec.frames, code)
    this.#part('text', () => this.#out.text(this.#spec.text ?? ''))
    if (dynamic !== null) {
      this.#part('dynamic', () => {
        for (const [tag, value] of [...entries, ...dynamic, [0, 0] as const]) this.#out.words(tag, value)
      })
    }
    const sections = this.#spec.sections === false ? null : this.#sections()
    const loaded = this.#out.length
    this.#programHeaders(loaded, interpreter !== null, dynamic !== null)
    this.#header(code + (this.#spec.entryOffset ?? 0), sections)
    return built(this.#out.bytes(), this.#at)
  }

  /** Symbols, strings, hash tables, versions and relocations, and the dynamic entries that name them. */
  #tables(symbols: readonly SymbolSpec[]): readonly (readonly [number, number])[] {
    const {
      needed = [],
      soname,
      rpath,
      runpath,
      hashes = ['gnu', 'sysv'],
      versions,
      relocations = [],
      relr = [],
    } = this.#spec
    const entries: [number, number][] = needed.map(name => [1, this.#string(name)])
    for (const [tag, name] of [
      [14, soname],
      [15, rpath],
      [29, runpath],
    ] as const) {
      if (name !== undefined) entries.push([tag, this.#string(name)])
    }
    entries.push([0x6ffffffb, this.#spec.flags1 ?? (this.#spec.interpreter === null ? 0 : 0x0800_0000)])
    for (const {name} of symbols) this.#string(name)
    for (const {library, versions: list} of versions?.needed ?? []) {
      for (const name of [library, ...list.map(([, name]) => name)]) this.#string(name)
    }
    for (const [, name] of versions?.defined ?? []) this.#string(name)

    entries.push([6, this.#part('dynsym', () => this.#symbols(symbols))])
    entries.push([5, this.#part('dynstr', () => this.#out.raw(Uint8Array.from(this.#stringBytes)))])
    entries.push([10, this.#stringBytes.length], [11, this.#out.bits === 64 ? 24 : 16])
    if (hashes.includes('sysv')) entries.push([4, this.#part('hash', () => this.#sysvHash(symbols))])
    if (hashes.includes('gnu')) entries.push([0x6ffffef5, this.#part('gnuHash', () => this.#gnuHash(symbols))])
    if (versions !== undefined) entries.push(...this.#versions(versions))
    entries.push(...this.#relocations(relocations))
    if (relr.length > 0) {
      entries.push([36, this.#part('relr', () => this.#out.words(...relr))], [35, this.#sizes.get('relr') ?? 0])
    }
    return entries
  }

  #symbols(symbols: readonly SymbolSpec[]): void {
    for (const {name, section = 0, value = 0, info = 0x12, other = 0} of [
      {name: '', info: 0},
      ...symbols,
    ] as SymbolSpec[]) {
      this.#out.number(this.#string(name), 4)
      if (this.#out.bits === 32) {
        this.#out.words(value, 0)
        this.#out.raw(Uint8Array.of(info, other))
        this.#out.number(section, 2)
      } else {
        this.#out.raw(Uint8Array.of(info, other))
        this.#out.number(section, 2)
        this.#out.words(value, 0)
      }
    }
  }

  #sysvHash(symbols: readonly SymbolSpec[]): void {
    const count = symbols.length + 1
    const width = this.#spec.machine === 22 && this.#out.bits === 64 ? 8 : 4
    // One bucket whose chain holds every symbol.
    for (const value of [1, count, symbols.length, ...Array.from({length: count}, (_, i) => Math.max(0, i - 1))]) {
      this.#out.number(value, width)
    }
  }

  /** Defined symbols have to be the last. */
  #gnuHash(symbols: readonly SymbolSpec[]): void {
    const defined = symbols.filter(({section = 0}) => section !== 0)
    const first = defined.length === 0 ? 1 : symbols.length + 1 - defined.length
    for (const value of [1, first, 1, 6]) this.#out.number(value, 4)
    // A Bloom filter that lets every name pass.
    for (let half = 0; half < this.#out.bits / 32; half++) this.#out.number(0xffff_ffff, 4)
    this.#out.number(defined.length === 0 ? 0 : first, 4)
    for (const [index, {name}] of defined.entries()) {
      const hash = [...Buffer.from(name)].reduce((hash, byte) => (Math.imul(hash, 33) + byte) >>> 0, 5381)
      this.#out.number(((hash & ~1) | (index === defined.length - 1 ? 1 : 0)) >>> 0, 4)
    }
  }

  #versions({indexes, needed = [], defined = []}: VersionSpec): readonly [number, number][] {
    const entries: [number, number][] = [
      [
        0x6ffffff0,
        this.#part('versym', () => {
          for (const index of indexes) this.#out.number(index, 2)
        }),
      ],
    ]
    if (needed.length > 0) {
      const at = this.#part('verneed', () => {
        for (const [i, {library, versions}] of needed.entries()) {
          this.#out.numbers([2, 1], [2, versions.length], [4, this.#string(library)], [4, 16])
          this.#out.number(i === needed.length - 1 ? 0 : 16 + 16 * versions.length, 4)
          for (const [j, [index, name]] of versions.entries()) {
            this.#out.numbers(
              [4, 0],
              [2, 0],
              [2, index],
              [4, this.#string(name)],
              [4, j === versions.length - 1 ? 0 : 16],
            )
          }
        }
      })
      entries.push([0x6ffffffe, at], [0x6fffffff, needed.length])
    }
    if (defined.length > 0) {
      const at = this.#part('verdef', () => {
        for (const [i, [index, name]] of defined.entries()) {
          this.#out.numbers([2, 1], [2, 0], [2, index], [2, 1], [4, 0], [4, 20], [4, i === defined.length - 1 ? 0 : 28])
          this.#out.numbers([4, this.#string(name)], [4, 0])
        }
      })
      entries.push([0x6ffffffc, at], [0x6ffffffd, defined.length])
    }
    return entries
  }

  #relocations(relocations: readonly RelocationSpec[]): readonly [number, number][] {
    const tags = {rel: [17, 18], rela: [7, 8], jmprel: [23, 2]} as const
    return (['rel', 'rela', 'jmprel'] as const).flatMap((table): [number, number][] => {
      const own = relocations.filter(relocation => relocation.table === table)
      if (own.length === 0) return []
      const at = this.#part(table, () => {
        for (const {symbol, type} of own) {
          this.#out.words(0)
          this.#relocationInfo(symbol, type)
          if (table !== 'rel') this.#out.words(0)
        }
      })
      const kind: [number, number][] = table === 'jmprel' ? [[20, 7]] : []
      return [[tags[table][0], at], [tags[table][1], this.#sizes.get(table) ?? 0], ...kind]
    })
  }

  #relocationInfo(symbol: number, type: number): void {
    if (this.#out.bits === 32) this.#out.number(symbol * 256 + type, 4)
    else if (this.#spec.machine === 8) {
      this.#out.number(symbol, 4)
      this.#out.raw(Uint8Array.of(0, type >> 16, type >> 8, type))
    } else this.#out.number(symbol * 2 ** 32 + type, 8)
  }

  #frames(spec: FramesSpec, code: number): void {
    let fdes: readonly number[] = []
    const frames = this.#part('ehFrame', () => {
      fdes = writeFrames(this.#out, spec, code)
    })
    if (spec.table !== 'none') this.#part('ehFrameHdr', () => writeFrameTable(this.#out, spec, frames, fdes))
  }

  #programHeaders(loaded: number, interpreted: boolean, dynamic: boolean): void {
    const {loadFlags = 5, stackFlags = 6, relro = true, noteAlign = 4} = this.#spec
    const place = (name: string) => [this.#at.get(name) ?? 0, this.#sizes.get(name) ?? 0] as const
    const segments: (readonly [type: number, flags: number, offset: number, size: number, align: number])[] = []
    if (interpreted) segments.push([3, 4, ...place('interp'), 1])
    segments.push([1, loadFlags, 0, loaded, 4096])
    if (dynamic) segments.push([2, 6, ...place('dynamic'), 8])
    if (this.#spec.notes !== undefined) segments.push([4, 4, ...place('notes'), noteAlign])
    if (this.#at.has('ehFrameHdr')) segments.push([0x6474e550, 4, ...place('ehFrameHdr'), 4])
    if (stackFlags !== null) segments.push([0x6474e551, stackFlags, 0, 0, 16])
    if (relro && dynamic) segments.push([0x6474e552, 4, ...place('dynamic'), 1])
    this.#at.set('phdr', this.#out.bits === 64 ? 64 : 52)
    this.#sizes.set('phdr', segments.length)
    const table = new Writer(this.#out.bits, this.#out.little)
    for (const [type, flags, offset, size, align] of segments) {
      table.number(type, 4)
      if (table.bits === 64) table.number(flags, 4)
      table.words(offset, offset, offset, size, size)
      if (table.bits === 32) table.number(flags, 4)
      table.words(align)
    }
    this.#out.overwrite(this.#at.get('phdr') ?? 0, table.bytes())
  }

  /** Offset and number of the section headers. */
  #sections(): readonly [offset: number, count: number] {
    const comment = this.#part('comment', () => this.#out.text(this.#spec.comment ?? ''))
    const word = this.#out.bits / 8
    const rows: (readonly [name: string, type: number, flags: number, part: string, link: number, entry: number])[] = [
      ['', 0, 0, '', 0, 0],
      ['.dynsym', 11, 2, 'dynsym', 2, this.#out.bits === 64 ? 24 : 16],
      ['.dynstr', 3, 2, 'dynstr', 0, 0],
      ['.dynamic', 6, 3, 'dynamic', 2, 2 * word],
      ['.text', 1, 6, 'code', 0, 0],
      ['.comment', 1, 0x30, 'comment', 0, 1],
      ...(this.#at.has('ehFrame') ? [['.eh_frame', 1, 2, 'ehFrame', 0, 0] as const] : []),
      ['.shstrtab', 3, 0, 'shstrtab', 0, 0],
    ]
    const names = rows.map(([name]) => `${name}\0`)
    this.#part('shstrtab', () => this.#out.text(names.join('')))
    const offset = this.#part('sections', () => {
      let nameAt = 0
      for (const [index, [, type, flags, part, link, entry]] of rows.entries()) {
        const at = this.#at.get(part) ?? 0
        this.#out.numbers([4, nameAt], [4, type])
        this.#out.words(flags, flags & 2 ? at : 0, at, this.#sizes.get(part) ?? 0)
        this.#out.numbers([4, link], [4, 0])
        this.#out.words(1, entry)
        nameAt += names[index]?.length ?? 0
      }
    })
    return [offset, comment === -1 ? 0 : rows.length]
  }

  #header(entry: number, sections: readonly [offset: number, count: number] | null): void {
    const {type = 3, machine = 62, osabi = 0} = this.#spec
    const head = new Writer(this.#out.bits, this.#out.little)
    const wide = head.bits === 64
    head.raw(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, head.little ? 1 : 2, 1, osabi, 0, 0, 0, 0, 0, 0, 0, 0))
    head.numbers([2, type], [2, machine], [4, 1])
    head.words(entry, this.#at.get('phdr') ?? 0, sections?.[0] ?? 0)
    head.numbers([4, 0], [2, wide ? 64 : 52], [2, wide ? 56 : 32], [2, this.#sizes.get('phdr') ?? 0])
    head.numbers([2, wide ? 64 : 40], [2, sections?.[1] ?? 0], [2, Math.max(0, (sections?.[1] ?? 0) - 1)])
    this.#out.overwrite(0, head.bytes())
  }

  #string(text: string): number {
    if (text === '') return 0
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    const at = this.#stringBytes.length
    for (const byte of [...Buffer.from(text), 0]) this.#stringBytes.push(byte)
    this.#strings.set(text, at)
    return at
  }

  /** Writes a part at a multiple of 8; its offset. */
  #part(name: string, write: () => void): number {
    this.#out.zeros(-this.#out.length & 7)
    const at = this.#out.length
    write()
    this.#at.set(name, at)
    this.#sizes.set(name, this.#out.length - at)
    return at
  }
}

function built(bytes: Uint8Array, at: ReadonlyMap<string, number>): BuiltElf {
  return {
    bytes,
    at,
    with(offset, ...changed) {
      const copy = bytes.slice()
      copy.set(changed, offset)
      return copy
    },
  }
}

/** One note, padded to 4 bytes. */
export function noteOf(owner: string, type: number, description: readonly number[], little = true): Uint8Array {
  const out = new Writer(32, little)
  out.numbers([4, owner.length + 1], [4, description.length], [4, type])
  out.text(`${owner}\0`)
  out.zeros(-out.length & 3)
  out.raw(Uint8Array.from(description))
  out.zeros(-out.length & 3)
  return out.bytes()
}
