import type {AddressRange, Code, ElfFacts} from '../../model/elf.js'
import {Machine} from '../machine.js'

/** The program's own code in a static file, as far as it can be told from that of libraries. */
export interface OwnCode {
  /** Pieces of functions, the surest first. */
  readonly pieces: Iterable<AddressRange>
  /** Hold all own code, and perhaps some of the libraries'. */
  readonly possible: readonly AddressRange[]
}

/** Bytes of the start code: crt1.o's `_start`, musl's `_start_c`. */
const startBytes = 64
/** Bytes of `__libc_start_main` that are searched for what it calls. */
const libraryStartBytes = 4096

/**
 * Tells a static x86-64 program's own code from its C library's. The start code names `main` and `__libc_start_main`.
 * Linkers lay out the objects in the order of the command line, and the compiler driver names the C library last, whose
 * start code is among its first members: what lies between the two is the program's. Optimised code has `main` before
 * the start code, in `.text.startup`.
 * @param onlyMain other libraries may stand between the two: only what is up to the end of `main` is told
 * @returns null where the start code is not of a form that is known
 */
export function ownCode({header}: ElfFacts, code: Code, onlyMain: boolean): OwnCode | null {
  if (header.machineCode !== Machine.x86_64) return null
  const text = code.pieces.find(({address, bytes}) => header.entry >= address && header.entry < address + bytes.length)
  if (text === undefined) return null
  const view = new TextView(text.address, text.bytes)
  // Where numbers are no longer exact, a step of one function's alignment leads nowhere; no program lies there.
  if (!Number.isSafeInteger(view.end)) return null
  const start = findStart(view, header.entry)
  if (start === null) return null
  const {main, libraryStart} = start
  const begin = header.entry + startBytes
  if (!(libraryStart > begin && main < libraryStart)) return null
  const end = firstReferenced(view, libraryStart, begin)
  const between = {start: begin, end}
  // Objects of the program come before any library: up to the end of main, all is own.
  if (main > header.entry) {
    const certain = {start: begin, end: Math.min(pieceEnd(view, main), end)}
    return {pieces: pieces(view, onlyMain ? certain : between), possible: [between]}
  }
  const first = {start: main, end: header.entry}
  const others = onlyMain ? [] : pieces(view, between)
  return {
    pieces: [{start: main, end: Math.min(pieceEnd(view, main), header.entry)}, ...others],
    possible: [first, between],
  }
}

/** Little-endian code of one section, by address. */
class TextView {
  readonly #start: number
  readonly #bytes: Uint8Array

  constructor(start: number, bytes: Uint8Array) {
    this.#start = start
    this.#bytes = bytes
  }

  get end(): number {
    return this.#start + this.#bytes.length
  }

  byte(address: number): number {
    return this.#bytes[address - this.#start] ?? 0
  }

  has(address: number): boolean {
    return address >= this.#start && address < this.end
  }

  /** A signed number of 4 bytes. */
  signed(address: number): number {
    const [a, b, c, d] = [0, 1, 2, 3].map(i => this.byte(address + i)) as [number, number, number, number]
    return a | (b << 8) | (c << 16) | (d << 24)
  }

  /** Where the call or jump with a 32-bit distance at `address` goes; null for another instruction. */
  branch(address: number): number | null {
    const opcode = this.byte(address)
    if (opcode !== 0xe8 && opcode !== 0xe9) return null
    const target = address + 5 + this.signed(address + 1)
    return this.has(target) ? target : null
  }
}

/** glibc's `_start` loads main into %rdi and calls `__libc_start_main`; musl's calls a C function that does. */
function findStart(view: TextView, entry: number): {readonly main: number; readonly libraryStart: number} | null {
  const direct = findMain(view, entry)
  if (direct !== null) return direct
  for (let at = entry; at < entry + startBytes; at++) {
    const target = view.branch(at)
    if (target !== null && target >= entry && target < entry + 2 * startBytes) return findMain(view, target)
  }
  return null
}

/** `mov $main, %rdi` or `lea main(%rip), %rdi`, and the call or jump behind it. */
function findMain(view: TextView, from: number): {readonly main: number; readonly libraryStart: number} | null {
  for (let at = from; at < from + startBytes; at++) {
    const opcode = (view.byte(at) << 16) | (view.byte(at + 1) << 8) | view.byte(at + 2)
    const main = opcode === 0x48c7c7 ? view.signed(at + 3) : opcode === 0x488d3d ? at + 7 + view.signed(at + 3) : null
    if (main === null || !view.has(main)) continue
    for (let after = at + 7; after < from + startBytes; after++) {
      const target = view.branch(after)
      if (target !== null) return {main, libraryStart: target}
    }
  }
  return null
}

/**
 * The C library's own functions before its `__libc_start_main`: the first that it calls, or that one of these calls.
 * @returns the lowest address in `begin` to `libraryStart` that is called from there on
 */
function firstReferenced(view: TextView, libraryStart: number, begin: number): number {
  let first = libraryStart
  let at = libraryStart
  let end = Math.min(view.end, libraryStart + libraryStartBytes)
  for (;;) {
    let lowest = first
    for (; at < end; at++) {
      const target = view.branch(at)
      if (target !== null && target >= begin && target < lowest) lowest = target
    }
    if (lowest === first) return first
    ;[first, at, end] = [lowest, lowest, first]
  }
}

function* pieces(view: TextView, {start, end}: AddressRange): Generator<AddressRange> {
  for (let at = start; at < end; ) {
    const next = Math.min(pieceEnd(view, at), end)
    yield {start: at, end: next}
    at = next
  }
}

/**
 * The end of the function at `start`, or a place before it: functions behind others begin at multiples of 16, and before
 * these stand a return, a jump, a call that does not return, or padding. Padding in the middle of a function looks alike.
 */
function pieceEnd(view: TextView, start: number): number {
  for (let next = start - (start % 16) + 16; next < view.end; next += 16) {
    const last = view.byte(next - 1)
    const ended = last === 0xc3 || last === 0x90 || last === 0xcc || last === 0xf4
    if (ended || view.branch(next - 5) !== null || view.byte(next - 2) === 0xeb || isLongNop(view, next)) return next
  }
  return view.end
}

/** `nopl` and `nopw`, with zero as operand, of 4 to 10 bytes before `address`. */
function isLongNop(view: TextView, address: number): boolean {
  if (view.byte(address - 1) !== 0) return false
  for (let at = address - 10; at <= address - 3; at++)
    if (view.byte(at) === 0x0f && view.byte(at + 1) === 0x1f) return true
  return false
}
