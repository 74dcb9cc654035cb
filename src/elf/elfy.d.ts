/** What piton uses of elfy 1.0.0, which ships no types. */
declare module 'elfy' {
  /** `undefined` where elfy's tables do not know the value. */
  type Named = string | undefined

  interface ElfyHeader {
    readonly class: '32' | '64'
    readonly endian: 'lsb' | 'msb'
    readonly type: Named
    readonly machine: Named
    readonly version: number
    readonly entry: number
    readonly phoff: number
    readonly shoff: number
    readonly flags: number
    readonly ehsize: number
    readonly phentsize: number
    readonly phnum: number
    readonly shentsize: number
    readonly shnum: number
    readonly shstrndx: number
  }

  interface ElfyProgram {
    readonly type: Named
    readonly offset: number
    readonly vaddr: number
    readonly paddr: number
    readonly filesz: number
    readonly memsz: number
    readonly flags: Readonly<Record<string, true>>
    readonly align: number
    readonly data: Buffer
  }

  class Parser {
    /** Of the methods below only {@link parseHeader} needs no byte order: it sets it. */
    setEndian(endian: 'lsb' | 'msb'): void
    /** @throws {Error} for an unknown class or byte order, {RangeError} where the buffer is too short */
    parseHeader(buffer: Buffer): ElfyHeader
    /** @param file what `data` is cut from */
    parseProgram(entry: Buffer, header: {readonly class: '32' | '64'}, file: Buffer): ElfyProgram
  }

  const elfy: {readonly Parser: typeof Parser}
  export default elfy
}
