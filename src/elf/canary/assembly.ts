import {type AddressRange, type Code, type ElfFacts, isUnreadable} from '../../model/elf.js'

/** However a program is compiled, unwind information describes some of its start files: on aarch64 some 256 bytes. */
const startFileBytes = 512

/** `_start`, where a program exports it. */
const startBytes = 64

/**
 * Tells hand-written assembly, which no option protects, from what a compiler made. Compilers write unwind information for
 * every function, unless they are told not to; an assembler writes none, unless it is told to. So code without it is
 * assembly in a file whose compiler wrote some. That is read when the first place is asked for.
 */
export class Assembly {
  /** Why the first place that was asked for is no evidence; null where all were. */
  doubt: string | null = null
  readonly #elf: ElfFacts
  readonly #code: Code
  readonly #own: readonly AddressRange[] | null
  #next: ((address: number) => number) | null = null
  #unreadable: string | null = null

  /** @param own where the file's own code is; null for everywhere */
  constructor(elf: ElfFacts, code: Code, own: readonly AddressRange[] | null = null) {
    this.#elf = elf
    this.#code = code
    this.#own = own
  }

  /** The first address, from this one on, whose code may be what a compiler made; infinite where none is. */
  nextCompiled(address: number): number {
    this.#next ??= this.#read()
    const next = this.#next(address)
    if (next !== address) this.doubt ??= this.#unreadable ?? handWritten(address)
    return next
  }

  #read(): (address: number) => number {
    const ranges = this.#elf.unwound()
    if (isUnreadable(ranges)) {
      this.#unreadable = ranges.unreadable
      return () => Number.POSITIVE_INFINITY
    }
    const unwound = new RangeSet(ranges ?? [])
    const isTold = this.#exportsSome(unwound) || this.#isMost(unwound)
    return address => (isTold ? unwound.next(address) : address)
  }

  /** Functions of start files and of the compiler's own library are not exported: these are the file's own. */
  #exportsSome(unwound: RangeSet): boolean {
    const {entry} = this.#elf.header
    const symbols = this.#elf.symbols()
    if (isUnreadable(symbols) || symbols === null) return false
    for (const address of symbols.functions()) {
      const isStart = address >= entry && address < entry + startBytes
      if (!isStart && unwound.has(address)) return true
    }
    return false
  }

  /** The compiler's own library has it too, but is a small part of a program that was compiled without. */
  #isMost(unwound: RangeSet): boolean {
    let [all, described] = [0, 0]
    for (const {address, bytes} of this.#code.pieces) {
      const end = address + bytes.length
      for (const own of this.#own ?? [{start: address, end}]) {
        const range = {start: Math.max(address, own.start), end: Math.min(end, own.end)}
        if (range.end <= range.start) continue
        all += range.end - range.start
        described += unwound.bytesIn(range)
      }
    }
    return described > startFileBytes && described * 2 >= all
  }
}

function handWritten(address: number): string {
  const place = `0x${address.toString(16)}`
  return `only code without unwind information, as at ${place}, takes the address of a stack variable: assembly, which no compiler protects`
}

/** Ranges that are sorted and do not overlap. */
class RangeSet {
  readonly #ranges: readonly AddressRange[]
  /** Bytes of all ranges before each one. */
  readonly #before: number[] = []

  constructor(ranges: readonly AddressRange[]) {
    this.#ranges = ranges
    let bytes = 0
    for (const {start, end} of ranges) {
      this.#before.push(bytes)
      bytes += end - start
    }
  }

  has(address: number): boolean {
    return this.next(address) === address
  }

  /** The first address of a range, from this one on. */
  next(address: number): number {
    const index = this.#lastAt(address)
    if (address < (this.#ranges[index]?.end ?? 0)) return address
    return this.#ranges[index + 1]?.start ?? Number.POSITIVE_INFINITY
  }

  bytesIn({start, end}: AddressRange): number {
    return this.#bytesBefore(end) - this.#bytesBefore(start)
  }

  #bytesBefore(address: number): number {
    const index = this.#lastAt(address)
    const range = this.#ranges[index]
    return range === undefined ? 0 : (this.#before[index] ?? 0) + Math.min(address, range.end) - range.start
  }

  /** Index of the last range that begins at `address` or before it; -1 if none does. */
  #lastAt(address: number): number {
    let [low, high] = [0, this.#ranges.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ranges[middle]?.start ?? 0) <= address) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
