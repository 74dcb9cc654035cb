/** `e_machine` of the System V ABI, as far as piton treats one in its own way. */
export const Machine = {
  i386: 3,
  mips: 8,
  ppc: 20,
  ppc64: 21,
  s390: 22,
  arm: 40,
  x86_64: 62,
  aarch64: 183,
  riscv: 243,
  loongarch: 258,
} as const

/** The name by e_machine alone; class and byte order refine it in {@link machineName}. */
const names: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [2, 'sparc'],
  [Machine.i386, 'i386'],
  [4, 'm68k'],
  [Machine.mips, 'mips'],
  [15, 'hppa'],
  [18, 'sparc32plus'],
  [Machine.ppc, 'ppc'],
  [Machine.ppc64, 'ppc64'],
  [Machine.s390, 's390'],
  [Machine.arm, 'arm'],
  [42, 'sh'],
  [43, 'sparc64'],
  [50, 'ia64'],
  [Machine.x86_64, 'x86_64'],
  [92, 'or1k'],
  [93, 'arc'],
  [94, 'xtensa'],
  [Machine.aarch64, 'aarch64'],
  [189, 'microblaze'],
  [195, 'arcv2'],
  [Machine.riscv, 'riscv'],
  [247, 'bpf'],
  [252, 'csky'],
  [Machine.loongarch, 'loongarch'],
  [0x9026, 'alpha'],
])

/** `x86_64`, `ppc64le`, `mips64el`: the name that the toolchains use; `0xfeed` for a machine without one. */
export function machineName(code: number, bits: 32 | 64, little: boolean): string {
  const name = names.get(code)
  switch (code) {
    case Machine.x86_64:
      return bits === 32 ? 'x32' : 'x86_64'
    case Machine.s390:
      return bits === 64 ? 's390x' : 's390'
    case Machine.riscv:
    case Machine.loongarch:
      return `${name}${bits}`
    case Machine.mips:
      return `mips${bits === 64 ? '64' : ''}${little ? 'el' : ''}`
    case Machine.ppc:
    case Machine.ppc64:
      return little ? `${name}le` : `${name}`
    case Machine.aarch64:
    case Machine.arm:
      return little ? `${name}` : `${name}${code === Machine.aarch64 ? '_be' : 'eb'}`
    default:
      return name ?? `0x${code.toString(16)}`
  }
}
