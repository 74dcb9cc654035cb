/**
 * What piton recognises in the machine code of one architecture. Both searches look for instructions that compilers have
 * emitted for the same purpose for twenty years; they do not disassemble.
 */
export interface MachineCode {
  /**
   * Is the guard at a fixed place of the thread's block, so that code which reads it is told for sure? Where the guard is
   * a global variable, only the sequence that GCC ends a function with is known, and its absence says nothing.
   */
  readonly fixedGuard: boolean
  /** Offset of the first instruction, from `from` on, that reads or compares the stack guard; -1 if there is none. */
  findGuard(code: CodeBytes, from?: number): number
  /**
   * Offset of the first instruction, from `from` on, that makes the address of a stack variable: a function with one has
   * something that a protector would protect. -1 if there is none.
   */
  findStackAddress(code: CodeBytes, from?: number): number
}

/** Machine code of one piece of a file. */
export interface CodeBytes {
  readonly bytes: Uint8Array
  readonly little: boolean
}

/** For machines whose instructions are all 4 bytes: the offset of the first, from `from` on, that `is` accepts, or -1. */
export function findWord({bytes, little}: CodeBytes, from: number, is: (word: number, at: number) => boolean): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = (from + 3) & ~3; at + 4 <= bytes.length; at += 4) if (is(view.getUint32(at, little), at)) return at
  return -1
}

/** The 4 bytes at `at`, 0 outside: no instruction that is looked for is 0. */
export function wordAt(code: CodeBytes, at: number): number {
  const [first, second] = [halfAt(code, at), halfAt(code, at + 2)]
  return (code.little ? first | (second << 16) : second | (first << 16)) >>> 0
}

/** The 2 bytes at `at`, 0 outside. */
export function halfAt({bytes, little}: CodeBytes, at: number): number {
  const first = bytes[at] ?? 0
  const second = bytes[at + 1] ?? 0
  return little ? first | (second << 8) : second | (first << 8)
}

/** Does `word` have the bits `value` where `mask` has ones? */
export function matches(word: number, mask: number, value: number): boolean {
  return (word & mask) >>> 0 === value
}

/** Bytes before and behind an address of a slot in which the slot may have been filled. */
const fillReach = {before: 256, behind: 32} as const

/**
 * Was an argument put into the slot whose address is made at `at`? GCC protects local variables, but no parameter whose
 * address is taken: `main` of perl hands on those of its own, and needs no guard.
 * @param stores does the instruction at an offset put an argument into that slot?
 */
export function holdsArgument(
  code: CodeBytes,
  at: number,
  stepBytes: number,
  stores: (at: number) => boolean,
): boolean {
  const before = Math.min(fillReach.before, at)
  const end = Math.min(at + fillReach.behind, code.bytes.length)
  for (let place = at - (before - (before % stepBytes)); place < end; place += stepBytes) {
    if (stores(place)) return true
  }
  return false
}

/** Bytes of a function, from where it makes its frame, in which the frame register is taken for one. */
const frameReach = 1024

/**
 * Where a frame was last made, while code is searched from its beginning to its end. Code that keeps no frame has other
 * things in that register, and addresses relative to it are of no stack variables.
 */
export class Frame {
  #madeAt = Number.NEGATIVE_INFINITY
  /** Its bytes, where the architecture's instruction says so. */
  sizeBytes = 0

  make(at: number, sizeBytes = 0): void {
    this.#madeAt = at
    this.sizeBytes = sizeBytes
  }

  /** It is taken down. Code behind an early return is not seen to have it any more. */
  end(): void {
    this.#madeAt = Number.NEGATIVE_INFINITY
  }

  holds(at: number): boolean {
    return at - this.#madeAt < frameReach
  }
}
