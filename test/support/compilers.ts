import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

/** A C compiler that makes programs for one architecture and C library. */
export interface Compiler {
  readonly command: string
  readonly machine: string
  readonly libc: 'glibc' | 'musl'
  /** Prefix of strip and objcopy. */
  readonly tools: string
}

const cross = (machine: string, triple: string): Compiler => ({
  command: `${triple}-gcc`,
  machine,
  libc: 'glibc',
  tools: `${triple}-`,
})

const compilers: readonly Compiler[] = [
  {command: 'gcc', machine: 'x86_64', libc: 'glibc', tools: ''},
  {command: 'musl-gcc', machine: 'x86_64', libc: 'musl', tools: ''},
  cross('i386', 'i686-linux-gnu'),
  cross('aarch64', 'aarch64-linux-gnu'),
  cross('arm', 'arm-linux-gnueabihf'),
  cross('riscv64', 'riscv64-linux-gnu'),
  cross('ppc64le', 'powerpc64le-linux-gnu'),
  cross('s390x', 's390x-linux-gnu'),
]

/** A folder that is gone after the tests. */
export class Workbench {
  readonly #folder = mkdtempSync(join(tmpdir(), 'piton-elf-'))
  #count = 0

  /** The compilers of this machine that can link a program. */
  compilers(): readonly Compiler[] {
    return compilers.filter(compiler => this.compile(compiler, 'int main(void) { return 0; }', []) !== null)
  }

  /** The program, as bytes; null where the compiler is not there or refuses. */
  compile({command}: Compiler, source: string, flags: readonly string[]): Uint8Array | null {
    const name = join(this.#folder, `${this.#count++}`)
    writeFileSync(`${name}.c`, source)
    const {status} = spawnSync(command, ['-w', ...flags, `${name}.c`, '-o', name], {encoding: 'utf8'})
    return status === 0 ? readFileSync(name) : null
  }

  strip({tools}: Compiler, program: Uint8Array): Uint8Array {
    const name = this.write(program)
    const {status} = spawnSync(`${tools}strip`, [name])
    if (status !== 0) throw new Error(`${tools}strip failed`)
    return readFileSync(name)
  }

  /** The path of a file with this program. */
  write(program: Uint8Array): string {
    const name = join(this.#folder, `${this.#count++}`)
    writeFileSync(name, program)
    return name
  }

  clean(): void {
    rmSync(this.#folder, {recursive: true})
  }
}

/** `program`, little-endian or not, whose PT_GNU_EH_FRAME is PT_NULL. */
export function withoutFrameTable(program: Uint8Array): Uint8Array {
  const copy = Buffer.from(program)
  const [wide, little] = [copy[4] === 2, copy[5] === 1]
  const half = (at: number) => (little ? copy.readUInt16LE(at) : copy.readUInt16BE(at))
  const start = wide ? 64 : 52
  for (let index = 0; index < half(wide ? 56 : 44); index++) {
    const at = start + index * (wide ? 56 : 32)
    if ((little ? copy.readUInt32LE(at) : copy.readUInt32BE(at)) === 0x6474e550) copy.fill(0, at, at + 4)
  }
  return copy
}

/** `program` with a header that knows of no sections, as `sstrip` leaves it. */
export function withoutSections(program: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(program) // a Buffer's slice is the same bytes
  const wide = copy[4] === 2
  copy.fill(0, wide ? 40 : 32, wide ? 48 : 36) // e_shoff
  copy.fill(0, wide ? 60 : 48, wide ? 64 : 52) // e_shnum, e_shstrndx
  return copy
}
