/** Names by number, as the psABIs have them: of what toolchains put into programs and libraries. */
const names: ReadonlyMap<string, readonly [prefix: string, names: string]> = new Map([
  [
    'x86_64',
    [
      'R_X86_64_',
      `0 NONE 1 64 2 PC32 3 GOT32 4 PLT32 5 COPY 6 GLOB_DAT 7 JUMP_SLOT 8 RELATIVE 9 GOTPCREL 10 32 11 32S 12 16 13 PC16 14 8
      15 PC8 16 DTPMOD64 17 DTPOFF64 18 TPOFF64 19 TLSGD 20 TLSLD 21 DTPOFF32 22 GOTTPOFF 23 TPOFF32 24 PC64 25 GOTOFF64
      32 SIZE32 33 SIZE64 36 TLSDESC 37 IRELATIVE 38 RELATIVE64`,
    ],
  ],
  [
    'i386',
    [
      'R_386_',
      `0 NONE 1 32 2 PC32 3 GOT32 4 PLT32 5 COPY 6 GLOB_DAT 7 JUMP_SLOT 8 RELATIVE 9 GOTOFF 10 GOTPC 14 TLS_TPOFF 20 16 21 PC16
      22 8 23 PC8 35 TLS_DTPMOD32 36 TLS_DTPOFF32 37 TLS_TPOFF32 38 SIZE32 41 TLS_DESC 42 IRELATIVE`,
    ],
  ],
  [
    'aarch64',
    [
      'R_AARCH64_',
      `0 NONE 256 NONE 257 ABS64 258 ABS32 259 ABS16 260 PREL64 261 PREL32 262 PREL16 1024 COPY 1025 GLOB_DAT 1026 JUMP_SLOT
      1027 RELATIVE 1028 TLS_DTPMOD 1029 TLS_DTPREL 1030 TLS_TPREL 1031 TLSDESC 1032 IRELATIVE`,
    ],
  ],
  [
    'arm',
    [
      'R_ARM_',
      `0 NONE 1 PC24 2 ABS32 3 REL32 13 TLS_DESC 17 TLS_DTPMOD32 18 TLS_DTPOFF32 19 TLS_TPOFF32 20 COPY 21 GLOB_DAT
      22 JUMP_SLOT 23 RELATIVE 160 IRELATIVE`,
    ],
  ],
  [
    'riscv64',
    [
      'R_RISCV_',
      `0 NONE 1 32 2 64 3 RELATIVE 4 COPY 5 JUMP_SLOT 6 TLS_DTPMOD32 7 TLS_DTPMOD64 8 TLS_DTPREL32 9 TLS_DTPREL64
      10 TLS_TPREL32 11 TLS_TPREL64 12 TLSDESC 58 IRELATIVE`,
    ],
  ],
  [
    's390x',
    [
      'R_390_',
      `0 NONE 4 32 5 PC32 9 COPY 10 GLOB_DAT 11 JMP_SLOT 12 RELATIVE 22 64 23 PC64 54 TLS_DTPMOD 55 TLS_DTPOFF 56 TLS_TPOFF
      61 IRELATIVE`,
    ],
  ],
  [
    'ppc64le',
    [
      'R_PPC64_',
      `0 NONE 1 ADDR32 19 COPY 20 GLOB_DAT 21 JMP_SLOT 22 RELATIVE 26 REL32 38 ADDR64 43 UADDR64 44 REL64 68 DTPMOD64
      73 TPREL64 78 DTPREL64 247 JMP_IREL 248 IRELATIVE`,
    ],
  ],
  [
    'loongarch64',
    [
      'R_LARCH_',
      `0 NONE 1 32 2 64 3 RELATIVE 4 COPY 5 JUMP_SLOT 6 TLS_DTPMOD32 7 TLS_DTPMOD64 8 TLS_DTPREL32 9 TLS_DTPREL64
      10 TLS_TPREL32 11 TLS_TPREL64 12 IRELATIVE 13 TLS_DESC32 14 TLS_DESC64`,
    ],
  ],
])

/** `R_X86_64_IRELATIVE`; `R_X86_64_99` for a number without a name. */
export function relocationName(machine: string, type: number): string {
  const [prefix, list] = names.get(machine) ?? [`R_${machine.toUpperCase()}_`, '']
  const words = list.split(/\s+/)
  const at = words.findIndex((word, index) => index % 2 === 0 && word === String(type))
  return `${prefix}${at === -1 ? type : words[at + 1]}`
}
